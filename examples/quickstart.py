"""Train an AEGAN on images, look at it, save it and load it again.

    python examples/quickstart.py
    python examples/quickstart.py --data fashion_mnist --backend torch
    python examples/quickstart.py --data path/to/a/folder/of/images

Needs keras_aegan[plot], a backend (JAX, TensorFlow or PyTorch) and, for the
digits, scikit-learn. Pictures and the model appear in the folder `quickstart`.
"""

import argparse
import importlib.util
import math
import os
import pathlib

import load_data
import numpy as np

BACKENDS = ("jax", "tensorflow", "torch")
BATCH_SIZE = 64
STEPS = 4000
PICTURES = 20


def main(argv=None):
    parser, args = parse(argv)
    os.environ["KERAS_BACKEND"] = args.backend
    try:
        x_train, x_test = load_data.load(args.data)
    except ValueError as error:
        parser.error(str(error))
    output = pathlib.Path(args.output)
    model = train(x_train, x_test, output, args.epochs, args.seed)
    report(model, x_test)
    save_and_load(model, x_test, output / "aegan.keras")


def parse(argv):
    """The parser, for its errors, and the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__.splitlines()[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    names = ", ".join(load_data.NAMES)
    parser.add_argument(
        "--data",
        default="digits",
        help=f"{names}; or the path of an .npz file, an IDX file or a folder",
    )
    parser.add_argument("--backend", choices=BACKENDS, help="...")

"""Options that all guides take: `--backend`, `--quick` and `--output`."""

import argparse
import os
import pathlib
import tempfile

BACKENDS = ("jax", "tensorflow", "torch")


def read():
    """The options of the command line; sets the backend before Keras sees it.

    Returns:
        Namespace with `quick`, whether to train for a moment only, and
        `output`, the path of a folder for pictures and files, which exists.
    """
    parser = argparse.ArgumentParser()
    add = parser.add_argument
    backend = os.environ.get("KERAS_BACKEND", BACKENDS[0])
    add("--backend", choices=BACKENDS, default=backend)
    add("--quick", action="store_true", help="train for a moment only")
    add("--data", help="a file or folder of your own, where a guide takes one")
    add("--output", type=pathlib.Path, help="a folder for pictures and files")
    # Notebooks have options of their own.
    options, _ = parser.parse_known_args()
    os.environ["KERAS_BACKEND"] = options.backend
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    options.output = options.output or pathlib.Path(tempfile.mkdtemp())
    options.output.mkdir(parents=True, exist_ok=True)
    return options

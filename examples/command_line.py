"""What the example programs share: options, errors, files, a training."""

import argparse
import contextlib
import importlib.util
import math
import os
import pathlib
import sys

import numpy as np

BACKENDS = ("jax", "tensorflow", "torch")
BATCH_SIZE = 64
_LINES = 10  # Of a training's progress.


def new_parser(description, output):
    """A parser with the options that all programs have.

    Args:
        description: String, the text above the options of `--help`.
        output: String, the folder that files are written to by default.
    """
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        description=description, formatter_class=form
    )
    add = parser.add_argument
    add("--backend", choices=BACKENDS, default=default_backend())
    add("--output", type=pathlib.Path, default=output, help="a folder")
    add("--seed", type=seed, default=0)
    return parser


def parse(parser, argv=None):
    """The options, by default of the command line, and the backend set."""
    args = parser.parse_args(argv)
    if args.backend not in filter(importlib.util.find_spec, BACKENDS):
        parser.error(f"{args.backend} is not among {BACKENDS} or not installed")
    os.environ["KERAS_BACKEND"] = args.backend  # Before Keras is imported.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    return args


def default_backend():
    """The backend of the environment, or else the first that is installed."""
    installed = filter(importlib.util.find_spec, BACKENDS)
    return os.environ.get("KERAS_BACKEND") or next(installed, BACKENDS[0])


def python():
    """What starts this Python again: that of an environment in this folder."""
    path, here = pathlib.Path(sys.executable), pathlib.Path.cwd()
    return path.relative_to(here) if here in path.parents else path.name


@contextlib.contextmanager
def one_sentence(parser):
    """A context in which data or options that do not fit end the program."""
    try:
        yield
    except (ImportError, OSError, ValueError) as error:
        text = " ".join(str(error).split())
        # Where the package imports something, its error says how to install it.
        if isinstance(error, ModuleNotFoundError):
            text += ': `pip install "keras_aegan[data,plot]" scikit-learn`'
        parser.error(text)


# === Types of options ===


def positive(text):
    if int(text) < 1:
        raise ValueError(f"Expected at least 1. Received: {text}")
    return int(text)


def seed(text):
    if not 0 <= int(text) < 2**32:
        raise ValueError(f"Expected an integer in [0, 2^32). Received: {text}")
    return int(text)


def existing(text):
    if not os.path.exists(text):
        raise argparse.ArgumentTypeError(f"there is no file or folder {text!r}")
    return pathlib.Path(text)


# === Files and training ===


def read_frame(path):
    """A CSV or parquet file as a frame of pandas.

    Raises:
        ValueError: if it is neither.
    """
    import pandas

    is_parquet = path.suffix.lower() in (".parquet", ".pq")
    try:
        return (pandas.read_parquet if is_parquet else pandas.read_csv)(path)
    except ValueError as error:
        expected = "The data must be a CSV or parquet file"
        raise ValueError(
            f"{expected}. Received: {str(path)!r} ({error})"
        ) from error


def fit(model, x, steps, labels=None, **options):
    """Train for at least some steps, with a line about every tenth of them.

    In a terminal the line is a bar that moves. `options` are those of `fit`.
    """
    # An epoch of few samples would be a line about next to nothing.
    times = math.ceil(steps * BATCH_SIZE / _LINES / len(x))
    rows = np.tile(np.arange(len(x)), times)
    epochs = math.ceil(steps * BATCH_SIZE / len(rows))
    y = None if labels is None else labels[rows]
    print(
        f"{len(x)} samples, {steps} steps on {os.environ['KERAS_BACKEND']}. "
        "The first step is compiled, which takes a while."
    )
    options = {"verbose": 1 if sys.stdout.isatty() else 2, **options}
    model.fit(x[rows], y, batch_size=BATCH_SIZE, epochs=epochs, **options)


def save(model, transformation, output):
    """Write both to a folder."""
    paths = output / "model.keras", output / "data.json"
    model.save(paths[0])
    transformation.save(paths[1])
    print(f"Model: {paths[0]}, {type(transformation).__name__}: {paths[1]}")

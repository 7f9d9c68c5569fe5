"""Data of the benchmarks: scikit-learn's digits, IDX files, an `.npz` file."""

import gzip
import pathlib
import sys
from typing import NamedTuple

import numpy as np

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "examples"))

from load_data import load  # noqa: E402


class Data(NamedTuple):
    """Images in [-1, 1] and their labels."""

    x_train: np.ndarray
    y_train: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def load_data(source, enlarge=1):
    """Data by its name, or from files.

    Args:
        source: `"digits"`; the path of a folder with the four IDX files of
            MNIST or Fashion-MNIST; or that of an `.npz` file with arrays
            `x_train`, `y_train`, `x_test` and `y_test`, or `x` and `y`. Where
            there are no test images, every tenth image is one. Transparent
            images are laid on white.
        enlarge: Positive integer, how often each pixel is repeated along each
            axis.

    Returns:
        A `Data`.
    """
    path = pathlib.Path(source)
    if source == "digits":
        from sklearn.datasets import load_digits

        found = load_digits()
        data = split(found.images[..., None] / 8 - 1, found.target)
    elif path.is_dir():
        data = Data(
            images(path / "train-images-idx3-ubyte.gz"),
            labels(path / "train-labels-idx1-ubyte.gz"),
            images(path / "t10k-images-idx3-ubyte.gz"),
            labels(path / "t10k-labels-idx1-ubyte.gz"),
        )
    else:
        with np.load(path) as archive:
            if "x_train" in archive:
                data = Data(*(archive[name] for name in Data._fields))
            else:
                data = split(archive["x"], archive["y"])
        x_train, x_test = (on_white(x) for x in (data.x_train, data.x_test))
        data = data._replace(x_train=x_train, x_test=x_test)
    return data._replace(
        x_train=data.x_train.repeat(enlarge, 1).repeat(enlarge, 2),
        x_test=data.x_test.repeat(enlarge, 1).repeat(enlarge, 2),
    )


def split(x, y):
    """Every tenth image is for testing."""
    x, test = x.astype("float32"), np.arange(len(x)) % 10 == 0
    return Data(x[~test], y[~test], x[test], y[test])


def on_white(x):
    """Bytes as numbers in [-1, 1], without transparency."""
    x = x.astype("float32") / 127.5 - 1
    alpha = (x[..., 3:] + 1) / 2
    return x[..., :3] * alpha + 1 - alpha if x.shape[-1] == 4 else x


def images(path):
    """All images of an IDX file, in order."""
    return np.concatenate(load(str(path)))


def labels(path):
    """All labels of an IDX file, in order."""
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), "uint8", offset=8).astype("int32")

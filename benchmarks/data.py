"""Data of the benchmarks: scikit-learn's digits, or a folder of IDX files."""

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


def load_data(source):
    """Data by its name, or from a folder.

    Args:
        source: `"digits"`, of which every tenth is a test image, or the path
            of a folder with the four IDX files of MNIST or Fashion-MNIST.

    Returns:
        A `Data`.
    """
    if source != "digits":
        folder = pathlib.Path(source)
        return Data(
            images(folder / "train-images-idx3-ubyte.gz"),
            labels(folder / "train-labels-idx1-ubyte.gz"),
            images(folder / "t10k-images-idx3-ubyte.gz"),
            labels(folder / "t10k-labels-idx1-ubyte.gz"),
        )
    from sklearn.datasets import load_digits

    found = load_digits()
    x = found.images[..., None].astype("float32") / 8 - 1
    test = np.arange(len(x)) % 10 == 0
    return Data(x[~test], found.target[~test], x[test], found.target[test])


def images(path):
    """All images of an IDX file, in order."""
    return np.concatenate(load(str(path)))


def labels(path):
    """All labels of an IDX file, in order."""
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), "uint8", offset=8).astype("int32")

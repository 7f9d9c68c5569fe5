"""Images for the examples, from a name or from a path.

    x_train, x_test = load("digits")

Names: `digits` comes with scikit-learn and needs no download; `mnist`,
`fashion_mnist` and `cifar10` are downloaded by Keras. Paths: a `.npz` file, an
IDX file (MNIST's format, gzipped or not), or a folder of images.
"""

import gzip
import math
import pathlib
import zipfile
import zlib

import numpy as np

NAMES = ("digits", "mnist", "fashion_mnist", "cifar10")
SUFFIXES = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}
_IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def load(name_or_path):
    """Images for training and testing.

    Args:
        name_or_path: One of `NAMES`, or the path of a `.npz` file (with the
            arrays `x_train` and `x_test`, or any array of images), an IDX
            file or a folder of images, which all get the size of the first.

    Returns:
        Two float32 arrays `(samples, height, width, channels)` in [-1, 1].
        Where there is no test part, it is the last tenth.

    Raises:
        ValueError: if there is no such name or path, or no images in it.
    """
    path = pathlib.Path(name_or_path)
    if str(name_or_path) in NAMES:
        parts = _from_name(str(name_or_path))
    elif path.is_dir():
        parts = [_from_folder(path)]
    elif path.is_file():
        parts = _from_file(path)
    else:
        raise ValueError(
            f"The data must be one of {', '.join(NAMES)}, or the path of a "
            f"file or folder. Received: {str(name_or_path)!r}"
        )
    parts = [_with_channels(np.asarray(part)) for part in parts]
    if parts[0].shape[1:] != parts[-1].shape[1:]:
        raise ValueError(
            "`x_train` and `x_test` must hold images of one shape. Received: "
            f"{parts[0].shape} and {parts[1].shape}"
        )
    parts = _scaled(parts)
    if len(parts) == 1:
        count = math.ceil(len(parts[0]) / 10)
        parts = parts[0][:-count], parts[0][-count:]
    if not len(parts[0]) or not len(parts[1]):
        raise ValueError(
            "The data must hold at least two images. Received: "
            f"{len(parts[0]) + len(parts[1])} in {str(name_or_path)!r}"
        )
    return parts[0], parts[1]

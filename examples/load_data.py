"""Images for the examples.

They are `digits`, which scikit-learn has, data sets that Keras downloads,
`.npz` and IDX files (IDX is MNIST's format), or folders of images.
"""

import gzip
import pathlib

import numpy as np

NAMES = ("digits", "mnist", "fashion_mnist", "cifar10")
IDX_TYPES = {8: "u1", 9: "i1", 11: ">i2", 12: ">i4", 13: ">f4", 14: ">f8"}


def load(name_or_path):
    """Images for training and for testing.

    Args:
        name_or_path: One of `NAMES`; or the path of a `.npz` file (with
            arrays `x_train` and `x_test`, or any array of images), of an IDX
            file, or of a folder of images, which are all resized to the size
            of the first one. Where there are no test images, the last tenth of
            the images is for testing.

    Returns:
        Two float32 arrays `(samples, height, width, channels)` in [-1, 1].

    Raises:
        ValueError: if there is no such name or path, or no images in it.
    """
    name, path = str(name_or_path), pathlib.Path(name_or_path)
    if name not in NAMES and not path.exists():
        expected = f"one of {', '.join(NAMES)}, or a path that exists"
        raise ValueError(f"The data must be {expected}. Received: {name!r}")
    read = _from_folder if path.is_dir() else _from_file
    try:
        parts = _from_name(name) if name in NAMES else read(path)
        parts = _scaled(parts)
        if len(parts) == 1:
            count = max(1, len(parts[0]) // 10)
            parts = parts[0][:-count], parts[0][-count:]
        if not len(parts[0]):
            raise ValueError("expected two or more images")
    except Exception as error:
        missing = isinstance(error, ImportError)
        hint = " (`pip install scikit-learn pillow`)" if missing else ""
        problem = f"The images could not be read: {error}{hint}"
        raise ValueError(f"{problem}. Received: {name!r}") from error
    return tuple(parts)


def _from_name(name):
    if name == "digits":
        from sklearn.datasets import load_digits

        return [load_digits().images]
    from keras import datasets

    return [x for x, labels in getattr(datasets, name).load_data()]


def _from_folder(folder):
    """Images of a folder and its subfolders, in a fixed random order."""
    from keras_aegan.data import Images

    images = Images()
    x = images.inverse_transform(images.fit_transform(folder))
    return [x[np.random.default_rng(0).permutation(len(x))]]


def _from_file(path):
    """One or two arrays of a file, whose first bytes determine its format."""
    data = path.read_bytes()
    if data[:2] == b"PK":
        return _from_npz(path)
    data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
    if data[:2] != b"\0\0" or data[2] not in IDX_TYPES:
        raise ValueError("expected a `.npz` file, an IDX file or a folder")
    shape = np.frombuffer(data, ">i4", count=data[3], offset=4)
    values = np.frombuffer(data, IDX_TYPES[data[2]], offset=4 + 4 * data[3])
    return [values.reshape(shape)]


def _from_npz(path):
    with np.load(path) as archive:
        if "x_train" in archive:
            return [archive[x] for x in ("x_train", "x_test") if x in archive]
        for array in archive.values():
            if array.ndim in (3, 4):
                return [array]
        raise ValueError(f"expected an array of 3 or 4 axes in {list(archive)}")


def _scaled(parts):
    """Scale bytes from [0, 255] to [-1, 1], other numbers from their range.

    Numbers that lie in [-1, 1] already stay as they are.
    """
    from keras_aegan.data import Images

    if len({x.shape[1:] for x in parts}) > 1:
        raise ValueError("expected images of one shape")
    together = np.concatenate(parts)
    are_bytes = together.dtype == "uint8"
    is_inside = not are_bytes and np.abs(together).max(initial=0) <= 1
    images = Images(value_range=(-1, 1) if is_inside else None)
    images.fit(together)
    return [images.transform(x) for x in parts]

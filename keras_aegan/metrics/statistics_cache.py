"""Statistics of real samples on disk, in files named by their content."""

import hashlib
import io
import os
import pathlib
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan import files

_DIGEST = 32  # Bytes of a SHA-256 hash.


class StatisticsCache:
    """A folder of files, each named by a hash of what it was computed from.

    Another run with the same samples and network finds the file again; a
    changed sample, weight or layer changes the hash. Files are written
    atomically and end with a hash of themselves; one that cannot be read or
    was changed is computed and written again. If it cannot be written, one
    warning says so.

    Args:
        folder: Path, created if missing.

    Raises:
        ValueError: on first use, if there is no folder and none can be made.
    """

    def __init__(self, folder: str | os.PathLike):
        self.folder = pathlib.Path(folder)
        self._is_made = False
        self._failures = files.WriteFailures(
            "The cache of statistics", "metrics are computed all the same"
        )

    def get(self, key: str, compute: Callable) -> dict:
        """The arrays under a key, computed and stored if they are missing.

        Args:
            key: String, see `content_key`.
            compute: Function without arguments that returns a dict of arrays.
        """
        if not self._is_made:
            files.make_folder("cache", self.folder)
            self._is_made = True
        path = self.folder / f"{key}.npz"
        arrays = _read(key, path)
        if arrays is None:
            arrays = compute()
            content = io.BytesIO()
            np.savez(content, **arrays)
            content = content.getvalue()
            with self._failures:
                files.write_atomically(path, content + _digest(key, content))
        return arrays


def _read(key, path):
    """The arrays of a file that was written for a key, or `None`."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    content, digest = content[:-_DIGEST], content[-_DIGEST:]
    # Also of what is an intact file, but not this one. NumPy skips what
    # follows the arrays.
    if digest != _digest(key, content):
        return None
    with np.load(io.BytesIO(content)) as arrays:
        return dict(arrays)


def _digest(key, content):
    return hashlib.sha256(key.encode() + content).digest()


def content_key(
    summary_name: str, x: np.ndarray, network: keras.Model | None
) -> str:
    """A hash of the kind of statistics, the samples and the network.

    Args:
        summary_name: String, the kind of statistics.
        x: Array of samples.
        network: Keras model, or `None` for the samples themselves.

    Raises:
        ValueError: if the network is something else, such as a function,
            whose content cannot be hashed.
    """
    digest = hashlib.sha256(f"{summary_name} {x.shape} {x.dtype}".encode())
    digest.update(np.ascontiguousarray(x).data)
    if network is not None:
        if not isinstance(network, keras.Model):
            raise ValueError(
                "With a `cache`, which hashes the network's weights, "
                "`features` must be a Keras model. "
                f"Received: features={network!r}"
            )
        digest.update(_architecture(network).encode())
        for weight in network.weights:
            array = keras.ops.convert_to_numpy(weight)
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:40]


def _architecture(network):
    """The network's configuration, with layers named by their position.

    Keras numbers automatic names through a process, so the same network has
    other names in another run.
    """
    try:
        text = network.to_json()
    except NotImplementedError:
        return type(network).__qualname__
    for i, layer in enumerate(backend.sublayers(network)):
        text = text.replace(f'"{layer.name}"', f'"{i}"')
    return text

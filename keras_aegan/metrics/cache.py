"""Statistics of real samples, kept on disk under a name of their content."""

import hashlib
import io
import pathlib
import zipfile

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan import files


class Cache:
    """A folder of files whose names say what was computed of what.

    The same samples, seen by the same network, are found again in another
    run; a changed sample, weight or layer has another name. Files are written
    beside and moved into place, and one that cannot be read is made anew.

    Args:
        folder: Path, made if missing.

    Raises:
        ValueError: on first use, if the folder cannot be written to.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def get(self, key, compute):
        """The arrays under a key, or those that `compute()` gives.

        Args:
            key: String, see `key_of`.
            compute: Function without arguments that gives a dict of arrays.
        """
        files.make_writable("cache", self.folder)
        path = self.folder / f"{key}.npz"
        try:
            with np.load(path) as arrays:
                return dict(arrays)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile):
            arrays = compute()
        content = io.BytesIO()
        np.savez(content, **arrays)
        files.write_atomically(path, content.getbuffer())
        return arrays


def key_of(kind, x, network):
    """A name of what is computed, of the samples and of the network.

    Args:
        kind: String, what is computed.
        x: Array of samples.
        network: Keras model, or `None` for the samples themselves.

    Raises:
        ValueError: if the network is something else, whose content is not
            known.
    """
    digest = hashlib.sha256(f"{kind} {x.shape} {x.dtype}".encode())
    digest.update(np.ascontiguousarray(x))
    if network is not None:
        if not isinstance(network, keras.Model):
            raise ValueError(
                "`cache` knows features by the weights of a Keras model. "
                f"Received: features={network!r}"
            )
        digest.update(_architecture(network).encode())
        for weight in network.weights:
            array = keras.ops.convert_to_numpy(weight)
            digest.update(np.ascontiguousarray(array))
    return digest.hexdigest()[:40]


def _architecture(network):
    """The network's configuration without the names, which Keras counts."""
    try:
        text = network.to_json()
    except NotImplementedError:
        return type(network).__qualname__
    for i, layer in enumerate(backend.sublayers(network)):
        text = text.replace(f'"{layer.name}"', f'"{i}"')
    return text

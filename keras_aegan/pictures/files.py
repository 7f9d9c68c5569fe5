"""Files that are whole or not there: written beside and moved into place."""

import os
import pathlib
import tempfile

from keras_aegan.pictures.page import png


def save(figure, path):
    """Write a picture to a PNG file that is never there by half.

    Args:
        figure: Matplotlib figure, as the functions of this folder give it.
        path: Path of the file, in a folder that exists.

    Raises:
        OSError: if the file cannot be written.

    Example:

    >>> from keras_aegan import pictures
    >>> figure = pictures.samples(np.zeros((4, 8, 8, 1)))
    >>> pictures.save(figure, "samples.png")
    """
    put(path, png(figure))


def put(path, content):
    """Put bytes into a file, at once.

    Args:
        path: Path of the file.
        content: Bytes.

    Raises:
        OSError: if the file cannot be written; what was there then stays.
    """
    path = pathlib.Path(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def make_writable(name, folder):
    """Make a folder if it is missing.

    Args:
        name: What the caller calls it.
        folder: `pathlib.Path`.

    Raises:
        ValueError: if nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ValueError(
            f"`{name}` must be a folder that can be written to. "
            f"Received: {name}={str(folder)!r} ({error.strerror})"
        ) from error

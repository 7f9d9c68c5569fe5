"""Files that are whole or not there, and folders that can be written to."""

import os
import pathlib
import tempfile


def write_atomically(path, content):
    """Write a file beside its place and move it there.

    Args:
        path: Path of the file, in a folder that exists.
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


def make_writable(name, path, kind="folder"):
    """Make a folder, or that of a file, if it is missing.

    Args:
        name: What the caller calls the path.
        path: Path of the folder or file.
        kind: `"folder"` or `"file"`.

    Raises:
        ValueError: if nothing can be written there.
    """
    path = pathlib.Path(path)
    folder = path if kind == "folder" else path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        if kind == "file" and path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
    except OSError as error:
        raise ValueError(
            f"`{name}` must be a {kind} that can be written to. "
            f"Received: {name}={str(path)!r} ({error.strerror})"
        ) from error

"""Pages on disk: never half written, and read back."""

import itertools
import json
import os
import pathlib
import re
import tempfile

_DATA = '<script type="application/json" id="data">(.*?)</script>'


def write(path, text):
    """Write a file beside its place and move it there.

    Args:
        path: `pathlib.Path`.
        text: String.
    """
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def read(path):
    """The data of a page, or `None` if there is no page of ours.

    Args:
        path: `pathlib.Path`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return dict(json.loads(re.search(_DATA, text, re.DOTALL)[1]))
    except (FileNotFoundError, UnicodeDecodeError, TypeError, ValueError):
        return None


def set_aside(path):
    """Rename a file, if there is one, to the first free `<name>_<number>`.

    Args:
        path: `pathlib.Path`.
    """
    numbers = itertools.count(1)
    names = (path.with_stem(f"{path.stem}_{number}") for number in numbers)
    if path.exists():
        os.replace(path, next(name for name in names if not name.exists()))


def make_writable(path):
    """Make the folder of a page.

    Args:
        path: Path of the page.

    Raises:
        ValueError: if no page can be written there.
    """
    path = pathlib.Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()
        if path.is_dir():
            raise IsADirectoryError(None, "it is a folder")
    except OSError as error:
        raise ValueError(
            "`path` must be that of a file that can be written to. "
            f"Received: path={str(path)!r} ({error.strerror})"
        ) from error

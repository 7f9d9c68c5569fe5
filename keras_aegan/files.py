"""Files that are whole or not there, and folders that can be written to."""

import contextlib
import errno
import os
import pathlib
import secrets
import stat
import time
import warnings

_UNFINISHED = ".keras_aegan_unfinished_"
_LONGEST = 24 * 60 * 60  # Seconds in which any file is finished.


def write_atomically(path, content):
    """Write a file beside its place and move it there.

    A file that is replaced keeps its permissions; a link is replaced itself,
    and what it leads to stays.

    Args:
        path: Path of the file, in a folder that exists.
        content: Bytes.

    Raises:
        OSError: if the file cannot be written; what was there then stays.
    """
    with replacing(path) as unfinished:
        # "x" neither follows a link nor opens a file that somebody else made.
        with open(unfinished, "xb") as file:
            file.write(content)


@contextlib.contextmanager
def replacing(path, suffix=""):
    """A context with the path of a file that takes the place of another.

    Args:
        path: Path of the file that is to be there in the end.
        suffix: String, the end of the unfinished file's name.
    """
    path = pathlib.Path(path)
    unfinished = _unfinished(path.parent)
    unfinished = unfinished.with_name(unfinished.name + suffix)
    try:
        yield unfinished
        _copy_permissions(path, unfinished)
        os.replace(unfinished, path)
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


class WriteFailures:
    """A context in which a file that cannot be written is only warned of.

    A disk may fill up, or a folder vanish, hours after training began, and a
    trained model is worth more than a picture of it. Of many failures the
    first is warned of.

    Args:
        what: String, what is written, such as `"The report"`.
        instead: String, what happens if that fails.
    """

    def __init__(
        self, what, instead="training goes on, and the next epoch tries again"
    ):
        self._what = what
        self._instead = instead
        self._is_known = False

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if not isinstance(error, OSError):
            return False
        if not self._is_known:
            self._is_known = True
            warnings.warn(
                f"{self._what} could not be written ({error}); "
                f"{self._instead}. Make room on the disk, or make the folder "
                "one that exists and can be written to.",
                stacklevel=2,
            )
        return True


def make_folder(name, path):
    """Make a folder if it is missing.

    What killed processes left unfinished in it more than a day ago is removed.

    Args:
        name: What the caller calls the path.
        path: Path of the folder.

    Raises:
        ValueError: if there is no folder and none can be made.
    """
    path = pathlib.Path(path)
    with _refused(name, path, "folder"):
        path.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(path)


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
    with _refused(name, path, kind):
        folder.mkdir(parents=True, exist_ok=True)
        # A full disk takes an empty file, but not a byte.
        write_atomically(probe := _unfinished(folder), b"\0")
        probe.unlink()
        if kind == "file":
            _check_replaceable(path)
    _remove_leftovers(folder)


def _unfinished(folder):
    """A name that nobody can guess; as long as those of most files."""
    return folder / f"{_UNFINISHED}{secrets.token_hex(16)}"


def _copy_permissions(path, other):
    """Give a file the permissions of another one, if that is there."""
    with contextlib.suppress(OSError):
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode):
            os.chmod(other, mode & 0o777)


def _check_replaceable(path):
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISREG(mode):
        raise OSError(errno.EEXIST, "something else than a file is there")


def _remove_leftovers(folder):
    with contextlib.suppress(OSError):
        for leftover in folder.glob(f"{_UNFINISHED}*"):
            if time.time() - leftover.lstat().st_mtime > _LONGEST:
                leftover.unlink()


@contextlib.contextmanager
def _refused(name, path, kind):
    """Say of a path that cannot be used what was expected."""
    try:
        yield
    except (OSError, ValueError) as error:  # A path with a zero byte in it.
        reason = getattr(error, "strerror", None) or error
        raise ValueError(
            f"`{name}` must be a {kind} that can be written to. "
            f"Received: {name}={str(path)!r} ({reason})"
        ) from error

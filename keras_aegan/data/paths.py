"""Files that a user names: one, several, or a folder of them."""

import os
import pathlib


def is_path(x) -> bool:
    """Whether a value is the path of a file or folder."""
    return isinstance(x, (str, os.PathLike))


def list_files(x, suffixes: tuple[str, ...]) -> list[pathlib.Path]:
    """Paths of files.

    Args:
        x: Path of a file; of a folder, whose files with one of the suffixes,
            those of its subfolders among them, are listed by name; or a list
            of paths of files.
        suffixes: Ends of names, in lower case.

    Raises:
        ValueError: if a path does not exist, or there are no files.
    """
    paths = [pathlib.Path(p) for p in ([x] if is_path(x) else x)]
    if len(paths) == 1 and paths[0].is_dir():
        # Names that begin with a dot are notes of file systems.
        found = sorted(paths[0].rglob("[!.]*"))
        paths = [p for p in found if p.suffix.lower() in suffixes]
        if not paths:
            raise ValueError(
                f"A folder must have files that end in {', '.join(suffixes)}. "
                f"Received: {os.fspath(x)!r}"
            )
    for path in paths:
        if not path.is_file():
            raise ValueError(
                "A path must be that of a file, or that of one folder. "
                f"Received: {str(path)!r}, which is none"
            )
    return paths

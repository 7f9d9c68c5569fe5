"""Guides and examples as notebooks; guides with all they print and draw.

    python docs/notebooks.py            # most train for a moment only
    python docs/notebooks.py --full     # as long as they say, half an hour

A notebook that is newer than its program and than the package stays.
"""

import argparse
import base64
import mimetypes
import os
import pathlib
import tempfile

import jupytext
import nbformat
from nbclient import NotebookClient

ROOT = pathlib.Path(__file__).parents[1]
MADE = ROOT / "build" / "docs" / "notebooks"
FOLDERS = ("guides", "examples")
# Of many sounds a page has a few.
SOUNDS = 6
# These two have no options, and this one takes half a minute.
WITHOUT_OPTIONS = ("tuning", "your_own_hybrid")
UNABRIDGED = ("first_steps",)


def programs(folder):
    """The paths of the programs in a folder, each with a page."""
    paths = sorted((ROOT / folder).glob("*.py"))
    return [p for p in paths if '\nif __name__ == "' in p.read_text()
            or folder == "guides" and p.stem != "guide_options"]  # fmt: skip


def made(path):
    """Where the notebook of a program is."""
    return MADE / path.parent.name / f"{path.stem}.ipynb"


def arguments(path, full):
    """What a guide is run with: its options, as on a command line."""
    if path.stem in WITHOUT_OPTIONS or path.parent.name != "guides":
        return []
    quick = not full and path.stem not in UNABRIDGED
    return ["--output", "output", *(["--quick"] if quick else [])]


def converted(path, given):
    """A notebook of a program, whose first cell has what it is run with."""
    notebook = jupytext.read(path, fmt="py:sphinx")
    line = f"import sys\n\nsys.argv = {[path.name, *given]}".replace("'", '"')
    # Jupytext's own first cell is about Matplotlib.
    notebook.cells[0] = nbformat.v4.new_code_cell(line)
    for cell in notebook.cells:
        cell.source = cell.source.strip("\n")
        # Text is a string of the program, in which a backslash is two.
        if cell.cell_type == "markdown":
            cell.source = cell.source.replace("\\\\", "\\")
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    return notebook


def execute(notebook, path):
    """Run all cells; below each is what it printed, and the files it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        known = set()

        def show_files(cell, cell_index, execute_reply):
            new = set(pathlib.Path(folder, "output").rglob("*")) - known
            known.update(new)
            cell.outputs += shown(sorted(new))

        client = NotebookClient(
            notebook,
            timeout=None,
            # Its messages go between processes of this machine only.
            extra_arguments=["--IPKernelApp.log_level=40"],
            resources={"metadata": {"path": folder}},
            on_cell_executed=show_files,
        )
        client.execute(
            env=os.environ | {"PYTHONPATH": str(path.parent), "TMPDIR": folder}
        )


def shown(paths):
    """Outputs of a cell with the pictures, and a few of the sounds."""
    sounds = [p for p in paths if p.suffix == ".wav"]
    sounds = sounds[:: max(1, len(sounds) // SOUNDS)][:SOUNDS]
    for path in [p for p in paths if p.suffix in (".png", ".gif")] + sounds:
        kind, _ = mimetypes.guess_type(path)
        content = base64.b64encode(path.read_bytes()).decode()
        if path in sounds:
            source = f"data:{kind};base64,{content}"
            sound = f'<audio controls title="{path.stem}" src="{source}">'
            kind, content = "text/html", sound + "</audio>"
        yield nbformat.v4.new_output(
            "display_data",
            {kind: content, "text/plain": path.name},
        )


def is_current(path, notebook):
    """Whether neither the program nor the package is newer."""
    sources = [path, pathlib.Path(__file__)]
    sources += (ROOT / "keras_aegan").rglob("*.py")
    newest = max(source.stat().st_mtime for source in sources)
    return notebook.exists() and notebook.stat().st_mtime > newest


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--full", action="store_true", help="train fully")
    parser.add_argument("names", nargs="*", help="only these programs")
    options = parser.parse_args()
    for path in [p for folder in FOLDERS for p in programs(folder)]:
        target = made(path)
        if options.names and path.stem not in options.names:
            continue
        given = arguments(path, options.full)
        notebook = converted(path, given)
        if is_current(path, target):
            old = nbformat.read(target, as_version=4)
            if old.cells[0].source == notebook.cells[0].source:
                continue
        print(path.relative_to(ROOT), flush=True)
        if path.parent.name == "guides":
            execute(notebook, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)


if __name__ == "__main__":
    main()

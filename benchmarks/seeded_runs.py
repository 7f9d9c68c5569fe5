"""Runs from several seeds: kept in a file, not repeated, shown as a table."""

import argparse
import json
import pathlib

import keras
import numpy as np


def read_options(description, names, steps):
    """Options of programs that train a few models from several seeds.

    Args:
        description: String, the text above the options of `--help`.
        names: Names of what can be run, all of them by default.
        steps: Integer, training steps by default.
    """
    parser = argparse.ArgumentParser(description=description)
    add = parser.add_argument
    add("--data", type=pathlib.Path, required=True)
    add("--output", type=pathlib.Path, required=True, help="a Markdown file")
    add("--seeds", type=int, nargs="*", default=[0, 1, 2])
    add("--models", nargs="*", choices=names, default=list(names))
    add("--steps", type=int, default=steps)
    return parser.parse_args()


def repeated(path, keys, measure):
    """Runs in a JSON file, of which those that are there are not repeated.

    Args:
        path: Path of the file.
        keys: List of dicts, which say what a run is.
        measure: Function of the entries of a key that returns a dict of
            results.
    """
    runs = json.loads(path.read_text()) if path.exists() else []
    for key in keys:
        if any(key.items() <= run.items() for run in runs):
            continue
        results = measure(**key)
        runs.append({**key, **results})
        part = path.with_suffix(".part")
        part.write_text(json.dumps(runs, indent=1))
        part.replace(path)
        shown = {k: round(v, 3) for k, v in results.items() if v is not None}
        print(*key.values(), shown, flush=True)
    return runs


def write_table(path, runs, by, columns):
    """A Markdown table: mean and standard deviation over the seeds.

    Args:
        path: Path of the file to write.
        runs: List of dicts, each with a `seed`.
        by: Names of entries that say which row a run belongs to.
        columns: Dict from the name of a result to its heading and its format.
    """
    rows = {}
    for run in runs:
        rows.setdefault(tuple(run[name] for name in by), []).append(run)
    lines = [[*by, "seeds", *(head for head, _ in columns.values())]]
    lines.append(["---"] * len(lines[0]))
    for row, own in rows.items():
        cells = [*map(str, row), str(len(own))]
        for name, (_, form) in columns.items():
            values = [run[name] for run in own if run.get(name) is not None]
            cells.append(_cell(values, form))
        lines.append(cells)
    head = f"Keras {keras.__version__} on {keras.backend.backend()}.\n\n"
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    path.write_text(f"{head}{table}\n")


def _cell(values, form):
    if not values:
        return "–"
    mean = format(np.mean(values), form)
    if len(values) == 1:
        return mean
    return f"{mean} ± {format(np.std(values), form)}"

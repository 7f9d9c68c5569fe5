"""A table in two parts, for those who synthesise rows and those who score.

Needs NumPy and pandas only, since other packages train in environments of
their own.
"""

import pathlib
import time

import numpy as np
import pandas

MISSING = "?"


def read_table(path):
    """The frame of a CSV file, or of the one CSV file in a folder.

    Blanks before values are left out. Text that is missing is `?`, a category
    like others; rows with missing numbers are left out, as not every
    synthesiser has a way to keep them.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        found = sorted(path.glob("*.csv*"))
        if len(found) != 1:
            raise ValueError(
                "A folder must hold one CSV file. "
                f"Received: {path} with {len(found)}"
            )
        (path,) = found
    frame = pandas.read_csv(path, skipinitialspace=True)
    text = categories(frame)
    frame[text] = frame[text].astype(object).fillna(MISSING).astype(str)
    return frame.dropna(ignore_index=True)


def categories(frame):
    """The names of columns that hold no numbers."""
    return list(frame.select_dtypes(exclude="number").columns)


def split(frame, seed):
    """Four fifths to learn from, and the rest, which no model sees."""
    order = np.random.default_rng(seed).permutation(len(frame))
    test, training = np.split(order, [len(frame) // 5])
    return tuple(
        frame.iloc[rows].reset_index(drop=True) for rows in (training, test)
    )


class Stopwatch:
    """Seconds of wall clock and of all processors since it was made."""

    def __init__(self):
        self.start = time.perf_counter(), time.process_time()

    def seconds(self):
        return {
            "wall_seconds": time.perf_counter() - self.start[0],
            "cpu_seconds": time.process_time() - self.start[1],
        }

"""Pages on disk: read back, and kept when another takes their place."""

import itertools
import json
import math
import os
import re

_DATA = '<script type="application/json" id="data">(.*?)</script>'


def read(path):
    """The data of a page, or `None` if there is no page of ours.

    Args:
        path: `pathlib.Path`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        data = re.search(_DATA, text, re.DOTALL)[1]
        # Our pages have NaN and infinity as text.
        return dict(
            json.loads(data, parse_constant=_finite, parse_float=_finite)
        )
    except (OSError, TypeError, ValueError, RecursionError):
        return None


def _finite(text):
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"JSON has finite numbers. Received: {text}")
    return number


def set_aside(path):
    """Rename a file, if there is one, to the first free `<name>_<number>`.

    Args:
        path: `pathlib.Path`.
    """
    numbers = itertools.count(1)
    names = (path.with_stem(f"{path.stem}_{number}") for number in numbers)
    if path.exists():
        os.replace(path, next(name for name in names if not name.exists()))

"""What may be wrong with the columns of a table, each with one message."""

import numpy as np

from keras_aegan.data.table_frames import RawColumn


def check_names(expected: list, raw: dict, optional: list) -> None:
    """Raise if columns are missing or unexpected.

    Args:
        expected: Names that must be there.
        raw: Dict of columns by name.
        optional: Names that may be there.
    """
    missing = [name for name in expected if name not in raw]
    unexpected = [n for n in raw if n not in expected and n not in optional]
    if missing or unexpected:
        raise ValueError(
            "The frame must have the columns that it had when the table was "
            f"fitted, in any order. Missing: {missing}; unexpected: "
            f"{unexpected}. Received: {list(raw)}"
        )


def check_complete(raw: dict) -> None:
    """Raise if a value is missing in one of the columns, a dict by name."""
    counts = {name: int(c.is_missing.sum()) for name, c in raw.items()}
    counts = {name: count for name, count in counts.items() if count}
    if counts:
        rows = len(next(iter(raw.values())).values)
        each = ", ".join(f"{k!r}: {n}" for k, n in counts.items())
        raise ValueError(
            "No value may be missing, since the table has missing='error'; "
            "'keep' makes rows with missing values, too. Received: missing "
            f"values in {each}, of {rows} rows"
        )


def as_numbers(raw: RawColumn) -> np.ndarray:
    """The numbers of a column, NaN where they are missing."""
    if raw.kind == "numbers":
        check_finite(raw)
        return raw.values
    if raw.kind in ("text", "mixed"):
        raise mixed_error(raw)
    return np.array(
        [np.nan if value is None else value for value in raw.values], "float64"
    )


def check_finite(raw: RawColumn) -> None:
    """Raise if there is infinity among numbers."""
    rows = np.nonzero(np.isinf(raw.values))[0]
    if len(rows):
        raise ValueError(
            f"Column {raw.name!r} must hold finite numbers, or NaN where they "
            f"are missing. Received: infinity in {len(rows)} rows "
            f"({shown(rows.tolist())})"
        )


def mixed_error(raw: RawColumn) -> ValueError:
    """The error about text or booleans among numbers."""
    odd = [
        value
        for value in raw.values
        if value is not None and not isinstance(value, (int, float))
    ]
    odd = odd or [value for value in raw.values if isinstance(value, bool)]
    return ValueError(
        f"Column {raw.name!r} must hold numbers only, and NaN where they are "
        f"missing. Received: {shown(sorted(set(odd)))} in {len(odd)} of "
        f"{len(raw.values)} rows"
    )


def missing_error(raw: RawColumn) -> ValueError:
    """The error about missing values where `fit` saw none."""
    return ValueError(
        f"Column {raw.name!r} had no missing values when the table was fitted, "
        "so there is nothing that stands for them. Received: "
        f"{raw.is_missing.sum()} missing values in {len(raw.values)} rows"
    )


def shown(values: list) -> str:
    """The first of some values."""
    first = ", ".join(map(repr, values[:5]))
    return f"[{first}{', ...' if len(values) > 5 else ''}]"

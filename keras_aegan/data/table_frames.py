"""Frames of every library as columns, and columns as frames again.

No library of frames is imported to read one: what counts is what a frame
offers. To make one, its library is needed.
"""

import dataclasses

import numpy as np

# How pandas and NumPy spell what is missing, beside `None` and NaN.
_MISSING_TYPES = ("NAType", "NaTType")


@dataclasses.dataclass(frozen=True)
class RawColumn:
    """One column as it was read.

    Attributes:
        name: String or integer.
        kind: `"numbers"`, `"booleans"`, `"text"`, or `"nothing"` if all
            values are missing.
        values: Array of float64 with NaN where a number is missing, or of
            Python objects with `None` where something else is.
        dtype: What the column's type is called in its library, a string, or a
            dict for categories of pandas.
    """

    name: str | int
    kind: str
    values: np.ndarray
    dtype: str | dict

    @property
    def is_missing(self) -> np.ndarray:
        """Array of booleans, where the values are missing."""
        if self.kind == "numbers":
            return np.isnan(self.values)
        return np.array([value is None for value in self.values], bool)


def read_frame(name: str, frame) -> tuple[str, dict]:
    """The columns of a frame.

    Args:
        name: What the caller calls the argument.
        frame: Frame of pandas or polars, dict of columns, structured array or
            array `(rows, columns)`.

    Returns:
        What the frame is, `"pandas"`, `"polars"`, `"dict"`, `"structured"` or
        `"array"`, and a dict from the name of a column to its `RawColumn`.

    Raises:
        ValueError: if it is no frame, has no rows or no columns, two columns
            of one name, columns of different lengths, or one that holds
            neither numbers nor booleans nor text.
    """
    source, columns = _split(name, frame)
    names = [column for column, _, _ in columns]
    shapes = {np.shape(values) for _, values, _ in columns}
    is_named = all(
        isinstance(each, (str, int, np.integer)) and each is not True
        for each in names
    )
    if not is_named or len(set(names)) < len(names):
        raise ValueError(
            f"The columns of `{name}` must have different names, strings or "
            f"integers. Received: {names}"
        )
    if len(shapes) != 1 or not all(
        len(shape) == 1 and shape[0] > 0 for shape in shapes
    ):
        raise ValueError(
            f"`{name}` must have at least one row and one column, all of one "
            f"length. Received: columns {names} of shapes {sorted(shapes)}"
        )
    names = [str(n) if isinstance(n, str) else int(n) for n in names]
    return source, {
        key: _read_column(key, values, dtype)
        for key, (_, values, dtype) in zip(names, columns)
    }


def _split(name, frame):
    """What a frame is, and triples of name, values and type."""
    library = type(frame).__module__.split(".")[0]
    if isinstance(frame, dict):
        columns = {k: _as_array(k, v) for k, v in frame.items()}
        return "dict", [(k, v, v.dtype.str) for k, v in columns.items()]
    if hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        kind = "polars" if library == "polars" else "pandas"
        names = list(frame.columns)
        # Twice the same name would give two columns at once.
        columns = [frame[c] for c in dict.fromkeys(names)]
        if len(columns) < len(names):
            columns = [None] * len(names)
        types = [_frame_type(getattr(c, "dtype", None)) for c in columns]
        values = [np.asarray(c) for c in columns]
        return kind, list(zip(names, values, types))
    array = frame if isinstance(frame, np.ndarray) else None
    if array is not None and array.dtype.names and array.ndim == 1:
        columns = [(n, array[n]) for n in array.dtype.names]
        return "structured", [(n, v, v.dtype.str) for n, v in columns]
    if array is not None and array.dtype.names is None and array.ndim == 2:
        dtype = array.dtype.str
        return "array", [(i, v, dtype) for i, v in enumerate(array.T)]
    received = type(frame).__name__
    if array is not None:
        received = f"an array of shape {array.shape} and dtype {array.dtype}"
    raise ValueError(
        f"`{name}` must be a frame of pandas or polars, a dict of columns, a "
        f"structured array or an array (rows, columns). Received: {received}"
    )


def _as_array(name, values):
    """A column of a dict. NumPy would make text of `[1, "a"]`."""
    if isinstance(values, (list, tuple)):
        array = np.empty(len(values), object)
        array[:] = values
        plain = np.asarray(values) if _is_uniform(values) else array
        return plain if plain.ndim == 1 else array
    return np.asarray(values)


def _is_uniform(values):
    is_number = [
        isinstance(v, (int, float, np.number)) and not isinstance(v, bool)
        for v in values
    ]
    types = {type(v) for v in values}
    return all(is_number) or (len(types) == 1 and types <= {bool, str})


def _frame_type(dtype):
    categories = getattr(dtype, "categories", None)
    # Categories of polars are a type of their own without a list of values.
    if categories is None or not hasattr(dtype, "ordered"):
        return str(dtype)
    return {
        "categories": [plain(value) for value in categories],
        "ordered": bool(dtype.ordered),
    }


def plain(value):
    """A number, text or boolean as Python has it; `None` if it is missing.

    Args:
        value: Any value; others are returned as they are.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return None
    if isinstance(value, float) and value != value:
        return None
    return str(value) if isinstance(value, str) else value


def _read_column(name, array, dtype):
    kind = array.dtype.kind
    if kind in "iuf":
        return RawColumn(name, "numbers", array.astype("float64"), dtype)
    if kind not in "bUTO":
        raise _unknown_kind(name, array.dtype)
    values = np.empty(len(array), object)
    values[:] = [plain(value) for value in array]
    kind = _kind(name, {type(value) for value in values} - {type(None)})
    if kind == "numbers":
        # Nullable integers, and numbers that are kept as objects.
        values = np.array(
            [np.nan if value is None else value for value in values], "float64"
        )
    return RawColumn(name, kind, values, dtype)


def _kind(name, types):
    """The kind of a column whose values have these types of Python."""
    odd = types - {bool, int, float, str}
    if odd:
        raise _unknown_kind(name, odd.pop().__name__)
    if not types:
        return "nothing"
    if types <= {int, float}:
        return "numbers"
    if len(types) > 1:
        return "mixed"
    return "booleans" if types == {bool} else "text"


def _unknown_kind(name, received):
    hint = ""
    if "time" in str(received).lower() or "date" in str(received).lower():
        hint = (
            " Of times make numbers first, such as their year, hour, or the "
            "seconds since some day."
        )
    return ValueError(
        f"Column {name!r} must hold numbers, booleans or text.{hint} "
        f"Received: {received}"
    )


# === Back ===


def write_frame(source: str, columns: dict, dtypes: dict):
    """A frame of the kind that was read.

    Args:
        source: As `read_frame` returns it. Without the library, pandas or
            polars, that it names, the result is a dict of columns.
        columns: Dict from name to an array: floats, or objects with `None`.
        dtypes: Dict from name to the type of a column, see `RawColumn`.
    """
    if source in ("pandas", "polars"):
        try:
            write = _FRAMES[source]
            return write(columns, dtypes)
        except ImportError:
            return columns
    arrays = {
        name: _with_type(values, dtypes[name])
        for name, values in columns.items()
    }
    if source == "structured":
        types = [(name, array.dtype) for name, array in arrays.items()]
        result = np.empty(len(next(iter(arrays.values()))), types)
        for name, array in arrays.items():
            result[name] = array
        return result
    return arrays if source == "dict" else np.stack([*arrays.values()], axis=1)


def _with_type(values, dtype):
    return _rounded(values, dtype).astype(dtype)


def _rounded(values, dtype):
    """Whole numbers that an integer type can hold."""
    if values.dtype.kind != "f" or np.dtype(dtype).kind not in "iu":
        return values
    limits = np.iinfo(dtype)
    # The largest integers of 64 bits have no neighbour in float64 below them.
    high = (
        np.nextafter(float(limits.max), 0) if limits.bits > 52 else limits.max
    )
    return np.clip(np.rint(values), limits.min, high)


def _pandas_frame(columns, dtypes):
    import pandas

    def series(values, dtype):
        if isinstance(dtype, dict):
            return pandas.Series(pandas.Categorical(list(values), **dtype))
        try:
            return pandas.Series(_rounded(values, dtype)).astype(dtype)
        except TypeError:
            # Nullable types, which are none of NumPy's.
            values = [plain(value) for value in values]
            return pandas.Series(values, dtype=dtype)

    parts = [series(values, dtypes[name]) for name, values in columns.items()]
    frame = pandas.concat(parts, axis=1)
    frame.columns = list(columns)
    return frame


def _polars_frame(columns, dtypes):
    import polars

    def series(name, values, dtype):
        values = [plain(value) for value in values]
        result = polars.Series(name, values, strict=False)
        known = getattr(polars, dtype.split("(")[0], None)
        if known is None or known in (polars.Enum,):
            return result
        return result.cast(known)

    return polars.DataFrame(
        [series(name, values, dtypes[name]) for name, values in columns.items()]
    )


_FRAMES = {"pandas": _pandas_frame, "polars": _polars_frame}

"""Time series of users: arrays, or series and frames of pandas."""

import dataclasses
from typing import Any

import numpy as np

from keras_aegan.arrays import NotFiniteError
from keras_aegan.arrays import real_numbers


@dataclasses.dataclass(frozen=True)
class Series:
    """A time series, read.

    Attributes:
        values: Array of float64, `(time, channels)`.
        times: Array `(time,)` of datetimes or of numbers, or `None`.
        columns: List of names of channels, or `None`.
        ndim: Integer, 1 for a series without an axis of channels.
    """

    values: np.ndarray
    times: np.ndarray | None
    columns: list | None
    ndim: int

    def gaps(self) -> np.ndarray:
        """Times between steps, in seconds or in the unit of the numbers."""
        steps: Any = np.diff(np.asarray(self.times))
        if steps.dtype.kind == "m":
            steps = steps / np.timedelta64(1, "s")
        return steps


def read_series(x, timestamps=None, columns=None) -> Series:
    """A series of numbers that are finite and in order of time.

    Args:
        x: Array `(time,)` or `(time, channels)`, or a series or a frame.
        timestamps: Datetimes, their text, or numbers, one for each time step;
            `None` for those of a frame's index.
        columns: Names of the columns that a frame must have, or `None`.

    Raises:
        ValueError: if it is anything else.
    """
    is_frame = hasattr(x, "columns") and hasattr(x, "iloc")
    names = None
    if is_frame:
        names = list(map(str, x.columns))
        values, names = _frame_values(x, names, columns or names)
    else:
        values = _numbers("x", x)
    if values.ndim not in (1, 2) or 0 in values.shape[1:]:
        raise ValueError(
            "`x` must be a series of shape (time,) or (time, channels). "
            f"Received: an array of shape {values.shape}"
        )
    times = _times(x, timestamps, len(values))
    columns = values[:, None] if values.ndim == 1 else values
    series = Series(columns, times, names, values.ndim)
    _check_finite(series)
    return series


def _frame_values(x, names, expected):
    if sorted(names) != sorted(expected) or len({*names}) < len(names):
        raise ValueError(
            f"`x` must have the columns {expected}, each once. "
            f"Received: columns {names}"
        )
    columns = [x.iloc[:, names.index(name)] for name in expected]
    values = [_numbers(f"column {n!r}", c) for n, c in zip(expected, columns)]
    return np.stack(values, axis=-1), expected


def _numbers(name, x):
    try:
        # Pandas has missing values of its own, as objects.
        is_nullable = hasattr(x, "to_numpy") and hasattr(x, "isna")
        x = x.to_numpy("float64", na_value=np.nan) if is_nullable else x
        return real_numbers(name, x).astype("float64")
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"`{name}` of a series must be numbers. Times belong in the "
            "index, `frame.set_index(...)`, or in `timestamps`. Received: "
            f"{type(x).__name__} ({error})"
        ) from error


def _times(x, timestamps, count):
    """Timestamps in order, or `None` if there are none."""
    if timestamps is None:
        index = getattr(x, "index", None)
        times = np.asarray(getattr(index, "values", None))
        if times.dtype.kind != "M":
            return None
    else:
        times = _as_times(timestamps)
    if times.shape != (count,):
        raise ValueError(
            "`timestamps` must be one for each time step. Received: shape "
            f"{times.shape} for {count} steps"
        )
    is_missing = np.isnat(times) if times.dtype.kind == "M" else times != times
    if is_missing.any():
        raise ValueError(
            f"`timestamps` must not be missing. Received: {is_missing.sum()} "
            f"missing, the first in row {is_missing.argmax()}"
        )
    # An hour may be there twice, as where clocks are set back: without what
    # was there before, timestamps must rise.
    first = np.sort(np.unique(times, return_index=True)[1])
    rising = times[first]
    falls = np.nonzero(rising[1:] < rising[:-1])[0]
    if len(falls):
        before, after = first[falls[0]], first[falls[0] + 1]
        raise ValueError(
            "Time steps must be in order: sort them, `frame.sort_index()`. "
            f"Received: {times[after]} in row {after}, after {times[before]} "
            f"in row {before}"
        )
    return times


def _as_times(timestamps):
    times = np.asarray(timestamps)
    if times.dtype.kind in "iuf":
        return times.astype("float64")
    if times.dtype.kind == "M":
        return times
    try:
        return times.astype("datetime64[us]")
    except (TypeError, ValueError) as error:
        raise ValueError(
            "`timestamps` must be datetimes, text such as '2014-01-07 "
            f"02:00:00', or numbers. Received: {error}"
        ) from error


def _check_finite(series):
    broken = ~np.isfinite(series.values)
    if not broken.any():
        return
    row, channel = (int(i) for i in np.argwhere(broken)[0])
    time = "" if series.times is None else f" ({series.times[row]})"
    names = series.columns
    name = f"channel {channel}" if names is None else f"column {names[channel]}"
    raise NotFiniteError(
        "A series must be finite: fill gaps, such as by "
        f"`frame.interpolate()`, or drop them. Received: {broken.sum()} of "
        f"{broken.size} values are NaN or infinite, the first in row {row}"
        f"{time}, {name}"
    )

"""Windows of time series."""

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_samples
from keras_aegan.arrays import real_numbers
from keras_aegan.data.series import read_series
from keras_aegan.data.transformation import Transformation

# Quartiles of a normal distribution are this many deviations apart.
_QUARTILES = 1.3489795003921634


@keras.saving.register_keras_serializable(package="keras_aegan")
class Windows(Transformation):
    """Cuts a time series into windows of scaled values, and joins them again.

    `x = (value - centre) / deviation` for each channel, with the centre and
    deviation of the series at `fit`. Windows begin every `step` time steps; a
    last one ends where the series does, so that each time step is in a window.
    A constant channel becomes 0, and whatever a model makes of that comes back
    as the constant.

    Time steps are the rows of the series, in their order. A `DatetimeIndex` or
    `timestamps` must rise; timestamps may be there twice, as where clocks are
    set back, and rows then stay where they are. Rows count as equally spaced
    unless `max_gap` says which gaps no window may span.

    Args:
        length: Positive integer, time steps in a window. Default networks take
            8 or more.
        step: Positive integer, time steps from one window to the next.
            Defaults to half the length.
        scale: `"standard"`: mean and standard deviation. `"robust"`: median
            and distance between quartiles / 1.349, which for normally
            distributed values is the standard deviation, and which outliers
            change little. `None`: values stay as they are.
        max_gap: Positive number, the longest time between two rows of one
            window, in seconds, or in the unit of timestamps that are numbers.
            Pieces shorter than a window are then in none: `to_series` and
            `spread` give NaN for them. `None` for any.

    Raises:
        ValueError: if an argument is not as above; in methods, if a series has
            NaN, is shorter than a window or not in order, or has other columns
            than at `fit`.

    Example:

    >>> windows = Windows(8, step=4)
    >>> series = np.arange(18.0)
    >>> x = windows.fit_transform(series)
    >>> x.shape, windows.network_options
    ((4, 8, 1), {'shape': (8, 1), 'activation': 'linear'})
    >>> bool(np.allclose(windows.to_series(x, series), series, atol=1e-5))
    True
    >>> windows.spread([0.0, 0.0, 1.0, 1.0], series)[6:14].tolist()
    [0.0, 0.0, 0.5, 0.5, 0.6666666666666666, 0.6666666666666666, 1.0, 1.0]
    """

    def __init__(
        self,
        length: int,
        step: int | None = None,
        scale: str | None = "standard",
        max_gap: float | None = None,
    ):
        super().__init__()
        self.length = validation.check_integer("length", length)
        if step is not None:
            step = validation.check_integer("step", step)
        if max_gap is not None:
            max_gap = validation.check_number("max_gap", max_gap, 0, np.inf)
        self.step = step
        self.scale = validation.check_in(
            "scale", scale, ("standard", "robust", None)
        )
        self.max_gap = max_gap

    def fit(self, x, timestamps=None) -> "Windows":
        """Find the centre and the deviation of each channel.

        Args:
            x: Array `(time,)` or `(time, channels)` of finite numbers, or a
                series or frame of pandas.
            timestamps: Datetimes, their text, or numbers, one for each time
                step. Defaults to a `DatetimeIndex` of `x`, if it has one.

        Returns:
            The transformation itself.
        """
        series = read_series(x, timestamps)
        self._starts(series)  # Raises if the series is too short.
        centre, deviation = _moments(series.values, self.scale)
        self._fitted = {
            "centre": centre.tolist(),
            "deviation": deviation.tolist(),
            "columns": series.columns,
            "ndim": series.ndim,
        }
        return self

    def transform(self, x, timestamps=None) -> np.ndarray:
        """Scaled windows of a series.

        Args:
            x: As in `fit`. Columns of a frame are found by their names.
            timestamps: As in `fit`.

        Returns:
            Array of float32, `(windows, length, channels)`.
        """
        series = self._read(x, timestamps)
        fitted = self._fitted
        deviation = np.array(fitted["deviation"])
        deviation[deviation == 0] = 1.0
        values = (series.values - fitted["centre"]) / deviation
        return values.astype("float32")[self._steps(series)]

    def inverse_transform(self, x: np.ndarray) -> np.ndarray:
        """Windows in the unit of the series.

        Args:
            x: Array `(windows, length, channels)`.

        Returns:
            Array of float64 of the same shape.
        """
        fitted = self._require_fitted()
        x = check_samples("x", x, self.network_options["shape"])
        x = check_finite("x", x).astype("float64")
        return x * fitted["deviation"] + fitted["centre"]

    def to_series(self, x: np.ndarray, like=None, timestamps=None):
        """One series of windows, in its own unit.

        Where windows overlap it is their mean.

        Args:
            x: Array `(windows, length, channels)`.
            like: The series that the windows are of, or reconstruct. `None`
                for windows that follow each other every `step` time steps.
            timestamps: Those of `like`, as in `fit`.

        Returns:
            Array of the shape of the series; with `like` of pandas a series or
            frame with its index.
        """
        values = self.inverse_transform(x)
        values = self._joined(values, like, timestamps)
        if _is_pandas(like):
            return _like(values, like, self._fitted["columns"])
        return values[:, 0] if self._fitted["ndim"] == 1 else values

    def spread(self, scores: np.ndarray, like=None, timestamps=None):
        """A score for each time step from scores of windows.

        It is the mean of the windows that the time step is in.

        Args:
            scores: Array `(windows,)`, or `(windows, length)` for scores of
                each step of a window.
            like: As in `to_series`.
            timestamps: Those of `like`, as in `fit`.

        Returns:
            Array `(time,)`; with `like` of pandas a series with its index.
        """
        self._require_fitted()
        scores = real_numbers("scores", scores).astype("float64")
        if scores.shape[1:] not in ((), (self.length,)) or not scores.size:
            raise ValueError(
                f"`scores` must have the shape (windows,) or (windows, "
                f"{self.length}). Received: shape {scores.shape}"
            )
        scores = check_finite("scores", scores).reshape(len(scores), -1, 1)
        scores = np.repeat(scores, self.length // scores.shape[1], axis=1)
        values = self._joined(scores, like, timestamps)[:, 0]
        if not _is_pandas(like):
            return values
        import pandas  # It is there if `like` is one of its kinds.

        return pandas.Series(values, like.index, name="score")

    @property
    def network_options(self) -> dict:
        channels = len(self._require_fitted()["centre"])
        return {"shape": (self.length, channels), "activation": "linear"}

    def get_config(self) -> dict:
        return {
            "length": self.length,
            "step": self.step,
            "scale": self.scale,
            "max_gap": self.max_gap,
            **super().get_config(),
        }

    def _read(self, x, timestamps):
        fitted = self._require_fitted()
        series = read_series(x, timestamps, fitted["columns"])
        channels = series.values.shape[1]
        if channels != len(fitted["centre"]):
            raise ValueError(
                f"`x` must have {len(fitted['centre'])} channels, as at `fit`. "
                f"Received: {channels}"
            )
        return series

    def _starts(self, series):
        """The first row of each window."""
        count, ends = len(series.values), []
        if self.max_gap is not None and series.times is not None:
            ends = np.nonzero(series.gaps() > self.max_gap)[0] + 1
        ends = [0, *ends, count]
        starts = [
            np.minimum(
                np.arange(0, b - a - self.length + self._step, self._step) + a,
                b - self.length,
            )
            for a, b in zip(ends, ends[1:])
            if b - a >= self.length
        ]
        if not starts:
            longest = max(b - a for a, b in zip(ends, ends[1:]))
            raise ValueError(
                f"A series must be as long as a window, {self.length} time "
                f"steps. Received: {longest} of {count} without a gap"
            )
        return np.concatenate(starts)

    @property
    def _step(self):
        return self.step or max(1, self.length // 2)

    def _steps(self, series):
        """Rows of each window, `(windows, length)`."""
        return self._starts(series)[:, None] + np.arange(self.length)

    def _joined(self, values, like, timestamps):
        """Means of windows `(windows, length, channels)` at each step."""
        if like is None:
            starts = np.arange(len(values)) * self._step
            steps = starts[:, None] + np.arange(self.length)
            count = int(starts[-1]) + self.length
        else:
            series = self._read(like, timestamps)
            steps, count = self._steps(series), len(series.values)
        if len(steps) != len(values):
            raise ValueError(
                f"`like` has {len(steps)} windows. Received: {len(values)}"
            )
        total = np.zeros((count, values.shape[-1]))
        windows = np.zeros((count, 1))
        np.add.at(total, steps, values)
        np.add.at(windows, steps, 1.0)
        with np.errstate(invalid="ignore"):
            return total / windows  # NaN where there is no window.


def _moments(values, scale):
    """The centre and the deviation of each channel."""
    if scale is None:
        return np.zeros(values.shape[1]), np.ones(values.shape[1])
    centre, deviation = values.mean(0), values.std(0)
    if scale == "robust":
        low, centre, high = np.quantile(values, (0.25, 0.5, 0.75), axis=0)
        # Of a channel that hardly ever changes all quartiles are equal.
        is_spread = high > low
        deviation = np.where(is_spread, (high - low) / _QUARTILES, deviation)
    is_constant = values.min(0) == values.max(0)
    # A mean of equal numbers may be off by a rounding error.
    centre = np.where(is_constant, values[0], centre)
    return centre, np.where(is_constant, 0.0, deviation)


def _like(values, like, columns=None):
    """Values `(time, channels)` as a series or frame with the same index."""
    import pandas  # It is there if `like` is one of its kinds.

    if not hasattr(like, "columns"):
        return pandas.Series(values[:, 0], like.index, name=like.name)
    own = list(map(str, like.columns))
    frame = pandas.DataFrame(values, like.index, columns=columns or own)
    # Columns may be in another order than at `fit`.
    return frame[own].set_axis(like.columns, axis=1)


def _is_pandas(x):
    return hasattr(x, "iloc")

"""What metrics of reconstructions have in common."""

import keras
import numpy as np

from keras_aegan.arrays import array_or_tensor
from keras_aegan.arrays import check_same_shape
from keras_aegan.metrics.scales import warn_of_scales
from keras_aegan.validation import check_range

_NAMES = ("real", "reconstructed")


class ReconstructionMetric(keras.metrics.MeanMetricWrapper):
    """The mean over samples of a measure of reconstructions (abstract).

    A subclass implements `measure`. Shapes are compared whenever the metric
    is called; values are compared with `value_range` where they are known, in
    NumPy arrays.

    Args:
        value_range: Pair of floats, the least and largest value that samples
            can have, such as black and white.
        name: String.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: if `value_range` is not a pair of increasing numbers; on
            use if samples and reconstructions differ in shape, or are no real
            numbers.
    """

    def __init__(
        self,
        value_range: tuple[float, float] = (-1.0, 1.0),
        name: str | None = None,
        dtype: str | None = None,
    ):
        self.value_range = check_range("value_range", value_range)
        self._is_warned = False
        super().__init__(self.measure, name=name, dtype=dtype)
        self.reset_state()

    def measure(self, y_true, y_pred):
        """A number for each pair, a tensor `(samples,)`."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `measure`."
        )

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add samples and their reconstructions, of one shape."""
        y_true, y_pred = (
            array_or_tensor(name, x)
            for name, x in zip(_NAMES, (y_true, y_pred))
        )
        check_pair(_NAMES, y_true, y_pred)
        for side, x in zip(_NAMES, (y_true, y_pred)):
            if isinstance(x, np.ndarray):
                low, high = self._ranges.get(side, (np.inf, -np.inf))
                ends = min(low, float(x.min())), max(high, float(x.max()))
                self._ranges[side] = ends
        return super().update_state(y_true, y_pred, sample_weight)

    def result(self):
        real, reconstructed = (self._ranges.get(side) for side in _NAMES)
        if real is not None and not self._is_warned:
            self._is_warned = warn_of_scales(
                self.value_range, real, ("`value_range`", "real samples")
            )
        if None not in (real, reconstructed) and not self._is_warned:
            self._is_warned = warn_of_scales(real, reconstructed)
        return super().result()

    def reset_state(self):
        super().reset_state()
        self._ranges = {}

    def get_config(self):
        return {
            "value_range": self.value_range,
            "name": self.name,
            "dtype": self.dtype,
        }


def check_pair(names: tuple[str, str], first, second):
    """Two arrays or tensors of one shape, with samples, of real numbers.

    Args:
        names: What the caller calls the two.
        first: Array or tensor.
        second: The same.
    """
    check_same_shape(names, first, second)
    kinds = [keras.backend.standardize_dtype(x.dtype) for x in (first, second)]
    if 0 in tuple(first.shape) or any("complex" in kind for kind in kinds):
        raise ValueError(
            f"`{names[0]}` and `{names[1]}` must be non-empty arrays of real "
            f"numbers. Received: shape {tuple(first.shape)}, {kinds[0]} and "
            f"{kinds[1]}"
        )

"""Peak signal-to-noise ratio."""

import keras
from keras import ops

from keras_aegan.metrics.reconstruction_metric import ReconstructionMetric


@keras.saving.register_keras_serializable(package="keras_aegan")
class PSNR(ReconstructionMetric):
    """Peak signal-to-noise ratio (PSNR) of reconstructions, in decibels.

    `10 log10((high - low)^2 / mean squared error)` of each sample, averaged
    over samples. Higher is better; without any error it is set to 100.

    Args:
        value_range: Pair of floats, the least and largest value that samples
            can have, such as black and white.
        name: String.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: if `value_range` is not a pair of increasing numbers; on use
            if samples and reconstructions differ in shape.

    Example:

    >>> metric = PSNR(value_range=(0.0, 1.0))
    >>> x = np.zeros((2, 8, 8, 1))
    >>> round(float(metric(x, x + 0.1)), 4)
    20.0
    """

    direction = "max"

    def __init__(
        self,
        value_range: tuple[float, float] = (-1.0, 1.0),
        name: str = "psnr",
        dtype: str | None = None,
    ):
        super().__init__(value_range, name, dtype)

    def measure(self, y_true, y_pred):
        """The ratio of each sample, a tensor `(samples,)`."""
        low, high = self.value_range
        x, x_hat = (
            ops.convert_to_tensor(y, dtype="float32") for y in (y_true, y_pred)
        )
        errors = ops.square(x - x_hat)
        axes = tuple(range(1, len(errors.shape)))
        shares = ops.mean(errors, axis=axes) / (high - low) ** 2
        return -10.0 * ops.log10(ops.maximum(shares, 1e-10))

"""Structural similarity."""

import keras

from keras_aegan.metrics.reconstruction_metric import ReconstructionMetric
from keras_aegan.metrics.structural_similarity import structural_similarity


@keras.saving.register_keras_serializable(package="keras_aegan")
class SSIM(ReconstructionMetric):
    """Structural similarity (SSIM) of images and their reconstructions.

    `(2 m m' + C1) (2 c + C2) / ((m^2 + m'^2 + C1) (s^2 + s'^2 + C2))` with
    means, variances and the covariance `c` under a Gaussian window of
    standard deviation 1.5 and at most 11 x 11 pixels, on values shifted to
    `[0, R]`,
    `C1 = (0.01 R)^2`, `C2 = (0.03 R)^2`; averaged over the positions
    where the window fits, channels and samples. At most 1, which is best.

    Args:
        value_range: Pair of floats, the values of black and white.
        name: String.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: if `value_range` is not a pair of increasing numbers; on use
            if samples are not images `(samples, height, width, channels)`.

    Example:

    >>> x = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 1))
    >>> round(float(SSIM()(x, x)), 4)
    1.0

    Reference: Wang et al. 2004, "Image quality assessment: from error
    visibility to structural similarity", equation 13.
    """

    direction = "max"

    def __init__(
        self,
        value_range: tuple[float, float] = (-1.0, 1.0),
        name: str = "ssim",
        dtype: str | None = None,
    ):
        super().__init__(value_range, name, dtype)

    def measure(self, y_true, y_pred):
        """The similarity of each pair, a tensor `(samples,)`."""
        return structural_similarity(y_true, y_pred, self.value_range)[0]

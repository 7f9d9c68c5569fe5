"""How many numbers of a code say anything about the sample."""

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Moments


class ActiveUnits(SampleMetric):
    """The numbers of a code whose variance over samples is above a threshold.

    `sum over j of [Var_x(E(x)_j) > threshold]`. An encoder whose posterior
    has collapsed gives all samples one code, and 0 active units.

    Args:
        threshold: Positive float.
        name: String.

    Raises:
        ValueError: if `threshold` is not positive; on `result` if there are
            fewer than two codes.

    Example:

    >>> z = np.random.default_rng(0).normal(size=(100, 3))
    >>> ActiveUnits()(z * [1.0, 0.5, 0.01])
    2

    Reference: Burda et al. 2016, arXiv:1509.00519, section 5.
    """

    summary = Moments
    inputs = ("codes",)
    needs_real = False

    def __init__(self, threshold=0.01, name="active_units"):
        super().__init__(name=name)
        if not threshold > 0:
            raise ValueError(
                f"`threshold` must be positive. Received: {threshold!r}"
            )
        self.threshold = threshold

    def update_state(self, codes):
        """Add codes of samples, an array `(samples, latent_dim)`."""
        self.update_generated(codes)

    def compare(self, real, generated):
        if generated.count < 2:
            raise ValueError(
                "A variance needs at least 2 codes. "
                f"Received: {generated.count}"
            )
        variances = generated.covariance.diagonal()
        return int((variances > self.threshold).sum())

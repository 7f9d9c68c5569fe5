"""How many numbers of a code say anything about the sample."""

import keras

from keras_aegan.metrics.sample_metric import as_array
from keras_aegan.metrics.statistics import Moments


class ActiveUnits(keras.metrics.Metric):
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

    inputs = ("codes",)

    def __init__(self, threshold=0.01, name="active_units"):
        super().__init__(name=name)
        if not threshold > 0:
            raise ValueError(
                f"`threshold` must be positive. Received: {threshold!r}"
            )
        self.threshold = threshold
        self._moments = None

    def update_state(self, codes):
        """Add codes of samples, an array `(samples, latent_dim)`."""
        moments = Moments.of(as_array(codes))
        self._moments = self._moments + moments if self._moments else moments

    def result(self):
        """The number of active units, an integer."""
        count = self._moments.count if self._moments else 0
        if count < 2:
            raise ValueError(
                f"A variance needs at least 2 codes. Received: {count}"
            )
        variances = self._moments.covariance.diagonal()
        return int((variances > self.threshold).sum())

    def reset_state(self):
        self._moments = None

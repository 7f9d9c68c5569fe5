"""How many dimensions of a code carry information about the sample."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Moments
from keras_aegan.validation import check_number


class ActiveUnits(SampleMetric):
    """Active units (AU): dimensions of a code with variance over samples.

    `sum over j of [Var_x(E(x)_j) > threshold]`. An encoder whose posterior
    has collapsed gives all samples the same code, and 0 active units.

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
    direction = "max"
    needs_real = False
    minimum_samples = 2

    def __init__(self, threshold: float = 0.01, name: str = "active_units"):
        super().__init__(name=name)
        self.threshold = check_number(
            "threshold", threshold, 0.0, open_ends="lower"
        )

    def update_state(self, codes: np.ndarray):
        """Add codes of samples, an array `(samples, latent_dim)`."""
        self.update_generated(codes)

    def compare(self, real: None, generated: Moments) -> int:
        return int((generated.variances > self.threshold).sum())

    def get_config(self):
        return {"threshold": self.threshold, "name": self.name}

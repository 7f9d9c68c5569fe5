"""How rare a score is among those of the training rows."""

import numpy as np


class Tail:
    """`-log p(s)` with p the share of training scores that are not below s.

    `p(s) = (1 + #{training >= s}) / (n + 1)`, with straight lines between the
    training scores. Beyond their greatest, m, it grows by `(s - m) / t`, t the
    mean excess of their upper tenth, as the tail of an exponential
    distribution does: of two rows beyond, the further one is odder.

    Sums of it over several scores are Fisher's statistic for the joint
    evidence of several tests, up to a factor of 2.

    Example:

    >>> tail = Tail().fit(np.array([1.0, 2.0, 3.0]))
    >>> np.exp(-tail(np.array([0.0, 1.0, 3.0]))).round(2).tolist()
    [1.0, 1.0, 0.5]

    Reference: Fisher 1932, Statistical Methods for Research Workers, section
    21.1.
    """

    def __init__(self):
        self.arrays = {}

    def fit(self, scores: np.ndarray):
        """Take the scores of training rows.

        Args:
            scores: Array of floats `(samples,)`.

        Returns:
            The function.
        """
        count = len(scores)
        values, first = np.unique(np.sort(scores), return_index=True)
        heights = -np.log((1 + count - first) / (count + 1))
        start = np.quantile(scores, 0.9)
        excess = float(np.mean(scores[scores >= start] - start))
        spread = float(np.std(scores)) or 1.0
        self.arrays = {
            "values": values,
            "heights": heights,
            "excess": np.array(excess or spread),
        }
        return self

    def __call__(self, scores: np.ndarray) -> np.ndarray:
        """How rare each score is, from 0 up.

        Args:
            scores: Array of floats `(samples,)`.
        """
        values = self.arrays["values"]
        inside = np.interp(scores, values, self.arrays["heights"])
        beyond = np.maximum(scores - values[-1], 0.0) / self.arrays["excess"]
        return inside + beyond

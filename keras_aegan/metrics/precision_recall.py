"""How many samples look real, and how many real ones could be samples."""

import numpy as np

from keras_aegan.metrics.neighbours import NeighbourMetric
from keras_aegan.metrics.neighbours import squared_distances
from keras_aegan.metrics.neighbours import squared_radii


class PrecisionRecall(NeighbourMetric):
    """Shares of generated samples among real ones, and the other way round.

    Each sample stands for a ball that reaches to its k-th nearest neighbour
    of its own kind. Precision is the share of generated samples inside the
    ball of some real one, recall the share of real samples inside the ball of
    some generated one. Both in [0, 1], 1 is best. An odd real sample has a
    large ball, which `DensityCoverage` minds less.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        k: Positive integer.
        cache: Path of a folder in which the features of real samples are
            kept, under a name of their content. `None` for none.
        name: String.

    Raises:
        ValueError: if `k` is not a positive integer; on `result` if a side
            has not more than `k` samples.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(100, 2))
    >>> metric = PrecisionRecall()
    >>> metric(x, x + 100.0)
    {'precision': 0.0, 'recall': 0.0}

    Reference: Kynkäänniemi et al. 2019, arXiv:1904.06991, equations 1 and 2.
    A sample on the edge of a ball is outside, as for `DensityCoverage`.
    """

    entries = ("precision", "recall")

    def __init__(self, features=None, k=3, cache=None, name="precision_recall"):
        super().__init__(features, k, cache, name)

    def compare_balls(self, real, generated, real_radii):
        radii = squared_radii(generated, self.k)
        precise = np.zeros(len(generated), bool)
        recalled = []
        for i, distances in squared_distances(real, generated):
            block_radii = real_radii[i : i + len(distances), None]
            precise |= (distances < block_radii).any(0)
            recalled.append((distances < radii).any(1))
        return {
            "precision": float(precise.mean()),
            "recall": float(np.concatenate(recalled).mean()),
        }

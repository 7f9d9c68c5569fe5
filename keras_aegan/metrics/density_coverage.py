"""How densely samples lie among real ones, and how many of these they reach."""

import numpy as np

from keras_aegan.metrics.neighbours import NeighbourMetric
from keras_aegan.metrics.neighbours import squared_distances


class DensityCoverage(NeighbourMetric):
    """Density of generated samples around real ones, and coverage of these.

    Each real sample stands for a ball that reaches to its k-th nearest real
    neighbour. Density is the number of balls that a generated sample lies in,
    on average and divided by k; it is near 1 for the data itself and may be
    larger. Coverage is the share of balls with a generated sample inside, in
    [0, 1], 1 is best. Density alone says little: noise can score high.

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
    >>> metric = DensityCoverage()
    >>> metric(x, x[:50])["coverage"] > 0.9
    True

    Reference: Naeem et al. 2020, arXiv:2002.09797, equations 4 and 5.
    """

    entries = ("density", "coverage")

    def __init__(self, features=None, k=5, cache=None, name="density_coverage"):
        super().__init__(features, k, cache, name)

    def compare_balls(self, real, generated, real_radii):
        inside, covered = 0, []
        for i, distances in squared_distances(real, generated):
            is_inside = distances < real_radii[i : i + len(distances), None]
            inside += int(is_inside.sum())
            covered.append(is_inside.any(1))
        return {
            "density": inside / (self.k * len(generated)),
            "coverage": float(np.concatenate(covered).mean()),
        }

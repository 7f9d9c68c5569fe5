"""Density and coverage of generated samples among real ones."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.nearest_neighbours import Balls
from keras_aegan.metrics.nearest_neighbours import NeighbourMetric


class DensityCoverage(NeighbourMetric):
    """Density and coverage of generated samples.

    Each real sample has a ball whose radius is the distance to its k-th
    nearest real neighbour; samples on its boundary are inside. Density is the
    number of balls that contain a generated sample, averaged over these, each
    ball divided by the k neighbours that it contains, or more if several are
    as far as the k-th. It is near 1 for the distribution of the data, and
    `(k + 1) / k` for copies of the data; it may be larger. Coverage is the
    fraction of balls that contain a generated sample, in [0, 1], 1 is best.
    Density alone says little: noise can score high.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        k: Positive integer.
        cache: Path of a folder for the features of real samples, in files
            named by a hash of their content. `None` for none.
        name: String.

    Raises:
        ValueError: if `k` is not a positive integer; on `result` if there are
            not more than `k` real or generated samples.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(100, 2))
    >>> metric = DensityCoverage()
    >>> metric(x, x[:50])["coverage"] > 0.9
    True

    Reference: Naeem et al. 2020, arXiv:2002.09797, equations 4 and 5. In the
    authors' program a sample on the boundary is outside, and every ball is
    divided by k: the same, unless distances are equal, as in a table of yes
    and no, where it gives 0.
    """

    entries = ("density", "coverage")
    direction = "max"

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        k: int = 5,
        cache: str | os.PathLike | None = None,
        name: str = "density_coverage",
    ):
        super().__init__(features, k, cache, name)

    def compare_balls(self, real: Balls, generated: np.ndarray) -> dict:
        density, covered = 0.0, []
        for chosen, is_inside in real.contain(generated):
            density += (is_inside.sum(1) / real.neighbours[chosen]).sum()
            covered.append(is_inside.any(1))
        return {
            "density": float(density / len(generated)),
            "coverage": float(np.concatenate(covered).mean()),
        }

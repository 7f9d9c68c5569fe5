"""Density and coverage of generated samples among real ones."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.nearest_neighbours import NeighbourMetric
from keras_aegan.metrics.nearest_neighbours import squared_distances


class DensityCoverage(NeighbourMetric):
    """Density and coverage of generated samples.

    Each real sample has a ball whose radius is the distance to its k-th
    nearest real neighbour. Density is the number of balls that contain a
    generated sample, averaged over these and divided by k; it is near 1 for
    the data itself and may be larger. Coverage is the fraction of balls that
    contain a generated sample, in [0, 1], 1 is best. Density alone says
    little: noise can score high.

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

    Reference: Naeem et al. 2020, arXiv:2002.09797, equations 4 and 5.
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

    def compare_balls(
        self,
        real: np.ndarray,
        generated: np.ndarray,
        squared_radii: np.ndarray,
    ) -> dict:
        inside, covered = 0, []
        for i, distances in squared_distances(real, generated):
            is_inside = distances < squared_radii[i : i + len(distances), None]
            inside += int(is_inside.sum())
            covered.append(is_inside.any(1))
        return {
            "density": inside / (self.k * len(generated)),
            "coverage": float(np.concatenate(covered).mean()),
        }

"""Improved precision and recall of generated samples."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.nearest_neighbours import Balls
from keras_aegan.metrics.nearest_neighbours import NeighbourMetric


class PrecisionRecall(NeighbourMetric):
    """Improved precision and recall of generated samples.

    Each sample has a ball whose radius is the distance to its k-th nearest
    neighbour, real for real samples and generated for generated ones; samples
    on its boundary are inside. Precision is the fraction of generated samples
    inside the ball of some real one, recall the fraction of real samples
    inside the ball of some generated one. Both are in [0, 1], 1 is best. A
    real outlier has a large ball and raises the precision; `DensityCoverage`
    is more robust.

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
    >>> metric = PrecisionRecall()
    >>> metric(x, x + 100.0)
    {'precision': 0.0, 'recall': 0.0}

    Reference: Kynkäänniemi et al. 2019, arXiv:1904.06991, equations 1 and 2.
    """

    entries = ("precision", "recall")
    direction = "max"

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        k: int = 3,
        cache: str | os.PathLike | None = None,
        name: str = "precision_recall",
    ):
        super().__init__(features, k, cache, name)

    def compare_balls(self, real: Balls, generated: np.ndarray) -> dict:
        precise = np.zeros(len(generated), bool)
        for _, is_inside in real.contain(generated):
            precise |= is_inside.any(0)
        recalled = np.zeros(len(real.centres), bool)
        for _, is_inside in Balls(generated, self.k).contain(real.centres):
            recalled |= is_inside.any(0)
        return {
            "precision": float(precise.mean()),
            "recall": float(recalled.mean()),
        }

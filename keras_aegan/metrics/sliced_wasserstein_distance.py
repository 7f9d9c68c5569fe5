"""Sliced Wasserstein distance between two sets of samples."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Rows
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


class SlicedWassersteinDistance(SampleMetric):
    """Sliced Wasserstein distance (SWD): over random projections.

    `(mean over directions of the integral of |F_r^-1(u) - F_g^-1(u)|^order
    over u)^(1 / order)`, with `F^-1` the quantile function of the features
    projected on a direction of length 1. 0 is best. Along each direction it
    is exact, for any numbers of real and generated samples, and costs as much
    as sorting them.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        num_projections: Positive integer, the number of directions.
        order: Positive number.
        seed: Integer, chooses the directions.
        cache: Path of a folder for the projections of real samples, in files
            named by a hash of their content. `None` for none.
        name: String.

    Raises:
        ValueError: if `num_projections` is not a positive integer or `order`
            not positive; on `result` if there are fewer than two real or
            generated samples.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(100, 1))
    >>> metric = SlicedWassersteinDistance(order=1)
    >>> round(metric(x, x + 3.0), 5)
    3.0

    Reference: Rabin et al. 2011, "Wasserstein barycenter and its application
    to texture mixing", equation 4.
    """

    minimum_samples = 2
    direction = "min"

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        num_projections: int = 128,
        order: float = 2,
        seed: int = 0,
        cache: str | os.PathLike | None = None,
        name: str = "sliced_wasserstein_distance",
    ):
        super().__init__(features, cache, name)
        self.num_projections = check_integer("num_projections", num_projections)
        check_number("order", order, 0.0, open_ends="lower")
        self.order = order
        self.seed = check_integer("seed", seed, minimum=0)

    def summarize(self, features: np.ndarray) -> Rows:
        rng = np.random.default_rng(self.seed)
        size = features.shape[1], self.num_projections
        directions = rng.normal(size=size)
        directions /= np.sqrt(np.square(directions).sum(0))
        return super().summarize(features @ directions)

    def summary_name(self) -> str:
        return f"Projections {self.num_projections} {self.seed}"

    def compare(self, real: Rows, generated: Rows) -> float:
        sides = [
            np.sort(s.rows.astype("float64"), 0) for s in (real, generated)
        ]
        # Both quantile functions are constant between these levels.
        levels = [np.arange(len(x) + 1) / len(x) for x in sides]
        levels = np.unique(np.concatenate(levels))
        middles = (levels[1:] + levels[:-1]) / 2
        first, second = (x[np.int64(middles * len(x))] for x in sides)
        costs = np.diff(levels) @ np.abs(first - second) ** self.order
        return float(costs.mean() ** (1.0 / self.order))

    def get_config(self):
        config = {
            "num_projections": self.num_projections,
            "order": self.order,
            "seed": self.seed,
        }
        return {**super().get_config(), **config}

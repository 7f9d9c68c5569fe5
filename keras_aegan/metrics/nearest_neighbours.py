"""Distances to nearest neighbours, and metrics of the balls they span."""

import os
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Rows
from keras_aegan.validation import check_integer

_BLOCK = 1000


class NeighbourMetric(SampleMetric):
    """A metric of the balls around samples (abstract).

    The radius of a sample's ball is the distance to its k-th nearest
    neighbour, real for real samples and generated for generated ones. Balls
    are closed: where many samples are equal, radii are 0, and other samples
    are as far from the centre as the k-th. Distances that differ by no more
    than their rounding count as equal.

    Args:
        features: See `SampleMetric`.
        k: Positive integer.
        cache: See `SampleMetric`.
        name: String or `None`.

    Raises:
        ValueError: if `k` is not a positive integer.
    """

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        k: int = 5,
        cache: str | os.PathLike | None = None,
        name: str | None = None,
    ):
        super().__init__(features, cache, name)
        self.k = check_integer("k", k)
        self.minimum_samples = self.k + 1
        self._known: tuple[Any, Any] = None, None

    def reset_state(self):
        super().reset_state()
        self._known = None, None

    def compare(self, real: Rows, generated: Rows) -> dict:
        # Many sets of generated samples are compared with the same real ones.
        if self._known[0] is not real:
            self._known = real, Balls(real.rows, self.k)
        return self.compare_balls(self._known[1], generated.rows)

    def compare_balls(self, real: "Balls", generated: np.ndarray) -> dict:
        """The result, from the balls of real samples, and generated ones."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `compare_balls`."
        )

    def get_config(self):
        return {**super().get_config(), "k": self.k}


class Balls:
    """Closed balls around samples, up to the k-th nearest of the others.

    Args:
        centres: Array `(n, dimensions)`.
        k: Integer, less than `n`.

    Attributes:
        neighbours: Array `(n,)`, how many others each ball contains: k, or
            more if several are as far as the k-th.
    """

    def __init__(self, centres: np.ndarray, k: int):
        self.centres = centres
        radii, neighbours = [], []
        for i, distances, rounding in _rounded_distances(centres, centres):
            # Rounding must not give a row a distance to itself.
            np.fill_diagonal(distances[:, i:], 0.0)
            nearest = np.argpartition(distances, k, axis=1)[:, k, None]
            largest = sum(
                np.take_along_axis(x, nearest, 1) for x in (distances, rounding)
            )
            radii.append(largest)
            neighbours.append((distances - rounding <= largest).sum(1) - 1)
        self._squared_radii = np.concatenate(radii)
        self.neighbours = np.concatenate(neighbours)

    def contain(self, samples: np.ndarray):
        """Which balls contain which samples, in blocks of balls.

        Args:
            samples: Array `(m, dimensions)`.

        Yields:
            Pairs of a slice of balls and a boolean array `(balls, m)`.
        """
        for i, distances, rounding in _rounded_distances(self.centres, samples):
            chosen = slice(i, i + len(distances))
            distances -= rounding
            yield chosen, distances <= self._squared_radii[chosen]


def squared_distances(rows: np.ndarray, others: np.ndarray):
    """Blocks of the squared distances between two sets of rows.

    Args:
        rows: Array `(n, dimensions)`.
        others: Array `(m, dimensions)`.

    Yields:
        Pairs of the index of a block's first row and the array of the block's
        distances, float64, of shape `(rows in the block, m)`.
    """
    for i, distances, _ in _rounded_distances(rows, others):
        yield i, np.maximum(distances, 0.0, out=distances)


def _rounded_distances(rows, others):
    """The same, not clipped at 0, with the largest error of each distance."""
    rows, others = (np.asarray(x, "float64") for x in (rows, others))
    # Squares are exact to a fraction of the squared norms, so that rows far
    # from 0 would lose their distances. A median ignores outliers.
    centre = np.median(others, axis=0)
    others = others - centre
    squares = np.square(others).sum(1)
    for i in range(0, len(rows), _BLOCK):
        block = rows[i : i + _BLOCK] - centre
        norms = squares + np.square(block).sum(1)[:, None]
        distances = block @ (-2.0 * others.T)
        distances += norms
        # The bound of a sum of as many products, in any order.
        norms *= (rows.shape[1] + 4) * np.finfo("float64").eps
        yield i, distances, norms

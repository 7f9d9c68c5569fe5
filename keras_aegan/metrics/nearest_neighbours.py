"""Distances to nearest neighbours, and metrics of the balls they span."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Rows
from keras_aegan.validation import check_integer

_BLOCK = 1000


class NeighbourMetric(SampleMetric):
    """A metric of the balls around samples (abstract).

    The radius of a sample's ball is the distance to its k-th nearest
    neighbour, real for real samples and generated for generated ones; points
    on the boundary are outside.

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
        self._known = None, None

    def reset_state(self):
        super().reset_state()
        self._known = None, None

    def compare(self, real: Rows, generated: Rows) -> dict:
        if min(real.count, generated.count) <= self.k:
            raise ValueError(
                f"The {self.k} nearest neighbours of a sample need at least "
                f"{self.k + 1} samples of each kind. Received: {real.count} "
                f"real and {generated.count} generated ones"
            )
        # Many sets of generated samples are compared with the same real ones.
        if self._known[0] is not real:
            self._known = real, squared_radii_of(real.rows, self.k)
        return self.compare_balls(
            real.rows.astype("float64"),
            generated.rows.astype("float64"),
            self._known[1],
        )

    def compare_balls(
        self,
        real: np.ndarray,
        generated: np.ndarray,
        squared_radii: np.ndarray,
    ) -> dict:
        """The result, from features and the radii of the real samples."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `compare_balls`."
        )

    def get_config(self):
        return {**super().get_config(), "k": self.k}


def squared_distances(rows: np.ndarray, others: np.ndarray):
    """Blocks of the squared distances between two sets of rows.

    Args:
        rows: Array `(n, dimensions)`, float64.
        others: Array `(m, dimensions)`, float64.

    Yields:
        Pairs of the index of a block's first row and the array of the block's
        distances, of shape `(rows in the block, m)`.
    """
    squares = np.square(others).sum(1)
    for i in range(0, len(rows), _BLOCK):
        block = rows[i : i + _BLOCK]
        distances = block @ (-2.0 * others.T)
        distances += squares
        distances += np.square(block).sum(1)[:, None]
        yield i, np.maximum(distances, 0.0, out=distances)


def squared_radii_of(rows: np.ndarray, k: int) -> np.ndarray:
    """Squared distance of each row to its k-th nearest among the others.

    Args:
        rows: Array `(n, dimensions)`.
        k: Integer, less than `n`.
    """
    rows = np.asarray(rows, "float64")
    radii = []
    for i, distances in squared_distances(rows, rows):
        # Rounding must not give a row a distance to itself.
        np.fill_diagonal(distances[:, i:], 0.0)
        radii.append(np.partition(distances, k, axis=1)[:, k])
    return np.concatenate(radii)

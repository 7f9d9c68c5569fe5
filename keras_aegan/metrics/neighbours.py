"""Metrics of balls that reach to a sample's nearest neighbours."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric

_BLOCK = 1000


class NeighbourMetric(SampleMetric):
    """A metric of the balls around samples (abstract).

    The ball of a sample reaches to its k-th nearest neighbour of its own
    kind; what lies on the edge is outside.

    Args:
        features: See `SampleMetric`.
        k: Positive integer.
        cache: See `SampleMetric`.
        name: String or `None`.

    Raises:
        ValueError: if `k` is not a positive integer.
    """

    def __init__(self, features=None, k=5, cache=None, name=None):
        super().__init__(features, cache, name)
        if not isinstance(k, int) or k < 1:
            raise ValueError(
                f"`k` must be a positive integer. Received: k={k!r}"
            )
        self.k = k
        self._known = None, None

    def reset_state(self):
        super().reset_state()
        self._known = None, None

    def compare(self, real, generated):
        if min(real.count, generated.count) <= self.k:
            raise ValueError(
                f"The {self.k} nearest neighbours of a sample need at least "
                f"{self.k + 1} samples of each kind. Received: {real.count} "
                f"real and {generated.count} generated ones"
            )
        # The balls of the real samples serve for many sets of generated ones.
        if self._known[0] is not real:
            self._known = real, squared_radii(real.rows, self.k)
        return self.compare_balls(
            real.rows.astype("float64"),
            generated.rows.astype("float64"),
            self._known[1],
        )

    def compare_balls(self, real, generated, squared_radii):
        """The result, from features and the radii of the real samples."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `compare_balls`."
        )


def squared_distances(rows, others):
    """Blocks of the squared distances between two sets of rows.

    Args:
        rows: Array `(n, dimensions)`, float64.
        others: Array `(m, dimensions)`, float64.

    Yields:
        Pairs of the position of a block and the array of its distances, of
        shape `(rows in the block, m)`.
    """
    squares = np.square(others).sum(1)
    for i in range(0, len(rows), _BLOCK):
        block = rows[i : i + _BLOCK]
        distances = block @ (-2.0 * others.T)
        distances += squares
        distances += np.square(block).sum(1)[:, None]
        yield i, np.maximum(distances, 0.0, out=distances)


def squared_radii(rows, k):
    """Squared distance of each row from its k-th nearest among the others.

    Args:
        rows: Array `(n, dimensions)`.
        k: Integer, less than `n`.
    """
    rows = np.asarray(rows, "float64")
    radii = []
    for i, distances in squared_distances(rows, rows):
        # Rounding must not put a row away from itself.
        np.fill_diagonal(distances[:, i:], 0.0)
        radii.append(np.partition(distances, k, axis=1)[:, k])
    return np.concatenate(radii)

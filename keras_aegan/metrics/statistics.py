"""Summaries of features that metrics accumulate over batches."""

import numpy as np


class Moments:
    """Count, mean and covariance of rows, merged in float64.

    Merging is exact whatever the batches: `M = M_a + M_b + (m_b - m_a)
    (m_b - m_a)^T n_a n_b / n`, with `M` the sum of the outer products of the
    deviations from the mean.

    Args:
        count: Integer, the number of rows.
        mean: Array `(dimensions,)`.
        scatter: Array `(dimensions, dimensions)`, `M` above.

    Reference: Chan, Golub and LeVeque 1979, STAN-CS-79-773, equation 2.1.
    """

    def __init__(self, count: int, mean: np.ndarray, scatter: np.ndarray):
        self.count = int(count)
        self.mean = mean
        self.scatter = scatter

    def arrays(self) -> dict:
        """The arguments of the constructor, which `StatisticsCache` stores."""
        return vars(self)

    @classmethod
    def of(cls, rows: np.ndarray):
        """The moments of an array `(count, dimensions)`."""
        rows = np.asarray(rows, "float64")
        mean = rows.mean(0)
        centred = rows - mean
        return cls(len(rows), mean, centred.T @ centred)

    def __add__(self, other):
        count = self.count + other.count
        shift = other.mean - self.mean
        share = other.count / count
        weight = self.count * share
        return Moments(
            count,
            self.mean + share * shift,
            self.scatter + other.scatter + weight * np.outer(shift, shift),
        )

    @property
    def covariance(self) -> np.ndarray:
        """The unbiased covariance, of at least two rows."""
        return self.scatter / (self.count - 1)


class Rows:
    """All rows themselves, in float32.

    Args:
        rows: Array `(count, dimensions)`.
    """

    def __init__(self, rows: np.ndarray):
        self._parts = [np.asarray(rows, "float32")]

    @classmethod
    def of(cls, rows: np.ndarray):
        """The rows of an array `(count, dimensions)`."""
        return cls(rows)

    def arrays(self) -> dict:
        """The arguments of the constructor, which `StatisticsCache` stores."""
        return {"rows": self.rows}

    def __add__(self, other):
        result = Rows(self.rows[:0])
        result._parts = self._parts + other._parts
        return result

    @property
    def rows(self) -> np.ndarray:
        """Array `(count, dimensions)`."""
        # Concatenating once, when asked, is linear in the number of batches.
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        return self._parts[0]

    @property
    def count(self) -> int:
        """Integer, the number of rows."""
        return sum(map(len, self._parts))

"""What a metric keeps of samples that pass by in batches."""

import numpy as np


class Moments:
    """Count, mean and covariance of rows, merged in float64.

    Merging is exact whatever the batches: `M = M_a + M_b + (m_b - m_a)
    (m_b - m_a)^T n_a n_b / n`, with `M` the sum of the outer products of the
    distances from the mean.

    Args:
        count: Integer, the number of rows.
        mean: Array `(dimensions,)`.
        scatter: Array `(dimensions, dimensions)`, `M` above.

    Reference: Chan, Golub and LeVeque 1979, STAN-CS-79-773, equation 2.1.
    """

    def __init__(self, count, mean, scatter):
        self.count = int(count)
        self.mean = mean
        self.scatter = scatter

    def arrays(self):
        """The arguments that make another such object."""
        return vars(self)

    @classmethod
    def of(cls, rows):
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
    def covariance(self):
        """The unbiased covariance; needs two rows."""
        return self.scatter / (self.count - 1)


class Rows:
    """All rows themselves, in float32.

    Args:
        rows: Array `(count, dimensions)`.
    """

    def __init__(self, rows):
        self._parts = [np.asarray(rows, "float32")]

    @classmethod
    def of(cls, rows):
        """The rows of an array `(count, dimensions)`."""
        return cls(rows)

    def arrays(self):
        """The arguments that make another such object."""
        return {"rows": self.rows}

    def __add__(self, other):
        result = Rows(self.rows[:0])
        result._parts = self._parts + other._parts
        return result

    @property
    def rows(self):
        """Array `(count, dimensions)`."""
        if len(self._parts) > 1:
            self._parts = [np.concatenate(self._parts)]
        return self._parts[0]

    @property
    def count(self):
        """Integer, the number of rows."""
        return sum(map(len, self._parts))

"""Summaries of features that metrics accumulate over batches."""

import functools
from typing import Any

import numpy as np


class Rows:
    """All rows themselves, in float32, or float64 where they need it.

    Args:
        rows: Array `(count, dimensions)`.
    """

    def __init__(self, rows: np.ndarray):
        rows = np.asarray(rows)
        self._parts = [rows.astype(np.result_type(rows, "float32"))]

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

    @property
    def dimensions(self) -> int:
        """Integer, the number of columns."""
        return self._parts[0].shape[1]


class Moments:
    """Count, mean and covariance of rows, in float64.

    As many rows as dimensions, or fewer, are kept themselves, which is
    smaller than their covariance. More are merged, exactly whatever the
    batches: `M = M_a + M_b + (m_b - m_a) (m_b - m_a)^T n_a n_b / n`, with `M`
    the sum of the outer products of the deviations from the mean.

    Args:
        rows: Array `(count, dimensions)`; `None` with the other arguments.
        count: Integer, the number of rows.
        mean: Array `(dimensions,)`.
        scatter: Array `(dimensions, dimensions)`, `M` above.

    Reference: Chan, Golub and LeVeque 1979, STAN-CS-79-773, equation 2.1.
    """

    def __init__(
        self,
        rows: np.ndarray | None = None,
        count: int = 0,
        mean: np.ndarray | None = None,
        scatter: np.ndarray | None = None,
    ):
        if rows is not None and not isinstance(rows, Rows):
            rows = Rows(np.asarray(rows, "float64"))
        # Either the rows or the two moments.
        self._rows: Any = rows
        self._mean: Any = mean
        self._scatter: Any = scatter
        self.count = int(count) if rows is None else rows.count

    @classmethod
    def of(cls, rows: np.ndarray):
        """The moments of an array `(count, dimensions)`."""
        moments = cls(rows)
        is_large = len(rows) > rows.shape[1]
        return cls(**moments._merged()) if is_large else moments

    def arrays(self) -> dict:
        """The arguments of the constructor, which `StatisticsCache` stores."""
        return self._merged() if self._rows is None else self._rows.arrays()

    def _merged(self):
        if self._rows is None:
            scatter = self._scatter
        else:
            centred = self._rows.rows - self.mean
            scatter = centred.T @ centred
        return {"count": self.count, "mean": self.mean, "scatter": scatter}

    def __add__(self, other):
        count = self.count + other.count
        sides = self._rows, other._rows
        if None not in sides and count <= self.dimensions:
            return Moments(sides[0] + sides[1])
        a, b = self._merged(), other._merged()
        shift = b["mean"] - a["mean"]
        share = other.count / count
        between = self.count * share * np.outer(shift, shift)
        return Moments(
            count=count,
            mean=a["mean"] + share * shift,
            scatter=a["scatter"] + b["scatter"] + between,
        )

    @property
    def dimensions(self) -> int:
        """Integer, the number of columns."""
        return len(self._mean) if self._rows is None else self._rows.dimensions

    @property
    def mean(self) -> np.ndarray:
        """The mean, an array `(dimensions,)`."""
        return self._mean if self._rows is None else self._rows.rows.mean(0)

    @functools.cached_property
    def root(self) -> np.ndarray:
        """An array `R` with `R^T R` the unbiased covariance.

        It has as many rows as there are samples, or dimensions if those are
        fewer. At least two samples are needed.
        """
        if self._rows is not None:
            centred = self._rows.rows - self.mean
            return centred / np.sqrt(self.count - 1)
        values, vectors = np.linalg.eigh(self._scatter / (self.count - 1))
        return np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T

    @property
    def variances(self) -> np.ndarray:
        """Unbiased variances, an array `(dimensions,)`, of two rows or more."""
        if self._rows is not None:
            return self._rows.rows.var(0, ddof=1)
        return self._scatter.diagonal() / (self.count - 1)

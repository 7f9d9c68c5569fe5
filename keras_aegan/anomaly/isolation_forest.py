"""An isolation forest whose trees are plain arrays."""

import numpy as np

_EULER = 0.5772156649015329


def average_path_length(count: np.ndarray) -> np.ndarray:
    """Mean depth of an unsuccessful search in a binary tree of `count` rows.

    `c(n) = 2 H(n - 1) - 2 (n - 1) / n` with `H(k) = ln(k) + 0.5772`;
    `c(2) = 1`, `c(1) = 0`.

    Args:
        count: Array of positive integers.
    """
    n = np.maximum(np.asarray(count, "float64"), 2.0)
    length = 2 * (np.log(np.maximum(n - 1, 1)) + _EULER) - 2 * (n - 1) / n
    return np.where(np.asarray(count) > 2, length, np.asarray(count) == 2)


class IsolationForest:
    """How soon random splits isolate a row.

    Each tree sees 256 rows and splits them by a random column at a random
    number between the column's ends, until a row is alone or the tree is as
    deep as its binary logarithm of rows. A row's score is
    `2^(-E[h] / c(256))`, h the depth at which it ends, plus `c(rows)` if it
    ends beside others.

    scikit-learn has the same; these trees are arrays, which a detector saves
    without pickle.

    Args:
        trees: Positive integer.
        sample: Positive integer, rows that a tree sees at most.

    Example:

    >>> rows = np.random.default_rng(0).normal(size=(100, 2))
    >>> forest = IsolationForest().fit(rows, np.random.default_rng(0))
    >>> near, far = forest.score(np.array([[0.0, 0.0], [9.0, 9.0]]))
    >>> bool(far > near)
    True

    Reference: Liu, Ting and Zhou 2008, Isolation Forest, equations 1 and 2.
    """

    def __init__(self, trees: int = 100, sample: int = 256):
        self.trees = trees
        self.sample = sample
        self.arrays = {}

    def fit(self, rows: np.ndarray, rng: np.random.Generator):
        """Build the trees, all of them level by level.

        Args:
            rows: Array `(samples, columns)`, finite.
            rng: Random generator.

        Returns:
            The forest.
        """
        count = min(self.sample, len(rows))
        depth = int(np.ceil(np.log2(max(count, 2))))
        seen = [rng.permutation(len(rows))[:count] for _ in range(self.trees)]
        x = rows[np.concatenate(seen)]
        node = np.repeat(np.arange(self.trees), count)
        ended = np.full(len(x), depth)
        columns, thresholds = [], []
        for level in range(depth):
            column, threshold, is_alone = _split(
                x, node, self.trees << level, rng
            )
            ended = np.where(is_alone[node], np.minimum(ended, level), ended)
            right = x[np.arange(len(x)), column[node]] > threshold[node]
            # A node that cannot be split hands all its rows to the left.
            node = 2 * node + right
            columns.append(column)
            thresholds.append(threshold)
        sizes = np.bincount(node, minlength=self.trees << depth)
        lengths = np.zeros(len(sizes))
        lengths[node] = ended + average_path_length(sizes[node])
        self.arrays = {
            "columns": np.concatenate(columns).astype("int32"),
            "thresholds": np.concatenate(thresholds),
            "lengths": lengths,
            "count": np.array(count),
        }
        return self

    def score(self, rows: np.ndarray) -> np.ndarray:
        """Scores in (0, 1), higher for rows that are isolated sooner.

        Args:
            rows: Array `(samples, columns)`.
        """
        columns, thresholds = self.arrays["columns"], self.arrays["thresholds"]
        trees = np.arange(self.trees)
        first, node = 0, np.tile(trees, (len(rows), 1))
        index = np.arange(len(rows))[:, None]
        while first < len(columns):
            width = self.trees * (first // self.trees + 1)
            at = first + node
            node = 2 * node + (rows[index, columns[at]] > thresholds[at])
            first += width
        mean = self.arrays["lengths"][node].mean(axis=1)
        count = self.arrays["count"]
        return 2.0 ** (-mean / max(1.0, float(average_path_length(count))))


def _split(x, node, count, rng):
    """A column, a threshold, and whether there is none, for each node."""
    order = np.argsort(node, kind="stable")
    used, starts = np.unique(node[order], return_index=True)
    low = np.minimum.reduceat(x[order], starts)
    high = np.maximum.reduceat(x[order], starts)
    can_split = high > low
    # The greatest of random numbers: each column that varies, equally likely.
    keys = (rng.random(low.shape) + 1e-9) * can_split
    chosen = keys.argmax(axis=1)
    rows = np.arange(len(used))
    low, high = low[rows, chosen], high[rows, chosen]
    cut = low + rng.random(len(used)) * (high - low)
    # Rounding may reach the upper end, and nothing would be right of it.
    cut = np.where(cut >= high, low, cut)
    splits = can_split.any(axis=1)
    column = np.zeros(count, "int64")
    threshold = np.full(count, np.inf)
    column[used] = np.where(splits, chosen, 0)
    threshold[used] = np.where(splits, cut, np.inf)
    is_alone = np.zeros(count, bool)
    is_alone[used] = ~splits
    return column, threshold, is_alone

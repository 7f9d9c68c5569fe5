"""Unbiased squared maximum mean discrepancy (MMD) between two sets of rows."""

from collections.abc import Callable

import numpy as np

_BLOCK = 2000


def unbiased_mmd(
    kernel: Callable, first: np.ndarray, second: np.ndarray
) -> float:
    """`mean k(a, a') + mean k(b, b') - 2 mean k(a, b)`, over different pairs.

    Args:
        kernel: Function from arrays `(n, dimensions)` and `(m, dimensions)`
            to the array `(n, m)` of their pairs' kernels.
        first: Array `(samples, dimensions)` of at least two samples.
        second: The same, of as many dimensions.

    Returns:
        Float.

    Reference: Gretton et al. 2012, "A kernel two-sample test", equation 3.
    """

    def total(a, b, without_diagonal):
        result = 0.0
        for i in range(0, len(a), _BLOCK):
            block = kernel(a[i : i + _BLOCK], b)
            result += block.sum()
            if without_diagonal:
                result -= np.diagonal(block, offset=i).sum()
        return result

    a, b = (np.asarray(rows, "float64") for rows in (first, second))
    n, m = len(a), len(b)
    return float(
        total(a, a, True) / (n * (n - 1))
        + total(b, b, True) / (m * (m - 1))
        - 2.0 * total(a, b, False) / (n * m)
    )

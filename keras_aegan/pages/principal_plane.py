"""The plane in which codes are shown."""

import numpy as np


def principal_plane(rows):
    """The first two principal components of vectors.

    With the singular value decomposition `X - mean(X) = U S V^T`, the axes of
    the plane are the first two columns of V. The largest number of each is
    positive, which makes them unique.

    Args:
        rows: Array of floats `(samples, features)`, finite.

    Returns:
        Tuple of the axes, an array `(features, 2)` with 0 in place of a
        component that is missing, and the shares of the variance that lie
        along them, an array `(2,)`.

    Example:

    >>> axes, shares = principal_plane(np.array([[0.0, 1.0], [2.0, 1.0]]))
    >>> axes[:, 0].tolist()
    [1.0, 0.0]
    >>> shares.tolist()
    [1.0, 0.0]
    """
    _, spread, components = np.linalg.svd(
        rows - rows.mean(axis=0), full_matrices=False
    )
    axes, shares = np.zeros((rows.shape[1], 2)), np.zeros(2)
    variances = spread**2
    for i, component in enumerate(components[:2]):
        sign = np.sign(component[np.abs(component).argmax()])
        axes[:, i] = sign * component
        shares[i] = variances[i] / max(variances.sum(), 1e-300)
    return axes, shares

"""Codes in a plane: where data and prior lie, epoch after epoch."""

import numpy as np

from keras_aegan.pages.principal_plane import principal_plane


def latent_map(codes, prior=None, previous=None):
    """Codes of data and of the prior, in the plane where data vary most.

    The axes are the first two principal components of the codes of data. They
    differ from epoch to epoch, and no plane is good for all, so each epoch has
    its own; within the plane the points are turned (or mirrored) such that
    they lie nearest to where they were before, by the orthogonal Procrustes
    problem. So a point can be followed with the eye. The origin is that of
    the codes: a prior around 0 lies around 0.

    Args:
        codes: Array `(samples, ...)`, the codes of data.
        prior: Array `(others, ...)`, codes from the prior, or `None`.
        previous: The result of this function for the same data at an earlier
            epoch, or `None`.

    Returns:
        Dict of `data` and `prior`, lists of pairs of numbers, and `share`,
        how much of the variance of the data's codes lies in the plane; or
        `None` if codes are not finite.

    Reference: Schoenemann 1966, A generalized solution of the orthogonal
    Procrustes problem.
    """
    codes = np.asarray(codes, "float64").reshape(len(codes), -1)
    prior = codes[:0] if prior is None else np.asarray(prior, "float64")
    prior = prior.reshape(len(prior), prior[:1].size or codes.shape[1])
    if not (np.isfinite(codes).all() and np.isfinite(prior).all()):
        return None
    axes, shares = principal_plane(codes)
    points = codes @ axes
    rotation = _rotation(points, previous)
    found = {"data": _rounded(points @ rotation), "prior": []}
    if prior.shape[1] == codes.shape[1]:
        found["prior"] = _rounded(prior @ axes @ rotation)
    found["share"] = float(shares.sum())
    return found


def _rotation(points, previous):
    """The rotation that brings points nearest to where they were."""
    target = np.asarray(previous["data"] if previous else [])
    if target.shape != points.shape:
        return np.eye(2)
    left, _, right = np.linalg.svd(points.T @ target)
    return left @ right


def _rounded(points):
    """Pairs with as many digits as can be seen."""
    size = np.abs(points).max(initial=1e-300)
    digits = 3 - int(np.floor(np.log10(size)))
    return np.round(points, max(0, digits)).tolist()

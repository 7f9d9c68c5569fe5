"""Codes in a plane: where data and prior lie, epoch after epoch."""

import numpy as np


def latent_map(codes, prior=None, before=None):
    """Codes of data, and of the prior, in the plane of the data's most spread.

    The axes are the first two principal components of the codes of data. They
    differ from epoch to epoch, and no plane is good for all, so each epoch has
    its own; within the plane the points are turned (or mirrored) such that
    they lie nearest to where they were before, by the orthogonal Procrustes
    problem. So a point can be followed with the eye. The origin is that of
    the codes: a prior around 0 lies around 0.

    Args:
        codes: Array `(samples, ...)`, the codes of data.
        prior: Array `(others, ...)`, codes from the prior, or `None`.
        before: What this function gave for the same data before, or `None`.

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
    _, spread, axes = np.linalg.svd(
        codes - codes.mean(axis=0), full_matrices=False
    )
    # Codes of one number lie on a line of the plane.
    plane = np.zeros((codes.shape[1], 2))
    plane[:, : len(axes[:2])] = axes[:2].T
    points = codes @ plane
    turn = _turn(points, before)
    drawn = {"data": _rounded(points @ turn), "prior": []}
    if prior.shape[1] == codes.shape[1]:
        drawn["prior"] = _rounded(prior @ plane @ turn)
    power = spread**2
    drawn["share"] = float(power[:2].sum() / max(power.sum(), 1e-300))
    return drawn


def _turn(points, before):
    """The turn of the plane that brings points nearest to those before."""
    before = np.asarray(before["data"] if before else [])
    if before.shape != points.shape:
        return np.eye(2)
    left, _, right = np.linalg.svd(points.T @ before)
    return left @ right


def _rounded(points):
    """Pairs with as many digits as can be seen."""
    size = np.abs(points).max(initial=1e-300)
    digits = 3 - int(np.floor(np.log10(size)))
    return np.round(points, max(0, digits)).tolist()

"""The score above which a sample counts as an anomaly."""

import numpy as np


def quantile_threshold(scores: np.ndarray, contamination: float) -> float:
    """The score that a share `contamination` of training rows exceeds.

    Args:
        scores: Array of the training rows' scores.
        contamination: Float in (0, .5].

    Example:

    >>> quantile_threshold(np.arange(11.0), 0.1)
    9.0
    """
    return float(np.quantile(scores, 1 - contamination))


def conformal_p_values(
    calibration: np.ndarray, scores: np.ndarray
) -> np.ndarray:
    """`(1 + #{calibration >= s}) / (n + 1)` of each score s.

    Of a new sample from the distribution of the n calibration samples, the
    probability that it is at most alpha is at most alpha, whatever the
    distribution and the score.

    Args:
        calibration: Scores of n samples that the score was not fitted to.
        scores: Scores of other samples.

    Example:

    >>> calibration = np.array([1.0, 2.0, 3.0])
    >>> conformal_p_values(calibration, np.array([2.5, 9.0])).tolist()
    [0.5, 0.25]

    Reference: Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a
    Random World; for outliers Bates et al. 2023, arXiv:2104.08279, equation 2.
    """
    count = len(calibration)
    below = np.searchsorted(np.sort(calibration), scores, side="left")
    return (1 + count - below) / (count + 1)


def conformal_threshold(calibration: np.ndarray, alpha: float) -> float:
    """The score above which the p-value is at most `alpha`.

    With n scores, that is the `floor(alpha (n + 1))`-th greatest.

    Args:
        calibration: As in `conformal_p_values`.
        alpha: Float in (0, 1), the rate of false alarms.

    Raises:
        ValueError: if there are too few scores for such a rate.

    Example:

    >>> conformal_threshold(np.arange(19.0), 0.1)
    17.0
    """
    # 0.1 * 30 is a little more than 3, and 0.07 * 100 than 7.
    rank = int(np.floor(alpha * (len(calibration) + 1) + 1e-9))
    if rank < 1:
        raise ValueError(
            f"`alpha` must be at least 1 / (n + 1) for n calibration rows, or "
            f"no row could be an anomaly. Received: alpha={alpha} and "
            f"n={len(calibration)}"
        )
    return float(np.sort(calibration)[-rank])

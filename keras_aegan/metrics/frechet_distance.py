"""Fréchet distance between the features of two sets of samples."""

import warnings

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Moments


class FrechetDistance(SampleMetric):
    """Fréchet distance between Gaussians fitted to the features.

    `|m_r - m_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^(1/2))`, with means `m` and
    unbiased covariances `C`. 0 is best. On features of `features.inception_v3`
    it is the FID, though not comparable to published ones, which use other
    weights; on those of a small classifier it compares models of one data
    set. Say how many samples there were: the distance is too large by a
    share that falls as 1 / samples.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        cache: Path of a folder in which the statistics of real samples are
            kept, under a name of their content. `None` for none.
        name: String.

    Raises:
        ValueError: on `result` if a side has fewer than two samples.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(1000, 2))
    >>> metric = FrechetDistance()
    >>> metric.update_real(x)
    >>> metric.update_generated(x + 3.0)
    >>> round(metric.result(), 6)
    18.0

    Reference: Heusel et al. 2017, arXiv:1706.08500, equation 6.
    """

    summary = Moments

    def __init__(self, features=None, cache=None, name="frechet_distance"):
        super().__init__(features, cache, name)

    def compare(self, real, generated):
        dimensions = len(real.mean)
        fewest = min(real.count, generated.count)
        if fewest < 2:
            raise ValueError(
                "A covariance needs at least 2 samples. Received: "
                f"{real.count} real and {generated.count} generated ones"
            )
        if fewest <= dimensions:
            warnings.warn(
                f"The Fréchet distance of {dimensions} features needs more "
                f"than {dimensions} samples of each kind, and better ten "
                f"times as many; there are {real.count} real and "
                f"{generated.count} generated ones. With so few it is far "
                "too large; `KernelDistance` is not.",
                stacklevel=3,
            )
        return frechet_distance(
            real.mean, real.covariance, generated.mean, generated.covariance
        )


def frechet_distance(first_mean, first_covariance, mean, covariance):
    """Fréchet distance between two Gaussians, a float.

    The trace of the root of `C_1 C_2` is the sum of the singular values of
    `C_1^(1/2) C_2^(1/2)`, which exists for singular covariances, too.

    Args:
        first_mean: Array `(dimensions,)`.
        first_covariance: Array `(dimensions, dimensions)`, symmetric and
            without negative eigenvalues.
        mean: The same of the other Gaussian.
        covariance: The same of the other Gaussian.
    """
    product = _root(first_covariance) @ _root(covariance)
    shared = np.linalg.svd(product, compute_uv=False).sum()
    traces = np.trace(first_covariance) + np.trace(covariance)
    shift = np.square(first_mean - mean).sum()
    # Of equal samples rounding may leave less than 0.
    return max(0.0, float(shift + traces - 2.0 * shared))


def _root(covariance):
    values, vectors = np.linalg.eigh(covariance)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T

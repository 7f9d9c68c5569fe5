"""Fréchet distance between the features of two sets of samples."""

import os
import warnings
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Moments


class FrechetDistance(SampleMetric):
    """Fréchet distance of features: Fréchet Inception Distance (FID).

    `|m_r - m_g|^2 + tr(C_r + C_g - 2 (C_r C_g)^(1/2))`, with the means `m` and
    unbiased covariances `C` of real and generated features. 0 is best. On
    features of `features.inception_v3` it is the FID, though not comparable
    to published ones, which use other weights; on those of a small classifier
    it compares models of one data set. Report the number of samples, too: the
    distance has a positive bias of order 1 / samples.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        cache: Path of a folder for the statistics of real samples, in files
            named by a hash of their content. `None` for none.
        name: String.

    Raises:
        ValueError: on `result` if there are fewer than two real or generated
            samples.

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
    minimum_samples = 2
    direction = "min"

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        cache: str | os.PathLike | None = None,
        name: str = "frechet_distance",
    ):
        super().__init__(features, cache, name)

    def compare(self, real: Moments, generated: Moments) -> float:
        dimensions = real.dimensions
        fewest = min(real.count, generated.count)
        if fewest <= dimensions:
            warnings.warn(
                f"The Fréchet distance of {dimensions} features needs more "
                f"than {dimensions} samples of each kind, and better ten "
                f"times as many; there are {real.count} real and "
                f"{generated.count} generated ones. With so few it is far "
                "too large; `KernelDistance` is not.",
                stacklevel=3,
            )
        return frechet_distance(real, generated)


def frechet_distance(real: Moments, generated: Moments) -> float:
    """Fréchet distance between Gaussians with the moments of two samples.

    With `C = R^T R` the trace of the square root of `C_r C_g` is the sum of
    the singular values of `R_r R_g^T`, also for singular covariances. With
    fewer samples than dimensions this is a matrix of samples by samples, and
    no covariance is computed.

    Args:
        real: `Moments` of at least two rows.
        generated: The same, of as many dimensions.
    """
    product = real.root @ generated.root.T
    shared = np.linalg.svd(product, compute_uv=False).sum()
    traces = np.square(real.root).sum() + np.square(generated.root).sum()
    shift = np.square(real.mean - generated.mean).sum()
    # For equal samples rounding may give slightly less than 0.
    return max(0.0, float(shift + traces - 2.0 * shared))

"""Kernel distance between the features of two sets of samples."""

import os
from collections.abc import Callable

import keras
import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Rows
from keras_aegan.metrics.unbiased_mmd import unbiased_mmd
from keras_aegan.validation import check_integer


class KernelDistance(SampleMetric):
    """Kernel distance of features: Kernel Inception Distance (KID).

    The unbiased squared maximum mean discrepancy (MMD) with a cubic kernel:
    `mean k(r, r') + mean k(g, g') - 2 mean k(r, g)` over all pairs of
    different samples, `k(a, b) = (a . b / dimensions + 1)^3`. 0 is best, and
    it may be slightly negative. On features of `features.inception_v3` it is
    the KID. It is unbiased for any number of samples, so prefer it to
    `FrechetDistance` for few.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        subsets: Positive integer, the number of random subsets for `spread`.
        subset_size: Integer, at least 2, the samples in a subset; at most half
            of all samples are taken.
        cache: Path of a folder for the features of real samples, in files
            named by a hash of their content. `None` for none.
        name: String.

    Raises:
        ValueError: if `subsets` or `subset_size` is not as above; on `result`
            if there are fewer than two real or generated samples.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> metric = KernelDistance(subsets=10)
    >>> result = metric(rng.normal(size=(500, 2)), rng.normal(size=(500, 2)))
    >>> abs(result) < 3 * metric.spread()
    True

    Reference: Bińkowski et al. 2018, arXiv:1801.01401, section 4. They give
    the mean over 100 subsets; the estimate over all pairs has the same
    expectation and a smaller variance.
    """

    minimum_samples = 2
    direction = "min"

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        subsets: int = 20,
        subset_size: int = 1000,
        cache: str | os.PathLike | None = None,
        name: str = "kernel_distance",
    ):
        super().__init__(features, cache, name)
        self.subsets = check_integer("subsets", subsets)
        self.subset_size = check_integer("subset_size", subset_size, minimum=2)

    def compare(self, real: Rows, generated: Rows) -> float:
        return unbiased_mmd(_cubic, real.rows, generated.rows)

    def spread(self) -> float:
        """Standard deviation of the distance between random subsets."""
        rng = np.random.default_rng(0)
        sides = [side.rows for side in self.summaries()]
        size = max(2, min(self.subset_size, *(len(x) // 2 for x in sides)))
        distances = [
            unbiased_mmd(
                _cubic, *(rng.choice(x, size, replace=False) for x in sides)
            )
            for _ in range(self.subsets)
        ]
        return float(np.std(distances))

    def get_config(self):
        config = {"subsets": self.subsets, "subset_size": self.subset_size}
        return {**super().get_config(), **config}


def _cubic(a, b):
    return (a @ b.T / a.shape[1] + 1.0) ** 3

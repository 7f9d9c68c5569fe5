"""Kernel distance between the features of two sets of samples."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.unbiased_discrepancy import unbiased_discrepancy


class KernelDistance(SampleMetric):
    """Squared maximum mean discrepancy with a cubic kernel, unbiased.

    `mean k(r, r') + mean k(g, g') - 2 mean k(r, g)` over all pairs of
    different samples, `k(a, b) = (a . b / dimensions + 1)^3`. 0 is best, and
    it may be a little below. On features of `features.inception_v3` it is
    the KID. Right on average for any number of samples, so the one to take
    for few.

    Args:
        features: Keras model, or function, from a batch of samples to
            features. `None` for the samples themselves.
        subsets: Positive integer, the random subsets for `spread`.
        subset_size: Positive integer, the samples in a subset; at most half
            of those that there are.
        cache: Path of a folder in which the features of real samples are
            kept, under a name of their content. `None` for none.
        name: String.

    Raises:
        ValueError: if `subsets` or `subset_size` is not positive; on `result`
            if a side has fewer than two samples.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> metric = KernelDistance(subsets=10)
    >>> result = metric(rng.normal(size=(500, 2)), rng.normal(size=(500, 2)))
    >>> abs(result) < 3 * metric.spread()
    True

    Reference: Bińkowski et al. 2018, arXiv:1801.01401, section 4. They give
    the mean over 100 subsets; all pairs have the same mean and less spread.
    """

    def __init__(
        self,
        features=None,
        subsets=20,
        subset_size=1000,
        cache=None,
        name="kernel_distance",
    ):
        super().__init__(features, cache, name)
        if subsets < 1 or subset_size < 2:
            raise ValueError(
                "`subsets` must be at least 1 and `subset_size` at least 2. "
                f"Received: subsets={subsets}, subset_size={subset_size}"
            )
        self.subsets = subsets
        self.subset_size = subset_size

    def compare(self, real, generated):
        return unbiased_discrepancy(_cubic, real.rows, generated.rows)

    def spread(self):
        """Standard deviation of the distance between random subsets."""
        rng = np.random.default_rng(0)
        sides = [self._summaries[s].rows for s in ("real", "generated")]
        size = max(2, min(self.subset_size, *(len(x) // 2 for x in sides)))
        distances = [
            unbiased_discrepancy(
                _cubic, *(rng.choice(x, size, replace=False) for x in sides)
            )
            for _ in range(self.subsets)
        ]
        return float(np.std(distances))


def _cubic(a, b):
    return (a @ b.T / a.shape[1] + 1.0) ** 3

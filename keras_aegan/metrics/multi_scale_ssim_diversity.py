"""How different generated images are from each other."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.sample_metric import as_array
from keras_aegan.metrics.scales import warn_of_scales
from keras_aegan.metrics.structural_similarity import multi_scale_similarity
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_range

_BATCH = 256


class MultiScaleSSIMDiversity(SampleMetric):
    """Diversity by MS-SSIM: 1 minus its mean over random pairs.

    The multi-scale structural similarity (MS-SSIM) of two generated images is
    1 if they are equal, so a generator that has collapsed has a diversity of
    0. The target is the diversity of real images, which another such metric
    computes by `update_generated`. Pairs are random halves of each batch.

    Args:
        value_range: Pair of floats, the values of black and white.
        seed: Integer, chooses the pairs.
        name: String.

    Raises:
        ValueError: if `value_range` is not a pair of increasing numbers,
            or samples are not images; on `result` if there is no pair.

    Example:

    >>> metric = MultiScaleSSIMDiversity()
    >>> metric.update_generated(np.ones((4, 12, 12, 1)))
    >>> round(metric.result(), 4)
    0.0

    Reference: Odena et al. 2017, arXiv:1610.09585, section 4.2, who give the
    mean similarity of pairs of one class.
    """

    inputs = ("generated",)
    needs_real = False
    direction = "max"

    def __init__(
        self,
        value_range: tuple[float, float] = (-1.0, 1.0),
        seed: int = 0,
        name: str = "multi_scale_ssim_diversity",
    ):
        super().__init__(name=name)
        self.value_range = check_range("value_range", value_range)
        self.seed = check_integer("seed", seed, minimum=0)

    def update_state(self, generated: np.ndarray):
        """Add generated samples."""
        self.update_generated(generated)

    def extract(self, x: np.ndarray) -> np.ndarray:
        return x

    def summarize(self, features: np.ndarray) -> np.ndarray:
        """Number of pairs, and sum of their similarities."""
        order = np.random.default_rng(self.seed).permutation(len(features))
        pairs = len(features) // 2
        images = features.astype("float32")
        total = 0.0
        for i in range(0, pairs, _BATCH):
            chosen = slice(i, min(i + _BATCH, pairs))
            similarities = multi_scale_similarity(
                images[order[:pairs][chosen]],
                images[order[pairs:][chosen]],
                self.value_range,
            )
            total += float(
                as_array("similarities", similarities).sum(dtype="float64")
            )
        return np.array([pairs, total])

    def compare(self, real: None, generated: np.ndarray) -> float:
        pairs, total = generated
        if pairs == 0:
            raise ValueError(
                f"`{self.name}` needs two samples in a batch. Received: one"
            )
        if not self._is_warned:
            self._is_warned = warn_of_scales(
                self.value_range,
                self._ranges["generated"],
                ("`value_range`", "generated samples"),
            )
        return float(1.0 - total / pairs)

    def get_config(self):
        return {
            "value_range": self.value_range,
            "seed": self.seed,
            "name": self.name,
        }

"""How many modes of a known mixture samples cover."""

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_samples
from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


class GaussianMixture:
    """A mixture of Gaussians with known means, weights and deviations alike.

    Args:
        modes: Array `(modes, dimensions)` of the means.
        stddev: Positive float, the standard deviation along each dimension.

    Raises:
        ValueError: if `modes` is not such an array or `stddev` not positive.

    Example:

    >>> mixture = GaussianMixture([[0.0], [1.0]], 0.1)
    >>> mixture.sample(5, seed=0).shape
    (5, 1)
    """

    def __init__(self, modes: ArrayLike, stddev: float):
        modes = check_samples("modes", modes, ndims=(1,))
        self.modes = check_finite("modes", modes.astype("float64"))
        self.stddev = check_number("stddev", stddev, 0.0, open_ends="lower")

    def sample(self, num_samples: int, seed: int = 0) -> np.ndarray:
        """Samples, an array `(num_samples, dimensions)` in float32.

        Args:
            num_samples: Positive integer.
            seed: Integer.
        """
        size = check_integer("num_samples", num_samples)
        rng = np.random.default_rng(check_integer("seed", seed, minimum=0))
        modes = self.modes[rng.integers(len(self.modes), size=size)]
        noise = self.stddev * rng.normal(size=modes.shape)
        return (modes + noise).astype("float32")


def ring_mixture() -> GaussianMixture:
    """8 Gaussians on a circle of radius 1, of standard deviation 0.01.

    Example:

    >>> ring_mixture().modes.shape
    (8, 2)

    Reference: Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """
    angles = 2.0 * np.pi * np.arange(8) / 8
    return GaussianMixture(np.stack([np.cos(angles), np.sin(angles)], 1), 0.01)


def grid_mixture() -> GaussianMixture:
    """25 Gaussians at {-4, -2, 0, 2, 4}^2, of standard deviation 0.05.

    Example:

    >>> grid_mixture().modes.shape
    (25, 2)

    Reference: Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """
    steps = np.arange(-4.0, 5.0, 2.0)
    modes = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
    return GaussianMixture(modes, 0.05)


class ModeCoverage(SampleMetric):
    """Number of modes of a mixture that generated samples cover.

    A sample is of high quality if it lies within 3 standard deviations of its
    nearest mode, and a mode is covered if it is the nearest one of a sample
    of high quality. The result is a dict: `modes`, the number of covered
    modes; `high_quality`, the fraction of samples of high quality;
    `reverse_kl`, the divergence `sum_m p_m log(p_m modes)` from the uniform
    distribution, where `p_m` is the fraction of samples whose nearest mode is
    m, 0 is best. Papers take 2500 samples and the mean of at least five runs.

    Args:
        mixture: `GaussianMixture`, such as `ring_mixture()` or
            `grid_mixture()`.
        name: String.

    Raises:
        ValueError: if samples have other dimensions than the modes.

    Example:

    >>> mixture = grid_mixture()
    >>> metric = ModeCoverage(mixture)
    >>> result = metric(mixture.sample(2500))
    >>> result["modes"]
    25

    Reference: Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761, section 4.1;
    Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """

    inputs = ("generated",)
    needs_real = False
    entries = ("modes", "high_quality", "reverse_kl")
    direction = {"modes": "max", "high_quality": "max", "reverse_kl": "min"}

    def __init__(self, mixture: GaussianMixture, name: str = "mode_coverage"):
        super().__init__(name=name)
        self.mixture = mixture

    def update_state(self, generated: np.ndarray):
        """Add generated samples."""
        self.update_generated(generated)

    def summarize(self, features: np.ndarray) -> np.ndarray:
        """Counts of all samples and of high-quality ones, by nearest mode."""
        modes = self.mixture.modes
        if features.shape[1] != modes.shape[1]:
            raise ValueError(
                f"The mixture has {modes.shape[1]} dimensions. Received: "
                f"samples of {features.shape[1]}"
            )
        squares = np.zeros((len(features), len(modes)))
        for values, means in zip(features.T.astype("float64"), modes.T):
            squares += np.square(values[:, None] - means)
        nearest = squares.argmin(1)
        is_high_quality = squares.min(1) <= (3.0 * self.mixture.stddev) ** 2
        return np.stack(
            [
                np.bincount(nearest[chosen], minlength=len(modes))
                for chosen in (slice(None), is_high_quality)
            ]
        )

    def compare(self, real: None, generated: np.ndarray) -> dict:
        every_sample, high_quality = generated
        shares = every_sample / every_sample.sum()
        present = shares[shares > 0]
        return {
            "modes": int((high_quality > 0).sum()),
            "high_quality": float(high_quality.sum() / every_sample.sum()),
            "reverse_kl": float(
                (present * np.log(present * len(shares))).sum()
            ),
        }

    def get_config(self):
        return {"mixture": self.mixture, "name": self.name}

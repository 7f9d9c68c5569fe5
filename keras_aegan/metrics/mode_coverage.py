"""How many modes of a known mixture samples cover."""

import numpy as np

from keras_aegan.metrics.sample_metric import SampleMetric


class Mixture:
    """A mixture of equal Gaussians with known means.

    Args:
        modes: Array `(modes, dimensions)` of the means.
        deviation: Positive float, the standard deviation of each number.

    Raises:
        ValueError: if `modes` is not such an array or `deviation` not
            positive.

    Example:

    >>> mixture = Mixture([[0.0], [1.0]], 0.1)
    >>> mixture.sample(5, seed=0).shape
    (5, 1)
    """

    def __init__(self, modes, deviation):
        self.modes = np.asarray(modes, "float64")
        self.deviation = deviation
        if self.modes.ndim != 2 or not len(self.modes) or not deviation > 0:
            raise ValueError(
                "A mixture needs an array of shape (modes, dimensions) and a "
                "positive deviation. Received: an array of shape "
                f"{self.modes.shape}, deviation={deviation!r}"
            )

    def sample(self, n, seed=0):
        """Samples, an array `(n, dimensions)` in float32.

        Args:
            n: Integer, how many.
            seed: Integer.
        """
        rng = np.random.default_rng(seed)
        modes = self.modes[rng.integers(len(self.modes), size=n)]
        noise = self.deviation * rng.normal(size=modes.shape)
        return (modes + noise).astype("float32")


def ring():
    """The mixture of 8 modes on a circle of radius 1, deviation 0.01.

    Example:

    >>> ring().modes.shape
    (8, 2)

    Reference: Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """
    angles = 2.0 * np.pi * np.arange(8) / 8
    return Mixture(np.stack([np.cos(angles), np.sin(angles)], 1), 0.01)


def grid():
    """The mixture of 25 modes at -4, -2, 0, 2, 4 squared, deviation 0.05.

    Example:

    >>> grid().modes.shape
    (25, 2)

    Reference: Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """
    steps = np.arange(-4.0, 5.0, 2.0)
    return Mixture(np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2), 0.05)


class ModeCoverage(SampleMetric):
    """Modes covered, samples of high quality and evenness, of a mixture.

    A sample is of high quality if it lies within 3 standard deviations of its
    nearest mode, and a mode is covered if a sample of high quality lies
    there. The result is a dict: `modes`, the number of covered modes;
    `high_quality`, the share of such samples; `reverse_kl`, the divergence
    `sum_m p_m log(p_m modes)` of the shares of samples nearest to each mode
    from even ones, 0 is best. The custom is 2500 samples and the mean of at
    least five runs.

    Args:
        mixture: `Mixture`, such as `ring()` or `grid()`.
        name: String.

    Raises:
        ValueError: if samples have other dimensions than the modes.

    Example:

    >>> metric = ModeCoverage(grid())
    >>> result = metric(grid().sample(2500))
    >>> result["modes"]
    25

    Reference: Srivastava et al. 2017 (VEEGAN), arXiv:1705.07761, section 4.1;
    Lin et al. 2018 (PacGAN), arXiv:1712.04086, section 4.1.
    """

    needs_real = False
    entries = ("modes", "high_quality", "reverse_kl")

    def __init__(self, mixture, name="mode_coverage"):
        super().__init__(name=name)
        self.mixture = mixture

    def update_state(self, generated):
        """Add generated samples."""
        self.update_generated(generated)

    def summarize(self, features):
        """Counts of all samples and of good ones, by nearest mode."""
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
        is_good = squares.min(1) <= (3.0 * self.mixture.deviation) ** 2
        return np.stack(
            [
                np.bincount(nearest[chosen], minlength=len(modes))
                for chosen in (slice(None), is_good)
            ]
        )

    def compare(self, real, generated):
        everything, good = generated
        shares = everything / everything.sum()
        present = shares[shares > 0]
        return {
            "modes": int((good > 0).sum()),
            "high_quality": float(good.sum() / everything.sum()),
            "reverse_kl": float(
                (present * np.log(present * len(shares))).sum()
            ),
        }

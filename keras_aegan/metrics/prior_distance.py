"""Distance between the distribution of encoded data and the prior."""

from keras_aegan.metrics.frechet_distance import frechet_distance
from keras_aegan.metrics.sample_metric import SampleMetric
from keras_aegan.metrics.statistics import Moments
from keras_aegan.metrics.statistics import Rows
from keras_aegan.metrics.unbiased_mmd import unbiased_mmd

_SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class PriorDistance(SampleMetric):
    """Fréchet distance and MMD between encoded data and the prior.

    A dict: `prior_frechet_distance`, the Fréchet distance between Gaussians
    with the moments of both sets of codes, and `prior_mmd`, the unbiased
    squared maximum mean discrepancy (MMD) with inverse multiquadratic
    kernels, which depends on more than these moments. 0 is best; where it is
    large, samples are generated from codes unlike those of data.

    Args:
        name: String.

    Raises:
        ValueError: on `result` if there are fewer than two codes of the prior
            or of data.

    Example:

    >>> rng = np.random.default_rng(0)
    >>> metric = PriorDistance()
    >>> z = rng.normal(size=(500, 2))
    >>> metric.update_state(z, z + 1.0)
    >>> round(metric.result()["prior_frechet_distance"], 4)
    2.0

    Reference: Tolstikhin et al. 2018, arXiv:1711.01558, algorithm 2, with
    the kernels of the authors' code, as in `losses.maximum_mean_discrepancy`.
    """

    inputs = ("prior_codes", "codes")
    minimum_samples = 2
    entries = ("prior_frechet_distance", "prior_mmd")
    direction = "min"

    def __init__(self, name: str = "prior_distance"):
        super().__init__(name=name)

    def compare(self, real: Rows, generated: Rows) -> dict:
        sides = [side.rows.astype("float64") for side in (real, generated)]
        discrepancy = unbiased_mmd(_kernel, *sides)
        distance = frechet_distance(*(Moments.of(rows) for rows in sides))
        return {"prior_frechet_distance": distance, "prior_mmd": discrepancy}

    def get_config(self):
        return {"name": self.name}


def _kernel(a, b):
    distances = -2.0 * a @ b.T
    distances += (a * a).sum(1)[:, None] + (b * b).sum(1)
    constants = (2.0 * a.shape[1] * scale for scale in _SCALES)
    return sum(c / (c + distances.clip(0.0)) for c in constants)

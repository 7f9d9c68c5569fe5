"""Mode coverage of the ring and the grid."""

import numpy as np
import pytest

from keras_aegan import metrics


def test_the_settings_are_those_of_the_paper():
    """PacGAN, arXiv:1712.04086: 8 modes at radius 1, 25 two units apart."""
    ring, grid = metrics.ring_mixture(), metrics.grid_mixture()
    assert len(ring.modes) == 8 and ring.stddev == 0.01
    np.testing.assert_allclose(np.linalg.norm(ring.modes, axis=1), 1.0)
    gaps = np.linalg.norm(ring.modes - np.roll(ring.modes, 1, 0), axis=1)
    np.testing.assert_allclose(gaps, 2 * np.sin(np.pi / 8))
    assert len(grid.modes) == 25 and grid.stddev == 0.05
    assert {tuple(m) for m in grid.modes} == {
        (a, b) for a in (-4, -2, 0, 2, 4) for b in (-4, -2, 0, 2, 4)
    }


@pytest.mark.parametrize(
    "mixture", [metrics.ring_mixture(), metrics.grid_mixture()]
)
def test_the_mixture_itself(mixture):
    """In two dimensions 1 - exp(-9 / 2) lies within 3 deviations."""
    x = mixture.sample(20_000, seed=1)
    metric = metrics.ModeCoverage(mixture)
    for part in np.array_split(x, 7):
        metric.update_generated(part)
    result = metric.result()
    assert result["modes"] == len(mixture.modes)
    share = 1 - np.exp(-4.5)
    error = np.sqrt(share * (1 - share) / len(x))
    assert abs(result["high_quality"] - share) < 4 * error
    # About (modes - 1) / (2 samples).
    assert 0 <= result["reverse_kl"] < 2 * len(mixture.modes) / 2 / len(x)


def test_samples_placed_by_hand():
    """Three of high quality on one mode, one between two modes."""
    mixture = metrics.GaussianMixture([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]], 0.1)
    x = np.array([[0.0, 0.29], [0.2, 0.2], [0.0, 0.0], [0.6, 0.0]])
    result = metrics.ModeCoverage(mixture)(x)
    assert result["modes"] == 1
    assert result["high_quality"] == 0.75
    expected = 0.75 * np.log(0.75 * 3) + 0.25 * np.log(0.25 * 3)
    np.testing.assert_allclose(result["reverse_kl"], expected)


def test_one_mode_alone():
    mixture = metrics.ring_mixture()
    result = metrics.ModeCoverage(mixture)(mixture.modes[:1].repeat(9, 0))
    assert result["modes"] == 1 and result["high_quality"] == 1.0
    np.testing.assert_allclose(result["reverse_kl"], np.log(8))


def test_samples_of_a_mixture():
    mixture = metrics.GaussianMixture([[0.0], [10.0]], 0.5)
    x = mixture.sample(4000, seed=0)
    assert x.dtype == "float32" and x.shape == (4000, 1)
    upper = x[x > 5] - 10
    assert abs(len(upper) - 2000) < 4 * np.sqrt(1000)
    assert abs(upper.mean()) < 4 * 0.5 / np.sqrt(2000)
    assert abs(upper.std() - 0.5) < 4 * 0.5 / np.sqrt(2 * 2000)
    np.testing.assert_array_equal(x, mixture.sample(4000, seed=0))
    assert (x != mixture.sample(4000, seed=1)).any()


def test_wrong_arguments():
    for wrong in (
        lambda: metrics.GaussianMixture([0.0, 1.0], 0.1),
        lambda: metrics.GaussianMixture(np.zeros((0, 2)), 0.1),
        lambda: metrics.GaussianMixture([[0.0]], 0.0),
        lambda: metrics.ModeCoverage(metrics.ring_mixture())(np.zeros((5, 3))),
        lambda: metrics.ModeCoverage(metrics.ring_mixture())(
            np.zeros((5, 2)) / 0
        ),
    ):
        with np.errstate(invalid="ignore"):
            with pytest.raises(ValueError, match="Received"):
                wrong()

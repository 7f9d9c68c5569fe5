"""Metrics of codes against closed forms."""

import numpy as np
import pytest

from keras_aegan import losses
from keras_aegan import metrics


def codes(count, dimensions, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def test_round_trip_is_the_mean_squared_error():
    z, z_hat = codes(50, 3), codes(50, 3, 1)
    metric = metrics.LatentRoundTrip()
    metric.update_state(z[:20], z_hat[:20])
    metric.update_state(z[20:], z_hat[20:])
    expected = np.square(z - z_hat).mean()
    np.testing.assert_allclose(float(metric.result()), expected, rtol=1e-5)


def test_active_units_in_batches():
    z = codes(400, 5) * [1.0, 0.2, 0.15, 0.05, 0.0] + 100.0
    variances = z.var(0, ddof=1)
    assert variances[2] > 0.015 and variances[3] < 0.005
    metric = metrics.ActiveUnits()
    for part in np.array_split(z, 7):
        metric.update_state(part)
    assert metric.result() == 3
    metric.reset_state()
    assert metric(codes(10, 2)) == 2
    assert metrics.ActiveUnits(threshold=0.03)(z) == 2


def test_prior_distance_of_shifted_and_narrow_codes():
    """Fréchet: |m|^2 + dimensions (1 - s)^2."""
    z = codes(2000, 4)
    z = (z - z.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T)).T)
    result = metrics.PriorDistance()(z, 0.5 * z + [1.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(
        result["prior_frechet_distance"], 1 + 4 * 0.25, rtol=1e-4
    )
    assert result["prior_mmd"] > 0.1


def test_prior_mmd_is_the_loss_of_that_name():
    z, prior = 1.5 * codes(60, 3), codes(60, 3, 1)
    result = metrics.PriorDistance()(prior, z)["prior_mmd"]
    expected = losses.maximum_mean_discrepancy(
        z.astype("float32"), prior.astype("float32")
    )
    np.testing.assert_allclose(result, float(expected), rtol=1e-3)


def test_codes_of_the_prior_itself_are_at_no_distance():
    results = [
        metrics.PriorDistance()(codes(300, 2, i), codes(300, 2, 99 + i))
        for i in range(20)
    ]
    discrepancies = [result["prior_mmd"] for result in results]
    error = np.std(discrepancies) / np.sqrt(20)
    assert abs(np.mean(discrepancies)) < 3 * error


def test_wrong_arguments():
    for wrong in (
        lambda: metrics.ActiveUnits(threshold=0.0),
        lambda: metrics.ActiveUnits().result(),
        lambda: metrics.ActiveUnits()(codes(1, 2)),
        lambda: metrics.PriorDistance()(codes(1, 2), codes(1, 2)),
        lambda: metrics.PriorDistance()(codes(9, 2), codes(9, 3)),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

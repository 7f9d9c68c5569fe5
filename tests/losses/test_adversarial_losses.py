"""What every adversarial loss must fulfil, and values computed by hand."""

import math

import keras
import numpy as np
import pytest
from catalogue import LOSSES

from keras_aegan import losses

LN2 = math.log(2)

# At zero logits, from the formulas: discriminator, generator.
AT_ZERO = {
    "minimax": (2 * LN2, -LN2),
    "non_saturating": (2 * LN2, LN2),
    "least_squares": (0.5, 0.5),
    "hinge": (2.0, 0.0),
    "wasserstein": (0.0, 0.0),
    "relativistic": (LN2, LN2),
    "hybrid": (2 * LN2, 0.0),
}


def softplus(t):
    return math.log1p(math.exp(t))


# At a real logit of 2 and a fake one of -1, by hand.
AT_TWO = {
    "minimax": (softplus(-2) + softplus(-1), -softplus(-1)),
    "non_saturating": (softplus(-2) + softplus(-1), softplus(1)),
    "least_squares": (0.5 * 1 + 0.5 * 1, 0.5 * 4),
    "hinge": (0.0, 1.0),
    "wasserstein": (-3.0, 1.0),
    "relativistic": (softplus(-3), softplus(3)),
    "hybrid": (softplus(-2) + softplus(-1), 1.0),
}

# Every loss of the registry: a new one is tested without a line here.
every_loss = pytest.mark.parametrize("name", losses.ADVERSARIAL_LOSSES)


def separated(loss, distance):
    """Real logits at a distance above the boundary, and fakes below it."""
    boundary = np.full((4, 1), loss.boundary or 0.0, "float32")
    return boundary + distance, boundary - distance


@pytest.mark.parametrize("name", AT_ZERO)
def test_values(name):
    loss = losses.get(name)
    for real, fake, expected in ((0.0, 0.0, AT_ZERO), (2.0, -1.0, AT_TWO)):
        d = float(loss.discriminator_loss([[real]], [[[fake]]]))
        g = float(loss.generator_loss([[[fake]]], [[real]]))
        np.testing.assert_allclose((d, g), expected[name], rtol=1e-6)


@every_loss
@pytest.mark.parametrize("distance", [-50.0, 0.0, 50.0])
def test_both_sides_are_finite(name, distance):
    loss = losses.get(name)
    real, fake = separated(loss, distance)
    assert np.isfinite(float(loss.discriminator_loss(real, [fake])))
    assert np.isfinite(float(loss.generator_loss([fake], real)))


@every_loss
def test_the_discriminator_gains_by_separation(name):
    """Up to a distance of 1/2, beyond which least squares overshoots."""
    loss = losses.get(name)
    values = [
        float(loss.discriminator_loss(real, [fake]))
        for real, fake in (separated(loss, d) for d in (-0.5, 0.0, 0.5))
    ]
    assert values[0] > values[1] > values[2]


@every_loss
def test_higher_logits_of_fakes_pay_the_generator(name):
    """And cost the discriminator."""
    loss = losses.get(name)
    real = np.zeros((4, 1), "float32")
    low, high = real, real + 0.5
    d = [float(loss.discriminator_loss(real, [f])) for f in (low, high)]
    g = [float(loss.generator_loss([f], real)) for f in (low, high)]
    assert d[0] < d[1]
    assert g[0] > g[1]


@every_loss
def test_swapped_logits_of_swapped_samples_are_the_same_game(name):
    loss = losses.get(name)
    real, fake = np.float32([[1.5], [-0.5]]), np.float32([[0.25], [-2.0]])
    swapped = loss.swapped(fake), [loss.swapped(real)]
    np.testing.assert_allclose(
        float(loss.discriminator_loss(*swapped)),
        float(loss.discriminator_loss(real, [fake])),
        rtol=1e-6,
    )


@pytest.mark.parametrize("make", LOSSES.values(), ids=lambda m: "")
def test_config_round_trip(make):
    loss = make()
    config = keras.saving.serialize_keras_object(loss)
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is type(loss)
    assert again.get_config() == loss.get_config()


def test_labels_are_smoothed():
    """BCE(d, t) = softplus(d) - t d at d = 1 and d = -1."""
    loss = losses.NonSaturating(real_label=0.9, fake_label=0.1)
    expected = (softplus(1) - 0.9) + (softplus(-1) + 0.1)
    value = float(loss.discriminator_loss([1.0], [[-1.0]]))
    np.testing.assert_allclose(value, expected, rtol=1e-6)
    squares = losses.LeastSquares(real_label=0.9, fake_label=0.1)
    value = float(squares.discriminator_loss([1.0], [[-1.0]]))
    np.testing.assert_allclose(value, 0.5 * 0.1**2 + 0.5 * 1.1**2, rtol=1e-5)


def test_sources_of_fakes_are_weighed():
    """Real samples weigh as much as all fakes; each generator as if alone."""
    loss = losses.Wasserstein(fake_weights=(3.0, 1.0))
    d = float(loss.discriminator_loss([10.0], [[1.0], [5.0]]))
    assert d == pytest.approx((3 * 1.0 + 1 * 5.0) / 4 - 10.0)
    assert float(loss.generator_loss([[1.0], [5.0]])) == -(3 * 1.0 + 5.0)
    loss = losses.Wasserstein((3.0, 1.0), generator_weights=(1.0, 0.5))
    d = float(loss.discriminator_loss([10.0], [[1.0], [5.0]]))
    assert d == pytest.approx((3 * 1.0 + 1 * 5.0) / 4 - 10.0)
    assert float(loss.generator_loss([[1.0], [5.0]])) == -(1.0 + 0.5 * 5.0)


def test_a_source_of_weight_0_needs_no_logits():
    loss = losses.Hinge(fake_weights=(0.0, 1.0))
    assert float(loss.discriminator_loss([0.0], [None, [0.0]])) == 2.0
    assert float(loss.generator_loss([None, [3.0]])) == -3.0


@pytest.mark.parametrize("make", LOSSES.values(), ids=lambda m: "")
def test_losses_are_float32(make):
    logits = keras.ops.zeros((2, 1), "float16")
    loss = make()
    sources = len(loss.fake_weights or (1,))
    value = loss.discriminator_loss(logits, [logits] * sources)
    assert keras.backend.standardize_dtype(value.dtype) == "float32"


def test_found_by_name():
    hinge = losses.Hinge()
    assert losses.get(hinge) is hinge
    for unknown in ("mae", None, 3):
        with pytest.raises(ValueError, match="hinge.*Received"):
            losses.get(unknown)


@every_loss
def test_logits_of_another_shape(name):
    """(4, 1) and (4,) would be compared as 16 pairs."""
    loss = losses.get(name)
    rows, flat = np.zeros((4, 1), "float32"), np.zeros(4, "float32")
    for real, fake in ((rows, flat), (flat, rows), (rows, rows[:3])):
        with pytest.raises(ValueError, match="same shape. Received"):
            loss.discriminator_loss(real, [fake])
        with pytest.raises(ValueError, match="same shape. Received"):
            loss.generator_loss([fake], real)


def test_wrong_arguments():
    for wrong in (
        lambda: losses.Hinge(fake_weights=(0.0, 0.0)),
        lambda: losses.Hinge(fake_weights=(-1.0, 2.0)),
        lambda: losses.Hinge(generator_weights=(0.0,)),
        lambda: losses.Minimax(real_label=1.5),
        lambda: losses.Hinge(fake_weights=(1.0,)).weights_for(2),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

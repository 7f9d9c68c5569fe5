"""Adversarial losses against numbers worked out by hand."""

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
}


@pytest.mark.parametrize("name", AT_ZERO)
def test_values(name):
    loss = losses.get(name)
    for real, fake, expected in ((0.0, 0.0, AT_ZERO), (2.0, -1.0, AT_TWO)):
        d = float(loss.discriminator_loss([[real]], [[[fake]]]))
        g = float(loss.generator_loss([[[fake]]], [[real]]))
        np.testing.assert_allclose((d, g), expected[name], rtol=1e-6)


@pytest.mark.parametrize("name", AT_ZERO)
def test_each_side_pulls_the_way_it_should(name):
    """More trust in fakes costs the discriminator and pays the generator."""
    loss = losses.get(name)
    real = np.zeros((4, 1), "float32")
    low, high = real, real + 0.5
    d = [float(loss.discriminator_loss(real, [f])) for f in (low, high)]
    g = [float(loss.generator_loss([f], real)) for f in (low, high)]
    assert d[0] < d[1]
    assert g[0] > g[1]


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


def test_a_source_of_weight_0_is_not_looked_at():
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

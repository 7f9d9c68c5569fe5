"""A discriminator of K classes and of fakes."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import losses
from keras_aegan import penalties
from keras_aegan.models import SemiSupervisedGAN

QUIET = {"verbose": 0, "return_dict": True}


def tiny(**kwargs):
    return SemiSupervisedGAN.for_shape(
        (6,), latent_dim=2, width=2, num_classes=3, **kwargs
    )


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def test_feature_matching_against_numpy():
    real, fake = normal(5, 2, 3), normal(4, 2, 3, seed=1)
    expected = np.sum((real.mean(axis=0) - fake.mean(axis=0)) ** 2)
    value = float(losses.feature_matching(real, fake))
    assert value == pytest.approx(expected, rel=1e-5)


def test_losses_of_networks_that_put_out_zeros():
    """All K logits 0: d = ln 3, a share of 3/4 for being real."""
    model = tiny()
    for variable in model.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    model.compile(loss_weights={"adversarial": 1.0})
    x, y = normal(4, 6), np.array([1, -1, 2, -1])
    logs = model.evaluate(x, y, **QUIET)
    expected = {
        "discrimination": -np.log(3 / 4) - np.log(1 / 4),
        "adversarial": -np.log(3 / 4),
        "classification": np.log(3),
        "feature_matching": 0.0,
        "discriminator_loss": -np.log(3 / 16) / 2 + np.log(3),
    }
    for name, value in expected.items():
        assert logs[name] == pytest.approx(value, rel=1e-5, abs=1e-7), name
    assert model.evaluate(x, **QUIET)["classification"] == 0.0
    np.testing.assert_allclose(model.classify(x), 1 / 3, rtol=1e-6)


def test_terms_against_numpy():
    model = tiny(normalization=None)
    fixed = normal(8, 2)
    model.prior.sample = lambda size: ops.convert_to_tensor(fixed)
    model.compile()
    x, y = normal(8, 6, seed=1), np.array([0, 1, 2, -1] * 2)
    logs = model.evaluate(x, y, **QUIET)
    fake = model.decode(fixed)
    inner = keras.Model(
        model.discriminator.inputs[0], model.discriminator.layers[-2].output
    )
    features, logits = (
        [network.predict(u, verbose=0) for u in (x, fake)]
        for network in (inner, model.discriminator)
    )
    gap = np.sum((features[0].mean(axis=0) - features[1].mean(axis=0)) ** 2)
    assert logs["feature_matching"] == pytest.approx(gap, rel=1e-4)
    real, made = (np.exp(u).sum(axis=1) for u in logits)
    shares = np.mean(np.log(1 + 1 / real)) + np.mean(np.log(1 + made))
    assert logs["discrimination"] == pytest.approx(shares, rel=1e-4)
    known = y >= 0
    chances = (np.exp(logits[0]) / real[:, None])[known, y[known]]
    assert logs["classification"] == pytest.approx(
        -np.log(chances).mean(), rel=1e-4
    )


def test_penalties_see_the_one_logit():
    """R1 of `d = log(e^{a x} + e^{a x})` is `|a|^2 / 2` as of `a x`."""
    start = keras.Input((3,))
    features = keras.layers.Activation("linear")(start)
    classes = keras.layers.Dense(2, use_bias=False)
    parts = tiny()
    z = keras.Input((2,))
    model = SemiSupervisedGAN(
        generator=keras.Model(z, keras.layers.Dense(3)(z)),
        discriminator=keras.Model(start, classes(features)),
        prior=parts.prior,
    )
    slope = np.array([0.6, -0.8, 1.0])
    classes.kernel.assign(np.stack([slope, slope], axis=1))
    model.compile(penalties={"discriminator": penalties.R1(1.0)})
    logs = model.evaluate(normal(4, 3), **QUIET)
    assert logs["discriminator_r1"] == pytest.approx(1.0, rel=1e-5)


def test_few_labels_teach_all():
    """Two groups, 32 of 256 labels known."""
    model = SemiSupervisedGAN.for_shape(
        (2,), latent_dim=2, width=8, normalization=None
    )
    model.compile(optimizer=keras.optimizers.Adam(3e-3, beta_1=0.5))
    truth = np.arange(256) % 2
    x = 0.3 * normal(256, 2) + np.where(truth[:, None], 1.0, -1.0)
    y = np.where(np.arange(256) < 32, truth, -1)
    model.fit(x.astype("float32"), y, batch_size=32, epochs=15, verbose=0)
    assert (model.classify(x).argmax(axis=1) == truth).mean() > 0.95

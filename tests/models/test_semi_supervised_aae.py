"""Codes of a category and a style, and labels of which few are known."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import models

MODEL = models.SemiSupervisedAAE
QUIET = {"verbose": 0, "return_dict": True}


def tiny(**kwargs):
    return MODEL.for_shape((6,), latent_dim=5, width=4, num_classes=3, **kwargs)


def test_the_prior_is_a_uniform_category_beside_a_normal_style():
    prior = layers.CategoryPrior(latent_dim=5, num_classes=3, seed=0)
    codes = ops.convert_to_numpy(prior.sample(6000))
    category, style = codes[:, :3], codes[:, 3:]
    assert set(np.unique(category)) == {0.0, 1.0}
    np.testing.assert_array_equal(category.sum(axis=1), 1.0)
    # Deviations of such means: .006 of the share, .013 of the style.
    np.testing.assert_allclose(category.mean(axis=0), 1 / 3, atol=0.03)
    np.testing.assert_allclose(style.mean(axis=0), 0.0, atol=0.06)
    np.testing.assert_allclose(style.std(axis=0), 1.0, atol=0.05)
    correlation = np.corrcoef(codes.T)[:3, 3:]
    np.testing.assert_allclose(correlation, 0.0, atol=0.06)


def test_cross_entropy_of_known_labels_against_numpy():
    logits = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    labels = np.array([2, -1, 0, -1])
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = -(np.log(shares[0, 2]) + np.log(shares[2, 0])) / 2
    for form in (labels, labels[:, None]):
        value = losses.masked_cross_entropy(form, logits)
        assert float(value) == pytest.approx(float(expected), rel=1e-5)
    for none in (np.full(4, -1), None):
        assert float(losses.masked_cross_entropy(none, logits)) == 0.0


def test_losses_of_networks_that_put_out_zeros():
    """2 ln 2 for each discriminator, ln 2 for its adversary, ln 3 for y."""
    model = tiny(category_noise=0.0)
    for variable in model.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    model.compile()
    x, y = np.ones((4, 6), "float32"), np.array([1, -1, 2, -1])
    logs = model.evaluate(x, y, **QUIET)
    expected = {
        "latent_discrimination": 2 * np.log(2),
        "category_discrimination": 2 * np.log(2),
        "latent_adversarial": np.log(2),
        "category_adversarial": np.log(2),
        "classification": np.log(3),
        "reconstruction": 1.0,
    }
    for name, value in expected.items():
        assert logs[name] == pytest.approx(value, rel=1e-5), name
    assert model.evaluate(x, **QUIET)["classification"] == 0.0
    np.testing.assert_allclose(model.classify(x), 1 / 3, rtol=1e-6)


def test_each_discriminator_judges_its_part_of_the_code():
    """With `D(y) = y_0` and `D(s) = s_1` the logits are parts of codes."""
    model = tiny(category_noise=0.0)
    x = np.random.default_rng(0).normal(size=(8, 6)).astype("float32")
    raw = model.encoder.predict(x, verbose=0)
    shares = np.exp(raw[:, :3])
    shares /= shares.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(
        model.encode(x), np.hstack([shares, raw[:, 3:]]), rtol=1e-5, atol=1e-6
    )
    for role, size, number in (
        ("category_discriminator", 3, 0),
        ("latent_discriminator", 2, 1),
    ):
        dense = keras.layers.Dense(1, use_bias=False)
        judge = keras.Sequential([keras.Input((size,)), dense])
        dense.kernel.assign(np.eye(size)[:, number : number + 1])
        model = MODEL(
            **{name: getattr(model, name) for name in tiny().part_names[:4]}
            | {role: judge}
        )
    model.compile(
        loss=dict.fromkeys(
            ("latent_adversarial", "category_adversarial"), "wasserstein"
        )
    )
    logs = model.evaluate(x, **QUIET)
    codes = model.encode(x)
    assert logs["category_adversarial"] == pytest.approx(
        -codes[:, 0].mean(), rel=1e-4
    )
    assert logs["latent_adversarial"] == pytest.approx(
        -codes[:, 4].mean(), rel=1e-4, abs=1e-6
    )


def test_few_labels_name_the_groups_of_many_samples():
    """Two groups far apart, 32 of 256 labels known."""
    model = MODEL.for_shape(
        (2,), latent_dim=3, width=8, num_classes=2, normalization=None
    )
    model.compile(
        optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
        loss_weights={"classification": 3.0},
    )
    truth = np.arange(256) % 2
    noise = np.random.default_rng(0).normal(size=(256, 2))
    x = (0.3 * noise + np.where(truth[:, None], 1.0, -1.0)).astype("float32")
    y = np.where(np.arange(256) < 32, truth, -1)
    model.fit(x, y, batch_size=32, epochs=12, verbose=0)
    assert (model.classify(x).argmax(axis=1) == truth).mean() > 0.9


def test_wrong_arguments():
    part = tiny().category_discriminator
    parts = {name: getattr(tiny(), name) for name in tiny().part_names[:4]}
    for make in (
        lambda: layers.CategoryPrior(4, num_classes=4),
        lambda: layers.CategoryPrior(4, num_classes=0),
        lambda: MODEL(**{**parts, "latent_discriminator": part}),
        lambda: MODEL.for_shape((6,), latent_dim=3, num_classes=3),
    ):
        with pytest.raises(ValueError, match="Received"):
            make()

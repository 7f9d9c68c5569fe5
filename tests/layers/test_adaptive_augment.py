"""Adaptive augmentation: how p moves, and what it does."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import layers
from keras_aegan import networks
from keras_aegan.models import GAN


def random(*shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


def number(variable):
    return float(ops.convert_to_numpy(variable))


def test_p_by_hand():
    """Every second turn by 2 * 8 / 160 = 0.1, the sign that of r - 0.5."""
    layer = layers.AdaptiveAugment(target=0.5, images=160, interval=2)
    certain, uncertain = np.ones((8, 1), "float32"), np.ones((8, 1), "float32")
    uncertain[:4] = -2.0
    # r is (1 + 1) / 2, (1 + 0) / 2 = target, (0 + 0) / 2, then 1 again.
    turns = [
        certain,
        certain,
        certain,
        uncertain,
        uncertain,
        uncertain,
        uncertain,
        uncertain,
        certain,
        certain,
    ]
    expected = [0, 0.1, 0.1, 0.1, 0.1, 0.0, 0.0, 0.0, 0.0, 0.1]
    for logits, p in zip(turns, expected):
        layer.observe_real_logits(logits)
        assert number(layer.probability) == pytest.approx(p, abs=1e-6)
    for _ in range(30):
        layer.observe_real_logits(certain)
    assert number(layer.probability) == 1.0


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_a_fraction_p_of_images_is_changed(p):
    """Each image either as it was or as `DiffAugment` has it."""
    x = random(2000, 8, 8, 1)
    layer = layers.AdaptiveAugment("color", seed=1)
    layer.probability.assign(p)
    always = layers.DiffAugment("color", seed=1)
    y, changed = (
        ops.convert_to_numpy(f(x, training=True)) for f in (layer, always)
    )
    same = (y == x).all(axis=(1, 2, 3))
    np.testing.assert_allclose(y[~same], changed[~same], atol=1e-6)
    # Within four standard deviations.
    assert abs((~same).mean() - p) <= 4 * np.sqrt(p * (1 - p) / 2000)
    silent = ops.convert_to_numpy(layer(x, training=False))
    np.testing.assert_array_equal(silent, x)


def test_parts_are_chosen_one_by_one():
    """Of two parts at p = 1/2 a quarter of images has neither, and so on."""
    layer = layers.AdaptiveAugment("color,cutout", seed=1)
    layer.probability.assign(0.5)
    y = ops.convert_to_numpy(
        layer(np.ones((2000, 8, 8, 1), "float32"), training=True)
    )
    colored = (y.max(axis=(1, 2, 3)) != 1).astype(int)
    cut = (y == 0).any(axis=(1, 2, 3)).astype(int)
    shares = np.bincount(2 * colored + cut, minlength=4) / 2000
    assert np.abs(shares - 0.25).max() < 4 * np.sqrt(0.25 * 0.75 / 2000)


def gan(**compiled):
    keras.utils.set_random_seed(0)
    start = keras.Input((8, 8, 1))
    augment = layers.AdaptiveAugment(images=64, interval=1, seed=1)
    discriminator = networks.discriminator((8, 8, 1), width=2)
    plain = GAN.for_shape((8, 8, 1), latent_dim=2, width=2)
    model = GAN(
        generator=plain.generator,
        discriminator=keras.Model(start, discriminator(augment(start))),
    )
    model.compile(**compiled)
    return model


def probability(model):
    return number(model.discriminator.layers[1].probability)


@pytest.mark.parametrize("eager", [False, True])
@pytest.mark.parametrize("bias, expected", [(9.0, 0.75), (-9.0, 0.0)])
def test_p_moves_in_the_turns_of_the_discriminator(bias, expected, eager):
    """A last bias of 9 makes it certain of all: 3 steps of 16 / 64 each.

    Evaluation moves nothing.
    """
    model = gan(run_eagerly=eager)
    model.discriminator.trainable_variables[-1].assign([bias])
    x = samples(model, 48)
    model.fit(x, batch_size=16, verbose=0)
    assert probability(model) == pytest.approx(expected)
    model.evaluate(x, verbose=0)
    assert probability(model) == pytest.approx(expected)


def test_p_is_saved(tmp_path):
    model = gan()
    model.discriminator.trainable_variables[-1].assign([9.0])
    x = samples(model, 16)
    model.fit(x, batch_size=16, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert probability(loaded) == pytest.approx(0.25)


def test_wrong_arguments():
    for wrong in (
        {"target": 1.0},
        {"images": 0},
        {"interval": 0},
        {"interval": 1.5},
        {"policy": "flip"},
    ):
        with pytest.raises(ValueError, match="Received"):
            layers.AdaptiveAugment(**wrong)

"""Default networks for any shape."""

import keras
import numpy as np
import pytest

from keras_aegan import networks
from keras_aegan.networks import blocks

SHAPES = [
    (5,),
    (64,),
    (8, 1),
    (50, 3),
    (8, 8, 1),
    (28, 28, 1),
    (20, 33, 3),
    (32, 32, 4),
    (9, 64, 2),
]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_networks_fit_each_other(shape):
    encoder = networks.encoder(shape, 6, width=4)
    generator = networks.generator(shape, 6, width=4)
    discriminator = networks.discriminator(shape, width=4)
    x = np.zeros((2, *shape), "float32")
    z = encoder.predict(x, verbose=0)
    assert z.shape == (2, 6)
    assert generator.predict(z, verbose=0).shape == x.shape
    assert discriminator.predict(x, verbose=0).shape == (2, 1)
    latent_discriminator = networks.latent_discriminator(6, width=4)
    assert latent_discriminator.predict(z, verbose=0).shape == (2, 1)


@pytest.mark.parametrize("normalization", ["batch", "layer", None])
def test_normalizations(normalization):
    network = networks.encoder((8, 8, 1), 3, 4, normalization)
    kinds = {
        "batch": keras.layers.BatchNormalization,
        "layer": keras.layers.LayerNormalization,
    }
    found = {
        name
        for name, kind in kinds.items()
        if any(isinstance(layer, kind) for layer in network.layers)
    }
    assert found == {normalization} - {None}


@pytest.mark.parametrize("shape", [(6,), *SHAPES], ids=str)
@pytest.mark.parametrize("role", ["encoder", "generator", "discriminator"])
def test_no_bias_is_undone_by_batch_statistics(role, shape):
    """Its gradient would be rounding alone, which Adam makes a whole step."""
    build = getattr(networks, role)
    codes = () if role == "discriminator" else (3,)
    network = build(
        shape, *codes, width=4, normalization="batch", residual_blocks=1
    )
    before = {
        layer.input._keras_history.operation
        for layer in network.layers
        if isinstance(layer, keras.layers.BatchNormalization)
    }
    assert before
    for layer in before:
        assert not getattr(layer, "use_bias", False), layer.name


def test_networks_are_serialised_by_config():
    network = networks.convolutional_generator((9, 12, 2), 3, width=4)
    again = keras.Model.from_config(network.get_config())
    again.set_weights(network.get_weights())
    z = np.ones((2, 3), "float32")
    expected = network.predict(z, verbose=0)
    np.testing.assert_allclose(again.predict(z, verbose=0), expected)


def test_the_densely_connected_discriminator_has_the_published_size():
    """16 layers of width 16 on 16 numbers: the last one sees 256 numbers.

    Dense (16 + 16 i) * 16 + 16, normalisation 2 * 16, for i = 0..15; then
    272 * 128 + 128 and 2 * 128; then 128 + 1.
    """
    layers = sum((16 + 16 * i) * 16 + 16 + 32 for i in range(16))
    expected = layers + 272 * 128 + 128 + 256 + 129
    network = networks.densely_connected(16)
    trainable = sum(int(np.prod(v.shape)) for v in network.trainable_weights)
    assert trainable == expected


def test_initial_weights_follow_the_seed_of_keras():
    def weights(seed):
        keras.utils.set_random_seed(seed)
        return networks.encoder((8, 8, 1), 3, 4).get_weights()[0]

    np.testing.assert_array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


@pytest.mark.parametrize("shape", [(), (7, 8, 1), (8, 8, 8, 1), (0,), (8.5,)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="Received"):
        networks.encoder(shape, 4)


def test_unknown_normalization_is_refused():
    with pytest.raises(ValueError, match="Received"):
        networks.generator((8, 8, 1), 4, normalization="group")


def residual(shape, count):
    x = keras.Input(shape)
    return keras.Model(x, blocks.residual(x, count, None, 0.2, 0.0))


@pytest.mark.parametrize("shape", [(5,), (9, 3), (8, 10, 2)], ids=str)
def test_residual_blocks_begin_as_the_identity(shape):
    x = np.random.default_rng(0).normal(size=(4, *shape)).astype("float32")
    np.testing.assert_array_equal(residual(shape, 2).predict(x, verbose=0), x)


def test_a_residual_block_against_its_formula():
    """`x + V f(W x)`, with f(a) = a above 0 and 0.2 a below, in NumPy."""
    model = residual((5,), 1)
    rng = np.random.default_rng(0)
    w, b, v, c = (rng.normal(size=w.shape) for w in model.get_weights())
    model.set_weights([w, b, v, c])
    x = rng.normal(size=(4, 5))
    hidden = x @ w + b
    expected = x + np.where(hidden > 0, hidden, 0.2 * hidden) @ v + c
    actual = model.predict(x.astype("float32"), verbose=0)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)


def test_residual_blocks_stand_at_every_resolution():
    """28 pixels are halved twice: blocks of 4 and of 8 channels, 3x3 taps."""
    for build in (networks.encoder, networks.generator):
        plain, deep = (
            build((28, 28, 1), 6, 4, None, residual_blocks=n).count_params()
            for n in (0, 2)
        )
        assert deep - plain == 2 * sum(2 * (9 * n * n + n) for n in (4, 8))


def test_discriminators_of_images_may_augment_them():
    discriminator = networks.discriminator(
        (8, 8, 1), 2, augmentation="translation"
    )
    x = np.random.default_rng(0).normal(size=(4, 8, 8, 1)).astype("float32")
    first, second = (discriminator(x, training=True) for _ in range(2))
    first, second = map(keras.ops.convert_to_numpy, (first, second))
    assert not np.allclose(first, second)
    with pytest.raises(ValueError, match=r"images.*Received: shape=\(6,\)"):
        networks.discriminator((6,), augmentation="translation")

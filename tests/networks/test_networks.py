"""Default networks for any shape."""

import keras
import numpy as np
import pytest

from keras_aegan import networks

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
    judge = networks.latent_discriminator(6, width=4)
    assert judge.predict(z, verbose=0).shape == (2, 1)


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

"""Virtual batch normalisation against its formula in NumPy."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import layers
from keras_aegan.models import GAN


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def by_hand(reference, x, gamma, beta, epsilon):
    """Of one sample after the other; all in float64."""
    axes = tuple(range(reference.ndim - 1))
    reference, x = reference.astype("float64"), x.astype("float64")
    mean_r, square_r = reference.mean(axes), (reference**2).mean(axes)
    rows = [
        gamma * (reference - mean_r) / np.sqrt(square_r - mean_r**2 + epsilon)
    ]
    a = 1 / (len(reference) + 1)
    for sample in x:
        axes = tuple(range(sample.ndim - 1))
        m = a * sample.mean(axes) + (1 - a) * mean_r
        square = a * (sample**2).mean(axes) + (1 - a) * square_r
        rows.append(
            gamma * (sample - m)[None] / np.sqrt(square - m**2 + epsilon)
        )
    return np.concatenate(rows) + beta


@pytest.mark.parametrize("shape", [(3,), (5, 3), (4, 6, 3)], ids=str)
def test_formula(shape):
    reference, x = 2 + normal(7, *shape), 1 - 3 * normal(4, *shape, seed=1)
    layer = layers.VirtualBatchNormalization(7, epsilon=1e-3)
    layer.build((None, *shape))
    gamma, beta = normal(3, seed=2), normal(3, seed=3)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    y = layer(np.concatenate([reference, x]))
    np.testing.assert_allclose(
        ops.convert_to_numpy(y),
        by_hand(reference, x, gamma, beta, 1e-3),
        rtol=1e-4,
        atol=1e-5,
    )


def generator(reference):
    z = keras.Input((2,))
    x = keras.layers.Dense(4)(z)
    x = layers.VirtualBatchNormalization(len(reference))(x)
    network = keras.Model(z, keras.layers.Dense(6)(x))
    return layers.ReferenceBatch(network, reference)


def test_a_sample_depends_on_the_reference_and_not_on_its_batch():
    network, z = generator(normal(8, 2)), normal(5, 2, seed=1)
    whole = ops.convert_to_numpy(network(z))
    alone = ops.convert_to_numpy(network(z[:1]))
    np.testing.assert_allclose(whole[:1], alone, rtol=1e-4, atol=1e-6)
    network.batch.assign(normal(8, 2, seed=2))
    assert np.abs(ops.convert_to_numpy(network(z)) - whole).max() > 1e-3


def test_a_gan_trains_with_it_and_keeps_its_reference(tmp_path):
    plain = GAN.for_shape((6,), latent_dim=2, width=2)
    reference = normal(8, 2)
    model = GAN(
        generator=generator(reference), discriminator=plain.discriminator
    )
    model.compile(update="simultaneous")
    before = model.generator.get_weights()
    x = samples(model, 32)
    logs = model.fit(x, batch_size=16, epochs=2, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    named = zip(model.generator.weights, before, model.generator.get_weights())
    for v, old, new in named:
        assert np.array_equal(old, new) != v.trainable, v.path
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(loaded.generator.batch), reference
    )
    np.testing.assert_allclose(
        loaded.generate(5, seed=1), model.generate(5, seed=1), atol=1e-6
    )


def test_wrong_arguments():
    network = generator(normal(8, 2)).network
    for make in (
        lambda: layers.VirtualBatchNormalization(0),
        lambda: layers.VirtualBatchNormalization(4, epsilon=0.0),
        lambda: layers.ReferenceBatch(network, normal(8, 3)),
        lambda: layers.ReferenceBatch(network, normal(7, 2)),
        lambda: layers.ReferenceBatch(network, normal(8, 2) * 1j),
        lambda: layers.ReferenceBatch(network, normal(8, 2) * np.nan),
    ):
        with pytest.raises(ValueError, match="Received"):
            make()

"""Networks that are subclasses of `keras.Model`, built by a call."""

import keras
import numpy as np
import pytest

from keras_aegan import layers
from keras_aegan import models
from keras_aegan.engine import feature_extractor
from keras_aegan.engine import generator_output

X = np.random.default_rng(0).uniform(-1, 1, (16, 6)).astype("float32")
SIZES = {
    "encoder": (6, 2),
    "generator": (2, 6),
    "discriminator": (6, 1),
    "latent_discriminator": (2, 1),
}


@keras.saving.register_keras_serializable(package="tests")
class Subclassed(keras.Model):
    """The output layer comes first, where only the call tells the order."""

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.last = keras.layers.Dense(units, activation="tanh")
        self.first = keras.layers.Dense(4, activation="relu")
        self.noise = layers.GaussianNoise(0.1, seed=1)

    def call(self, x, training=None):
        return self.last(self.noise(self.first(x), training=training))

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def called(inputs, outputs):
    network = Subclassed(outputs)
    network(np.zeros((3, inputs), "float32"))
    return network


def aegan(**changes):
    parts = {name: called(*sizes) for name, sizes in SIZES.items()}
    return models.AEGAN(**{**parts, **changes})


def test_they_train_save_load_and_generate(tmp_path):
    model = models.VAE(encoder=called(6, 4), generator=called(2, 6))
    assert model.sample_shape == (6,) and model.prior.latent_dim == 2
    model.compile()
    model.fit(X, batch_size=8, verbose=0)
    model.summary(print_fn=lambda *args, **kwargs: None)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.encode(X), model.encode(X), atol=1e-6)
    np.testing.assert_allclose(
        loaded.generate(3, seed=1), model.generate(3, seed=1), atol=1e-6
    )
    loaded.train_on_batch(X)


def test_parts_that_do_not_fit_are_found():
    with pytest.raises(ValueError, match=r"`encoder`'s output.*\(2,\).*\(3,\)"):
        aegan(encoder=called(6, 3))
    with pytest.raises(ValueError, match="`generator`.*call it once on data"):
        aegan(generator=Subclassed(6))


def test_a_layer_in_place_of_a_network_is_refused():
    layer = keras.layers.Dense(2)
    layer.build((None, 6))
    with pytest.raises(ValueError, match="`encoder` must be a Keras model"):
        aegan(encoder=layer)


def test_several_outputs_are_refused_in_words():
    x = keras.Input((6,))
    outputs = [keras.layers.Dense(2)(x), keras.layers.Dense(3)(x)]
    with pytest.raises(ValueError, match=r"2 tensors of shapes \[\(2,\), \(3"):
        aegan(encoder=keras.Model(x, outputs))


def test_the_range_of_their_output_is_unknown():
    """Their layers have no order, so the last one may not be the output's."""
    assert generator_output.output_range(called(2, 6)) is None
    z = keras.Input((2,))
    last = keras.layers.Activation("tanh")
    network = keras.Model(z, last(called(2, 6)(z)))
    assert generator_output.output_range(network) == (-1.0, 1.0)


def test_there_are_no_features_inside_them():
    network = called(6, 1)
    x = keras.Input((6,))
    for discriminator in (network, keras.Model(x, network(x))):
        with pytest.raises(ValueError, match="layer of features.*Received"):
            feature_extractor(discriminator)


def test_other_models_find_their_shapes():
    generator, discriminator = called(2, 6), called(6, 1)
    gan = models.GAN(generator=generator, discriminator=discriminator)
    gan.compile(run_eagerly=True)
    gan.train_on_batch(X)
    gan.compile(loss_weights={"feature_matching": 1.0}, run_eagerly=True)
    with pytest.raises(ValueError, match="Features need a discriminator"):
        gan.train_on_batch(X)
    model = aegan()
    model.compile(run_eagerly=True)
    model.train_on_batch(X)
    fused = models.FusedAEGAN(
        trunk_network=called(6, 3),
        discriminator_head=called(3, 1),
        code_head=called(3, 4),
        generator=generator,
    )
    assert fused.encode(X).shape == (16, 2)

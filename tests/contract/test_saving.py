"""Configuration, saving and loading, for every public class."""

import pathlib

import keras
import numpy as np
import pytest
from catalogue import FLAGSHIP
from catalogue import LAYERS
from catalogue import LOSSES
from catalogue import MODELS
from catalogue import PENALTIES
from catalogue import RECONSTRUCTION_LOSSES
from catalogue import WEIGHTS
from catalogue import samples
from catalogue import settings

from keras_aegan import models

ALL = {
    **LAYERS,
    **LOSSES,
    **PENALTIES,
    **RECONSTRUCTION_LOSSES,
    **WEIGHTS,
    **MODELS,
}


def without_build_config(config):
    """Keras notes how a layer was built, by a call or from a config."""
    if isinstance(config, dict):
        return {
            key: without_build_config(value)
            for key, value in config.items()
            if key != "build_config"
        }
    if isinstance(config, (list, tuple)):
        return [without_build_config(value) for value in config]
    return config


def config_of(instance):
    return without_build_config(instance.get_config())


@pytest.mark.parametrize("cls", ALL, ids=lambda c: c.__name__)
def test_config_round_trip(cls):
    instance = ALL[cls]()
    config = config_of(instance)
    assert config_of(cls.from_config(instance.get_config())) == config
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(instance)
    )
    assert type(again) is cls
    assert config_of(again) == config


@pytest.mark.parametrize("cls", ALL, ids=lambda c: c.__name__)
def test_registered_under_the_package(cls):
    name = keras.saving.get_registered_name(cls)
    assert name == f"keras_aegan>{cls.__name__}"


@pytest.fixture(params=FLAGSHIP.values(), ids=[c.__name__ for c in FLAGSHIP])
def model(request):
    return request.param()


def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(model, tmp_path):
    model.compile(**settings())
    x = samples(model)
    options = {"batch_size": 16, "shuffle": False, "verbose": 0}
    model.fit(x, epochs=2, **options)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(
        loaded.reconstruct(x), model.reconstruct(x), atol=1e-6
    )
    assert loaded.get_compile_config() == model.get_compile_config()
    for a, b in zip(model.optimizer.variables, loaded.optimizer.variables):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))
    expected = model.fit(x, epochs=2, **options).history
    actual = loaded.fit(x, epochs=2, **options).history
    for name, values in expected.items():
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-5, err_msg=name
        )


def test_weights_alone(model, tmp_path):
    model.save_weights(tmp_path / "model.weights.h5")
    other = FLAGSHIP[type(model)]()
    other.load_weights(tmp_path / "model.weights.h5")
    for a, b in zip(model.get_weights(), other.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_saving_before_compiling(model, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = samples(model, 4)
    np.testing.assert_allclose(
        loaded.reconstruct(x), model.reconstruct(x), atol=1e-6
    )


def test_the_old_format_is_refused_in_words(model, tmp_path):
    with pytest.raises(ValueError, match=r"end in `\.keras`.*Received"):
        model.save(tmp_path / "model.h5")


def test_a_layer_of_two_parts_is_refused_before_a_file_is_written(tmp_path):
    def build():
        x, z = keras.Input((6,)), keras.Input((2,))
        common = keras.layers.Dense(4, name="common")
        return models.BiGAN(
            encoder=keras.Model(x, keras.layers.Dense(2)(common(x))),
            generator=keras.Model(z, keras.layers.Dense(6)(z)),
            joint_discriminator=keras.Model(
                [x, z],
                keras.layers.Dense(1)(
                    keras.layers.Concatenate()([common(x), z])
                ),
            ),
        )

    model = build()
    with pytest.raises(ValueError, match="in common.*Received: <Dense name=co"):
        model.save(tmp_path / "model.keras")
    assert not list(tmp_path.iterdir())
    model.save_weights(tmp_path / "model.weights.h5")
    other = build()
    other.load_weights(tmp_path / "model.weights.h5")
    x = np.ones((3, 6), "float32")
    np.testing.assert_array_equal(other.encode(x), model.encode(x))


def test_a_failing_save_leaves_the_file_that_was_there(monkeypatch, tmp_path):
    model = models.Autoencoder.for_shape((6,), latent_dim=2, width=2)
    path = tmp_path / "model.keras"
    model.save(path)
    before = path.read_bytes()

    def fill_the_disk(self, filepath):
        pathlib.Path(filepath).write_bytes(b"half a file")
        raise OSError("No space left on device")

    monkeypatch.setattr(keras.Model, "save", fill_the_disk)
    with pytest.raises(OSError, match="No space"):
        model.save(path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]

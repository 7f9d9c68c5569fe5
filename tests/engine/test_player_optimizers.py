"""One optimizer for each player, in the shape of a single one."""

import keras
import numpy as np
import pytest
from catalogue import samples

from keras_aegan.engine.player_optimizers import PlayerOptimizers
from keras_aegan.engine.player_optimizers import optimizers_for
from keras_aegan.models import AEGAN


@pytest.fixture
def model():
    return AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)


def test_each_player_gets_its_own():
    adam = keras.optimizers.Adam(1e-3)
    made = optimizers_for(["a", "b"], adam, {})
    assert made.of("a") is not made.of("b")
    assert [o.name for o in made.optimizers] == ["a", "b"]
    mixed = optimizers_for(["a", "b"], {"a": "sgd"}, {"b": adam})
    assert type(mixed.of("a")).__name__ == "SGD"
    assert type(mixed.of("b")).__name__ == "Adam"


def test_configuration():
    made = optimizers_for(["a", "b"], {"a": "sgd", "b": "lion"}, {})
    again = PlayerOptimizers.from_config(made.get_config())
    assert again.get_config() == made.get_config()


def test_wrong_optimizers():
    with pytest.raises(ValueError, match="Received"):
        PlayerOptimizers({"a": "adam"})
    with pytest.raises(ValueError, match="Received"):
        optimizers_for(["a"], {"b": "adam"}, {})


@pytest.mark.parametrize("name", ["rmsprop", "adamw", "lion"])
def test_keras_optimizers_work(model, name):
    model.compile(optimizer=name)
    logs = model.fit(samples(model, 32), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_accumulated_gradients_move_weights_every_other_step(model):
    adam = keras.optimizers.Adam(1e-3, gradient_accumulation_steps=2)
    model.compile(optimizer=adam)
    x = samples(model, 16)
    start = model.generator.get_weights()[0]
    model.fit(x, batch_size=16, verbose=0)
    np.testing.assert_array_equal(model.generator.get_weights()[0], start)
    model.fit(x, batch_size=16, verbose=0)
    assert not np.array_equal(model.generator.get_weights()[0], start)


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_clipping_bounds_a_step(model):
    """Plain descent at rate 1 moves a weight by its gradient's norm."""
    sgd = keras.optimizers.SGD(1.0, clipnorm=1e-3)
    model.compile(optimizer=sgd)
    before = [np.asarray(v) for v in model.generator.trainable_variables]
    model.fit(samples(model, 16), batch_size=16, verbose=0)
    for a, v in zip(before, model.generator.trainable_variables):
        moved = np.linalg.norm(np.asarray(v) - a)
        assert 0 < moved < 1.01e-3


def test_averaged_weights_with_keras_callback(model):
    adam = keras.optimizers.Adam(1e-3, use_ema=True, ema_momentum=0.5)
    model.compile(optimizer=adam)
    x = samples(model, 32)
    swap = keras.callbacks.SwapEMAWeights()
    logs = model.fit(
        x, batch_size=16, validation_data=x, callbacks=[swap], verbose=0
    ).history
    assert np.isfinite(logs["val_reconstruction"]).all()


def test_no_single_learning_rate(model):
    model.compile()
    with pytest.raises(AttributeError, match="of"):
        float(model.optimizer.learning_rate)
    with pytest.raises(AttributeError, match="of"):
        model.optimizer.learning_rate = 0.1

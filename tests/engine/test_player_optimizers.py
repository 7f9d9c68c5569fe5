"""One optimizer for each player, in the shape of a single one."""

import keras
import numpy as np
import pytest
from catalogue import samples

from keras_aegan import backend
from keras_aegan.engine.player_optimizers import PlayerOptimizers
from keras_aegan.engine.player_optimizers import optimizers_for
from keras_aegan.models import AEGAN

PLAYERS = {"a": [], "b": []}


@pytest.fixture
def model():
    return AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)


def test_each_player_gets_its_own():
    adam = keras.optimizers.Adam(1e-3)
    made = optimizers_for(PLAYERS, adam, {})
    assert made.of("a") is not made.of("b")
    assert [o.name for o in made.optimizers] == ["a", "b"]
    mixed = optimizers_for(PLAYERS, {"a": "sgd"}, {"b": adam})
    assert type(mixed.of("a")).__name__ == "SGD"
    assert type(mixed.of("b")).__name__ == "Adam"


def test_configuration():
    made = optimizers_for(PLAYERS, {"a": "sgd", "b": "lion"}, {})
    again = PlayerOptimizers.from_config(made.get_config())
    assert again.get_config() == made.get_config()


def test_wrong_optimizers():
    with pytest.raises(ValueError, match="Received"):
        PlayerOptimizers({"a": "adam"})
    with pytest.raises(ValueError, match="Received"):
        optimizers_for({"a": []}, {"b": "adam"}, {})


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


# === Copies ===


class Scaled(keras.optimizers.SGD):
    """An optimizer whose configuration misses what it was made with."""

    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def update_step(self, gradient, variable, learning_rate):
        super().update_step(self.factor * gradient, variable, learning_rate)


def copies_of(optimizer, networks=()):
    """The optimizers that two players get."""
    made = optimizers_for({"a": [*networks], "b": []}, optimizer, None)
    return made.of("a"), made.of("b")


def network():
    inputs = keras.Input((2,))
    outputs = keras.layers.Dense(2, kernel_initializer="ones")(inputs)
    return keras.Model(inputs, outputs)


@pytest.mark.parametrize("by", ["name", "variable"])
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_copies_leave_the_same_weights_undecayed(by, is_wrapped):
    """Without a gradient AdamW only decays: by half a weight at this rate."""
    made = network()
    kernel, bias = made.trainable_variables
    bias.assign([1.0, 1.0])
    adam = keras.optimizers.AdamW(0.1, weight_decay=5.0)
    if by == "name":
        adam.exclude_from_weight_decay(var_names=["kernel"])
    else:
        adam.exclude_from_weight_decay(var_list=[kernel])
    scaled = keras.optimizers.LossScaleOptimizer(adam) if is_wrapped else adam
    copy, _ = copies_of(scaled, [made])
    backend.apply_gradients(
        copy,
        [keras.ops.zeros((2, 2)), keras.ops.zeros((2,))],
        made.trainable_variables,
    )
    kernel, bias = made.get_weights()
    np.testing.assert_allclose(kernel, np.ones((2, 2)), rtol=1e-6)
    np.testing.assert_allclose(bias, [0.5, 0.5], rtol=1e-6)


def test_copies_of_an_incomplete_subclass():
    made = network()
    copy, other = copies_of(Scaled(3.0, learning_rate=0.5), [made])
    assert copy is not other and other.factor == 3.0
    copy.apply([keras.ops.ones((2, 2)), keras.ops.ones((2,))])
    kernel, bias = made.get_weights()
    np.testing.assert_allclose(kernel, np.full((2, 2), -0.5), rtol=1e-6)
    np.testing.assert_allclose(bias, [-1.5, -1.5], rtol=1e-6)


def test_copies_of_a_built_optimizer_begin_with_its_rate():
    made = network()
    adam = keras.optimizers.Adam(0.5)
    adam.build(made.trainable_variables)
    adam.apply([keras.ops.ones((2, 2)), keras.ops.ones((2,))])
    adam.learning_rate = 0.25
    adam.beta_1 = 0.7
    copy, other = copies_of(adam, [made])
    assert float(copy.learning_rate) == 0.25 and copy.beta_1 == 0.7
    assert int(copy.iterations) == 0 and int(adam.iterations) == 1
    slots = copy.variables[2:]
    assert len(slots) == len(adam.variables) - 2
    assert all(not np.any(keras.ops.convert_to_numpy(v)) for v in slots)
    # Each has a state of its own.
    theirs = {id(v) for v in other.variables} | {id(v) for v in adam.variables}
    assert not theirs & {id(v) for v in copy.variables}
    copy.learning_rate = 0.125
    assert float(other.learning_rate) == 0.25


class Halving(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that nobody registered, without a configuration."""

    def __call__(self, step):
        return 0.5 / (1.0 + keras.ops.cast(step, "float32"))


@pytest.mark.parametrize(
    "schedule",
    [Halving(), keras.optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)],
    ids=["own", "keras"],
)
def test_copies_follow_the_schedule(schedule):
    made = network()
    adam = keras.optimizers.Adam(
        schedule, use_ema=True, ema_momentum=0.9, global_clipnorm=2.0
    )
    copy, _ = copies_of(adam, [made])
    copy.apply([keras.ops.ones((2, 2)), keras.ops.ones((2,))])
    rate = keras.ops.convert_to_numpy(copy.learning_rate)
    assert float(rate) == pytest.approx(0.25)
    assert copy.use_ema and copy.ema_momentum == 0.9
    assert copy.global_clipnorm == 2.0


def test_optimizers_of_another_model_are_copied(model):
    """Their state is of other weights, which must not move."""
    model.compile(optimizer=keras.optimizers.Adam(0.125))
    other = AEGAN.from_config(model.get_config())
    other.compile(optimizer=model.optimizer)
    assert other.optimizer is not model.optimizer
    before = model.generator.get_weights()[0]
    start = other.generator.get_weights()[0]
    other.fit(samples(other, 16), verbose=0)
    np.testing.assert_array_equal(model.generator.get_weights()[0], before)
    assert not np.array_equal(other.generator.get_weights()[0], start)
    assert float(other.optimizer.of("generator").learning_rate) == 0.125
    # Compiled again for the same weights, a model goes on.
    optimizer = model.optimizer
    model.compile(optimizer=optimizer)
    assert model.optimizer is optimizer

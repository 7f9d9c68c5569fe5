"""Learning rates that fall in the course of a fit."""

import keras
import numpy as np
import pytest

from keras_aegan.engine.rate_decay import DecaySchedule
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN

X = np.random.default_rng(0).normal(size=(48, 6)).astype("float32")
FIT = {"batch_size": 8, "shuffle": False, "verbose": 0}


def _model(decay=None, rate=1e-2, cls=GAN, **kwargs):
    keras.utils.set_random_seed(3)
    model = cls.for_shape((6,), latent_dim=2, width=4)
    optimizer = keras.optimizers.Adam(rate, beta_1=0.5)
    model.compile(optimizer, decay=decay, **kwargs)
    return model


def _assert_equal(first, second, rtol=1e-5):
    for a, b in zip(first.trainable_variables, second.trainable_variables):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-6)


@pytest.mark.parametrize("turns", [1, 2])
def test_cosine_is_that_of_keras_over_all_steps_of_the_fit(turns):
    # Keras counts the moves of each optimizer, here as many as steps times
    # turns; the two curves meet where a step begins.
    model = _model("cosine", turns={"discriminator": turns})
    model.fit(X, epochs=3, **FIT)
    schedule = keras.optimizers.schedules.CosineDecay(1e-2, 18, alpha=0.02)
    other = _model(rate=schedule)
    if turns == 1:
        other.fit(X, epochs=3, **FIT)
        _assert_equal(model, other)
    factors = [float(model.optimizer.decay.factor(t)) for t in range(19)]
    np.testing.assert_allclose(
        factors, [100 * float(schedule(t)) for t in range(19)], rtol=1e-5
    )


def test_linear_falls_to_a_fiftieth():
    model = _model("linear")
    model.fit(X, epochs=1, **FIT)
    factors = [float(model.optimizer.decay.factor(t)) for t in (0, 3, 6, 9)]
    np.testing.assert_allclose(factors, [1.0, 0.51, 0.02, 0.02], rtol=1e-5)


def test_rates_keep_their_values_and_callbacks_may_change_them():
    model = _model("cosine")
    seen = []
    scheduler = keras.callbacks.LambdaCallback(
        on_epoch_begin=lambda epoch, logs: [
            seen.append(float(o.learning_rate))
            or setattr(o, "learning_rate", float(o.learning_rate) / 2)
            for o in model.optimizer.optimizers
        ]
    )
    model.fit(X, epochs=2, callbacks=[scheduler], **FIT)
    np.testing.assert_allclose(seen, [1e-2, 1e-2, 5e-3, 5e-3], rtol=1e-6)


def test_a_schedule_of_the_user_is_left_alone():
    schedule = keras.optimizers.schedules.ExponentialDecay(1e-2, 4, 0.5)
    decaying, plain = _model("cosine", schedule), _model(rate=schedule)
    for model in (decaying, plain):
        model.fit(X, epochs=2, **FIT)
    _assert_equal(decaying, plain)


def test_initial_epoch_and_steps_per_epoch_count():
    whole, parts = _model("cosine"), _model("cosine")
    data = np.concatenate([X[:24], X[24:]])
    whole.fit(data, epochs=2, **FIT)
    # 6 steps an epoch: the second call goes on where the first stopped.
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: setattr(parts, "stop_training", True)
    )
    parts.fit(data, epochs=2, callbacks=[stop], **FIT)
    parts.fit(data, epochs=2, initial_epoch=1, **FIT)
    _assert_equal(whole, parts)
    assert [int(v) for v in parts.optimizer.decay.variables] == [0, 12]
    parts.fit(data, epochs=3, steps_per_epoch=2, **FIT)
    assert [int(v) for v in parts.optimizer.decay.variables] == [12, 6]


def test_a_stream_of_unknown_length_decays_from_its_second_epoch_on():
    optimizer = _model("cosine").optimizer
    optimizer.iterations.assign(7)
    schedule = DecaySchedule(optimizer.decay, optimizer, 3, initial_epoch=0)
    schedule.set_params({"steps": None})
    schedule.on_train_begin()
    assert float(optimizer.decay.factor(9)) == 1.0
    optimizer.iterations.assign(11)
    schedule.on_epoch_end(0)
    # Four steps were an epoch.
    assert [int(v) for v in optimizer.decay.variables] == [7, 12]
    optimizer.iterations.assign(15)
    schedule.on_epoch_end(1)
    assert [int(v) for v in optimizer.decay.variables] == [7, 12]


def test_without_a_fit_rates_are_whole():
    model = _model("cosine", cls=AEGAN)
    model.train_on_batch(X[:8])
    assert float(model.optimizer.decay.factor(1)) == 1.0


def test_it_is_saved_and_named(tmp_path):
    model = _model("cosine")
    model.fit(X, epochs=1, **FIT)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.optimizer.decay.shape == "cosine"
    assert [int(v) for v in loaded.optimizer.decay.variables] == [0, 6]
    assert _model().optimizer.decay.shape == "constant"
    with pytest.raises(ValueError, match="`decay` must be one of"):
        _model("stairs")
    # Also where the optimizer goes on, which it then does as before.
    with pytest.raises(ValueError, match="`decay` must be one of"):
        loaded.compile(loaded.optimizer, decay="stairs")
    assert loaded.optimizer.decay.shape == "cosine"

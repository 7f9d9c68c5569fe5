"""Weights and the mean of their past."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import penalties
from keras_aegan.models import GAN


def tiny(given, **compiled):
    model = GAN.for_shape((6,), latent_dim=2, width=2, normalization=None)
    model.compile(penalties=given, **compiled)
    return model


def values(network):
    return [ops.convert_to_numpy(v) for v in network.trainable_variables]


@pytest.mark.parametrize("eager", [False, True])
def test_value_against_the_weights_of_all_steps(eager):
    """Both players; the weights before each step are noted outside."""
    given = {
        player: penalties.HistoricalAverage(0.5)
        for player in ("generator", "discriminator")
    }
    rates = keras.optimizers.Adam(0.05)
    model = tiny(given, optimizer=rates, run_eagerly=eager)
    x, past = samples(model, 16), {"generator": [], "discriminator": []}
    for t in range(4):
        for player, history in past.items():
            history.append(values(getattr(model, player)))
        logs = model.train_on_batch(x, return_dict=True)
        for player, history in past.items():
            expected = sum(
                np.sum((np.float64(history[-1][i]) - np.mean(w, axis=0)) ** 2)
                for i, w in enumerate(zip(*history))
            )
            value = float(logs[f"{player}_historical_average"])
            assert value == pytest.approx(0.5 * expected, rel=1e-4, abs=1e-7)
            assert (value > 0) == (t > 0)


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_gradient_by_hand():
    """From 1 to 3 the mean is 2: a step of 0.1 * 2 w (3 - 2) = 0.1.

    The gradients of the game itself are those of a weight of 1e-9.
    """
    z, x = keras.Input((2,)), keras.Input((3,))
    critic = keras.layers.Dense(1, use_bias=False)
    model = GAN(
        generator=keras.Model(z, keras.layers.Dense(3)(z)),
        discriminator=keras.Model(x, critic(x)),
    )
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss_weights={"discrimination": 1e-9, "adversarial": 0.0},
        penalties={"discriminator": penalties.HistoricalAverage(0.5)},
    )
    for start, end in ((1.0, 1.0), (3.0, 2.9)):
        critic.kernel.assign(np.full((3, 1), start))
        model.train_on_batch(np.ones((4, 3), "float32"))
        np.testing.assert_allclose(
            ops.convert_to_numpy(critic.kernel), end, rtol=1e-5
        )


def test_the_past_is_saved(tmp_path):
    model = tiny({"generator": penalties.HistoricalAverage(0.5)})
    x = samples(model, 16)
    model.fit(x, batch_size=16, epochs=3, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    expected, actual = (
        m.fit(x, batch_size=16, verbose=0).history for m in (model, loaded)
    )
    name = "generator_historical_average"
    assert actual[name][0] > 0
    np.testing.assert_allclose(actual[name], expected[name], rtol=1e-5)

"""Keras' callbacks and the logs: what they look for, and what is better."""

import io
import warnings
from contextlib import redirect_stdout

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples

from keras_aegan import models
from keras_aegan.callbacks import Diagnose
from keras_aegan.callbacks import GenerationMetrics
from keras_aegan.engine import fit_callbacks
from keras_aegan.engine.terms import Terms
from keras_aegan.metrics import PSNR
from keras_aegan.metrics import FrechetDistance
from keras_aegan.metrics import ModeCoverage
from keras_aegan.metrics import PrecisionRecall
from keras_aegan.metrics.mode_coverage import ring_mixture
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import AdversarialAutoencoder


def rows(count=32):
    return np.random.default_rng(0).uniform(-1, 1, (count, 6)).astype("float32")


@pytest.fixture
def model():
    made = AdversarialAutoencoder.for_shape((6,), latent_dim=2, width=2)
    made.compile()
    return made


# === The loss ===


def loss(terms, results):
    """The `loss` of some players' terms and their values, a float."""
    made = Terms(terms, {})
    value = made.loss(
        {k: keras.ops.convert_to_tensor(v) for k, v in results.items()}, 0
    )
    return float(keras.ops.convert_to_numpy(value))


AUTOENCODER = {
    "discriminator": {"discrimination": 1.0},
    "generator": {"adversarial": 2.0, "reconstruction": 3.0, "divergence": 0.5},
}
VALUES = {
    "discrimination": 5.0,
    "discriminator_loss": 5.0,
    "adversarial": 7.0,
    "reconstruction": 0.1,
    "divergence": 0.2,
    "generator_loss": 14.4,
}


def test_loss_is_what_is_outside_of_the_game():
    assert loss(AUTOENCODER, VALUES) == pytest.approx(3.0 * 0.1 + 0.5 * 0.2)


def test_without_reconstruction_loss_is_the_sum_of_losses():
    terms = {**AUTOENCODER, "generator": {"adversarial": 1.0, "other": 1.0}}
    values = {**VALUES, "other": 2.0}
    assert loss(terms, values) == pytest.approx(5.0 + 14.4)


@pytest.mark.parametrize("player", ["discriminator_loss", "generator_loss"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_loss_is_not_finite_if_a_player_diverged(player, value):
    assert not np.isfinite(loss(AUTOENCODER, {**VALUES, player: value}))


def test_loss_of_a_variational_autoencoder_is_its_negative_bound():
    vae = VAE.for_shape((6,), latent_dim=2, width=2)
    vae.compile()
    history = vae.fit(rows(), validation_data=rows(), verbose=0).history
    for name in ("", "val_"):
        np.testing.assert_allclose(
            history[f"{name}loss"], history[f"{name}generator_loss"], rtol=1e-5
        )


# === Keras' callbacks ===


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
@pytest.mark.parametrize("player", ["latent_discriminator", "generator"])
def test_terminate_on_nan_stops_whoever_diverges(model, player):
    # The rate is that of one player; the others learn nothing.
    rates = dict.fromkeys(model.players(), keras.optimizers.SGD(0.0))
    rates[player] = keras.optimizers.SGD(1e30)
    model.compile(optimizer=rates)
    history = model.fit(
        rows(),
        batch_size=8,
        epochs=3,
        verbose=0,
        callbacks=[keras.callbacks.TerminateOnNaN()],
    )
    assert len(history.epoch) == 1


def test_early_stopping_and_checkpoints_need_no_arguments(model, tmp_path):
    """The best epoch is kept, not the last: its loss is found in the file."""
    path = tmp_path / "best.keras"

    class Worse(keras.callbacks.Callback):
        """Makes each epoch worse than the one before."""

        def on_epoch_begin(self, epoch, logs=None):
            weights = self.model.generator.get_weights()
            self.model.generator.set_weights([w + epoch for w in weights])

    x = rows()
    history = model.fit(
        x,
        validation_data=x,
        epochs=6,
        verbose=0,
        callbacks=[
            Worse(),
            keras.callbacks.ModelCheckpoint(path, save_best_only=True),
            keras.callbacks.EarlyStopping(patience=1),
        ],
    ).history
    losses = history["val_loss"]
    assert len(losses) == 2 and losses[0] < losses[1]
    best = keras.saving.load_model(path).evaluate(
        x, verbose=0, return_dict=True
    )
    assert best["loss"] == pytest.approx(losses[0], rel=1e-3)


def test_what_is_better_is_known(model):
    """Without `mode` Keras raises for names that it does not know."""
    x = rows()
    model.compile(metrics=[keras.metrics.MeanSquaredError(name="mse"), PSNR()])
    measured = GenerationMetrics(
        x, [FrechetDistance(), PrecisionRecall(), PSNR(name="quality")]
    )
    expected = {
        "loss": "min",
        "val_loss": "min",
        "val_reconstruction": "min",
        "generator_loss": "min",
        "val_mse": "min",
        "val_psnr": "max",
        "val_frechet_distance": "min",
        "val_recall": "max",
        "val_quality": "max",
    }
    monitors = [
        keras.callbacks.EarlyStopping(monitor=name) for name in expected
    ]
    stubborn = keras.callbacks.EarlyStopping(monitor="val_mse", mode="max")
    model.fit(
        x,
        validation_data=x,
        verbose=0,
        callbacks=[measured, *monitors, stubborn],
    )
    assert {m.monitor: m.mode for m in monitors}.items() >= (
        expected.items() - {("loss", "min"), ("val_loss", "min")}
    )
    assert stubborn.mode == "max"


def test_entries_have_directions_of_their_own():
    metric = ModeCoverage(ring_mixture())
    callback = GenerationMetrics(np.zeros((8, 2)), [metric])
    assert callback.directions == {
        "val_modes": "max",
        "val_high_quality": "max",
        "val_reverse_kl": "min",
    }


# === What is shown ===


def shown(model, **kwargs):
    """What `fit` prints."""
    out = io.StringIO()
    with redirect_stdout(out):
        model.fit(rows(), verbose=2, **kwargs)
    return out.getvalue()


def test_progress_bar_shows_losses_and_metrics(model):
    model.compile(metrics=[keras.metrics.MeanAbsoluteError(name="mae")])
    text = shown(model, validation_data=rows())
    names = [part.split(":")[0] for part in text.split(" - ") if ":" in part]
    players = [f"{player}_loss" for player in model.players()]
    assert names[0] == "loss"
    expected = {"loss", "mae", *players, "val_loss", "val_mae"}
    assert set(names) == expected
    assert {"latent_adversarial", "val_generator_loss"} <= set(
        model.history.history
    )


def test_progress_bar_of_one_player_shows_its_terms():
    vae = VAE.for_shape((6,), latent_dim=2, width=2)
    vae.compile()
    text = shown(vae)
    assert " - loss: " in text and " - divergence: " in text
    assert "generator_loss" not in text


def test_the_bar_leaves_measurements_to_the_logs(model):
    model.compile()
    text = shown(model, callbacks=[Diagnose(rows(), verbose=False)])
    assert "failure_modes" in text
    assert "gradient_norm" not in text and "diagnose_seconds" not in text
    assert "latent_discriminator_gradient_norm" in model.history.history


def test_a_bar_of_the_user_stays(model):
    class Bar(keras.callbacks.ProgbarLogger):
        seen = None

        def on_epoch_end(self, epoch, logs=None):
            Bar.seen = set(logs)

    assert shown(model, callbacks=Bar()).count("latent_adversarial") == 0
    assert "latent_adversarial" in Bar.seen


# === Frozen networks ===


def test_frozen_after_compile_is_said(model):
    model.encoder.trainable = False
    with pytest.warns(UserWarning, match=r"compile.*\['generator'\]"):
        model.fit(rows(), verbose=0)
    model.compile()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit_callbacks.prepare(model, None, verbose=0)


@pytest.mark.parametrize("frozen", ["one player", "all players"])
def test_frozen_players_rest_and_are_logged(frozen):
    gan = GAN.for_shape((6,), latent_dim=2, width=2)
    networks = [gan.generator, gan.discriminator]
    for network in networks[: 1 if frozen == "one player" else 2]:
        network.trainable = False
    gan.compile()
    before = [network.get_weights()[0] for network in networks]
    logs = gan.fit(rows(), batch_size=16, verbose=0).history
    moved = [
        not np.array_equal(old, network.get_weights()[0])
        for old, network in zip(before, networks)
    ]
    assert moved == [False, frozen == "one player"]
    assert np.isfinite([logs["generator_loss"], logs["loss"]]).all()


def test_a_network_without_weights_plays():
    gan = GAN(
        generator=keras.Sequential(
            [keras.Input((6,)), keras.layers.Activation("tanh")]
        ),
        discriminator=keras.Sequential(
            [keras.Input((6,)), keras.layers.Dense(2), keras.layers.Dense(1)]
        ),
    )
    gan.compile()
    logs = gan.fit(rows(), verbose=0).history
    assert np.isfinite(logs["generator_loss"]).all()


# === Numbers and their names ===


def test_names_of_numbers(model):
    model.compile(metrics=["mae"])
    x = rows()
    numbers = model.evaluate(x, verbose=0)
    named = model.evaluate(x, verbose=0, return_dict=True)
    assert model.metrics_names[:2] == ["loss", "mae"]
    expected = [named[name] for name in model.metrics_names]
    np.testing.assert_allclose(numbers, expected, rtol=1e-6)
    assert set(named) == set(model.metrics_names)
    assert len(model.train_on_batch(x)) == len(numbers)
    tested = model.test_on_batch(x, return_dict=True)
    assert set(tested) == set(model.metrics_names)


def test_a_stage_has_a_loss():
    """Its own terms in training, all of them in validation."""
    made = MODELS[models.StagedAEGAN]()
    made.compile()
    x = samples(made, 16)
    logs = made.fit(x, validation_data=x, verbose=0).history
    first = ["encoder_reconstruction", "reconstruction"]
    total = sum(logs[name][0] for name in first)
    assert logs["loss"][0] == pytest.approx(total, rel=1e-5)
    assert logs["val_loss"][0] > 0

"""Runs that are made to fail in every way, and what is said of them."""

import keras
import numpy as np
import pytest

from keras_aegan.callbacks import Diagnose
from keras_aegan.engine.inspection import inspection
from keras_aegan.layers import Prior
from keras_aegan.models import GAN
from keras_aegan.models import VAE

Adam = keras.optimizers.Adam


def modes(count=8, samples=512, deviation=0.02, height=1.0):
    """Samples around `count` of the 8 corners `height * unit vector`."""
    rng = np.random.default_rng(0)
    x = height * np.eye(8)[np.arange(samples) % count]
    return (x + deviation * rng.normal(size=x.shape)).astype("float32")


def tiny(kind=GAN, **arguments):
    keras.utils.set_random_seed(0)
    return kind.for_shape((8,), latent_dim=4, width=4, **arguments)


def diagnosed(model, x, epochs, data=None, **arguments):
    """The names of the failure modes that were found, and the callback."""
    callback = Diagnose(x if data is None else data, verbose=False, **arguments)
    callback.history = model.fit(
        x, batch_size=64, epochs=epochs, verbose=0, callbacks=[callback]
    ).history
    return [f["failure_mode"] for f in callback.findings], callback


# === Runs that fail ===


@pytest.mark.every_backend
def test_a_healthy_run_is_left_in_peace():
    model = tiny()
    model.compile()
    found, callback = diagnosed(model, modes(deviation=0.3), epochs=4)
    assert found == []
    assert callback.history["failure_modes"] == [0.0] * 4


def test_a_discriminator_that_wins_and_a_generator_that_learns_nothing():
    """Minimax, where the generator's gradient is that of sigmoid(-logit)."""
    model = tiny()
    model.compile(
        loss={"adversarial": "minimax"},
        optimizer={"discriminator": Adam(5e-2), "generator": Adam(1e-7)},
    )
    found, callback = diagnosed(model, modes() + 3.0, epochs=4)
    assert found == ["discriminator saturation", "vanishing gradient"]
    saturation, vanished = (f["sentence"] for f in callback.findings)
    assert "recognises 100% of real and fake" in saturation
    assert "R1" in saturation and "non-saturating" in vanished
    assert "gradient of the generator" in vanished
    history = callback.history
    assert history["discriminator_real_accuracy"][-1] == 1.0
    assert history["discriminator_fake_accuracy"][-1] == 1.0
    assert history["generator_gradient_norm"][-1] < 1e-4


@pytest.mark.every_backend
def test_gradients_that_explode():
    """A critic without a bound, at a high rate."""
    model = tiny()
    model.compile(loss={"adversarial": "wasserstein"}, optimizer=Adam(0.2))
    found, callback = diagnosed(model, modes(), epochs=6)
    assert "exploding gradient" in found
    assert "gradient penalty" in callback.findings[0]["sentence"]


def test_a_run_that_diverges():
    model = tiny()
    model.compile(
        loss={"adversarial": "wasserstein"},
        optimizer=keras.optimizers.Adam(1e15),
    )
    found, callback = diagnosed(model, modes(), epochs=2)
    assert found == ["not finite"]
    assert callback.findings[0]["epoch"] == 1
    assert "clipnorm" in callback.findings[0]["sentence"]


class Break(keras.callbacks.Callback):
    """Put NaN in place of all weights when the second epoch begins."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            for weight in self.model.trainable_variables:
                weight.assign(np.full(weight.shape, np.nan))


def test_a_model_with_an_encoder_that_diverges():
    model = tiny(VAE)
    model.compile()
    callback = Diagnose(modes(), verbose=False)
    history = model.fit(
        modes(), batch_size=256, epochs=3, verbose=0,
        callbacks=[Break(), callback],
    ).history  # fmt: skip
    (finding,) = callback.findings
    assert finding["failure_mode"] == "not finite" and finding["epoch"] == 2
    assert "the run has diverged" in finding["sentence"].lower()
    assert history["failure_modes"] == [0.0, 1.0, 1.0]
    share = np.array(history["active_units_share"])
    assert np.isnan(share).tolist() == [False, True, True]


def test_data_that_the_generator_cannot_reach():
    model = tiny(activation="sigmoid")
    model.compile()
    x = modes() * 255.0
    with pytest.warns(UserWarning, match="can never be reconstructed"):
        found, callback = diagnosed(model, x, epochs=1)
    assert found == ["range mismatch"]
    assert "[0, 1]" in callback.findings[0]["sentence"]


@pytest.mark.filterwarnings("ignore:.*not scaled")
def test_data_far_from_what_a_fresh_generator_makes():
    model = tiny(VAE)
    model.compile()
    found, callback = diagnosed(model, modes() * 255.0, epochs=1)
    assert found == ["range mismatch"]
    assert "scale the data" in callback.findings[0]["sentence"]


def test_a_generator_that_collapses_at_the_ends_of_its_range():
    """It learns 3000 times as fast as the discriminator that it plays with."""
    model = tiny(normalization=None, activation="tanh")
    model.compile(
        optimizer={
            "discriminator": Adam(1e-5, beta_1=0.5),
            "generator": Adam(3e-2, beta_1=0.5),
        }
    )
    found, callback = diagnosed(model, modes() - 0.5, epochs=14)
    assert found[:2] == ["output saturation", "mode collapse"]
    assert "MinibatchStandardDeviation" in callback.findings[1]["sentence"]
    history = callback.history
    assert history["output_saturation"][-1] > 0.5
    assert min(history["sample_diversity"]) < 0.1


def test_codes_that_collapse():
    """A divergence that weighs a thousand times as much as it should."""
    model = tiny(VAE, beta=1000.0)
    model.compile(optimizer=Adam(3e-2))
    found, callback = diagnosed(model, modes(), epochs=6)
    assert found[0] == "posterior collapse"
    assert "beta" in callback.findings[0]["sentence"]
    assert callback.history["active_units_share"][-1] == 0.0
    assert model.encode(modes()).var(0).max() < 0.01


def test_modes_that_are_missing():
    """A model that was trained on two of eight modes, to the end."""
    model = tiny(VAE, beta=0.05)
    model.compile(optimizer=Adam(3e-2))
    x = modes(2, deviation=0.3, height=2.0)
    model.fit(x, batch_size=64, epochs=12, verbose=0)
    for optimizer in model.optimizer.optimizers:
        optimizer.learning_rate = 1e-5
    found, callback = diagnosed(
        model, x, epochs=3, data=modes(deviation=0.3, height=2.0)
    )
    assert found == ["mode collapse"]
    assert "dropped modes" in callback.findings[0]["sentence"]
    # Two of eight is the most that they reach.
    assert callback.history["sample_coverage"][-1] < 0.26


# === What is measured ===


class Ones(Prior):
    """Codes that are all 1, so that samples are known."""

    def sample(self, batch_size):
        return keras.ops.ones((batch_size, self.latent_dim))


OUTPUT = np.array([1.0, -1.0, 0.5, 2.0])


def by_hand():
    z, x = keras.Input((2,)), keras.Input((3,))
    dense = keras.layers.Dense
    generator = keras.Model(z, dense(3, use_bias=False)(z))
    discriminator = keras.Model(x, dense(1)(dense(4)(x)))
    generator.set_weights([np.array([[1.0, 2.0, 3.0], [0.0, 0.0, -1.0]])])
    weights = np.eye(3, 4), np.zeros(4), OUTPUT[:, None], np.array([0.25])
    discriminator.set_weights(list(weights))
    return GAN(generator=generator, discriminator=discriminator, prior=Ones(2))


def test_gradient_norms_and_logits_by_hand():
    """Linear networks, D(x) = w (U x) + 0.25 and G(z) = z A, z = (1, 1)."""
    model = by_hand()
    model.compile(loss={"adversarial": "wasserstein"})
    x = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 2.0], [4.0, 0.0, 0.0]])
    measurements = inspection(model)(x.astype("float32"))
    real = np.array([1.25, -0.75, 4.25])
    fake = np.array([1.0, 2.0, 2.0]) @ [1.0, -1.0, 0.5] + 0.25
    shift = np.array([1.0, 2.0, 2.0]) - x.mean(0)
    w = OUTPUT
    # Of mean D(fake) - mean D(x): by w, (U shift); by U, shift w^T.
    squares = shift @ shift + (shift @ shift) * (w @ w)
    # Of -D(G(z)) by A: z (U w)^T.
    generator = np.sqrt(2 * (1 + 1 + 0.25))
    middle = (real.mean() + fake) / 2
    expected = {
        "discriminator_gradient_norm": np.sqrt(squares),
        "generator_gradient_norm": generator,
        "discriminator_real_logits": real.mean(),
        "discriminator_fake_logits": fake,
        "discriminator_discrimination_loss": fake - real.mean(),
        "discriminator_real_accuracy": (real > middle).mean(),
        "discriminator_fake_accuracy": 1.0,
    }
    assert set(measurements) == set(expected)
    for name, value in expected.items():
        np.testing.assert_allclose(
            measurements[name], value, rtol=1e-5, err_msg=name
        )


@pytest.mark.parametrize(
    "loss, boundary", [("non_saturating", 0.0), ("least_squares", 0.5)]
)
def test_accuracy_counts_from_the_boundary_of_the_loss(loss, boundary):
    model = by_hand()
    model.compile(loss={"adversarial": loss})
    x = np.zeros((4, 3), "float32")
    x[:, 0] = boundary - 0.25 + np.array([-0.1, 0.1, 0.2, 0.3])
    measurements = inspection(model)(x)
    assert measurements["discriminator_real_accuracy"] == 0.75
    # Fakes have the logit 0.25.
    assert measurements["discriminator_fake_accuracy"] == float(0.25 < boundary)


@pytest.mark.every_backend
def test_looking_does_not_change_training():
    results = []
    for looks in (False, True):
        model = tiny(GAN, noise=0.1)
        model.compile()
        callbacks = [Diagnose(modes(), verbose=False)] if looks else []
        model.fit(
            modes(), batch_size=256, epochs=2, verbose=0, callbacks=callbacks
        )
        results.append(model.get_weights())
    for a, b in zip(*results):
        np.testing.assert_array_equal(a, b)


@pytest.mark.filterwarnings("ignore:.*not scaled")
def test_logs_and_words(capsys):
    model = tiny(VAE)
    model.compile()
    callback = Diagnose(modes() * 255.0, every=2)
    history = model.fit(
        modes() * 255.0,
        batch_size=256,
        epochs=4,
        verbose=0,
        callbacks=[callback],
    ).history
    seconds = np.array(history["diagnose_seconds"])
    # After the first epoch and every second one.
    assert ((seconds > 0) == [True, True, False, True]).all()
    assert history["failure_modes"] == [1.0] * 4
    assert all(len(values) == 4 for values in history.values())
    # Said once, as long as it lasts.
    (finding,) = callback.findings
    assert capsys.readouterr().out == f"\nEpoch 1: {finding['sentence']}\n"


def test_wrong_arguments():
    for wrong in (
        lambda: Diagnose(modes(), every=0),
        lambda: Diagnose(modes(), patience=0.5),
        lambda: Diagnose(modes(), num_samples=0),
        lambda: Diagnose(modes(), num_samples=1),
        lambda: Diagnose(modes(), every=True),
        lambda: Diagnose(np.nan * modes()),
        lambda: Diagnose(modes().astype(str)),
        lambda: Diagnose(modes().astype("complex64")),
        lambda: Diagnose(modes(), labels=[None] * 512),
        lambda: Diagnose(modes(), labels=[0, 1]),
        lambda: Diagnose(modes()[:1]),
        lambda: Diagnose(modes()[0]),
        lambda: tiny_fit(Diagnose(modes()[:, :5])),
        lambda: tiny_fit(Diagnose(modes(), labels=np.zeros(512))),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()
    Diagnose(modes(), every=np.int64(2), patience=np.int32(1))


def tiny_fit(callback):
    model = tiny(VAE)
    model.compile(run_eagerly=True)
    try:
        model.fit(modes(), verbose=0, callbacks=[callback])
    finally:
        # What does not fit is noticed before the first step.
        assert model.optimizer.iterations == 0


def test_a_model_of_another_kind():
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8)])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="AdversarialModel.*Received"):
        model.fit(modes(), modes(), verbose=0, callbacks=[Diagnose(modes())])

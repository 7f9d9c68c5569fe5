"""Every model learns with its defaults, in a short run on digits.

Runs on three backends are equal up to rounding (`test_training.py`), so the
whole family trains on JAX, whose steps are fast, and a few models on all.
"""

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.datasets import load_digits

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import networks
from keras_aegan.layers import GaussianSampling

STEPS, EPOCHS, BATCH = 400, 10, 64
# `StagedAEGAN` passes from one stage to the next between epochs.
ARGUMENTS = {models.StagedAEGAN: {"reconstruct_epochs": 3, "freeze_steps": 20}}
ON_ALL = [models.AEGAN, models.GAN, models.VAEGAN]


def digits():
    """Images in [-1, 1], in an order that is always the same."""
    x = load_digits().images[..., None].astype("float32") / 8 - 1
    return x[np.random.default_rng(0).permutation(len(x))]


X = digits()


def train(cls, seed=0, compiled=None, **arguments):
    keras.utils.set_random_seed(seed)
    arguments = ARGUMENTS.get(cls, {}) | arguments
    model = cls.for_shape((8, 8, 1), latent_dim=16, width=16, **arguments)
    model.compile(**(compiled or {}))
    count = STEPS // EPOCHS * BATCH
    rows = np.random.default_rng(seed).integers(len(X), size=count)
    model.fit(X[rows], batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return model


# === What is measured ===


def relative_frechet_distance(first, second):
    """Of pixels, over the variance of the digits: 0 equal, 1 a constant."""
    metric = metrics.FrechetDistance()
    metric.update_state(first, second)
    return float(metric.result()) / X.reshape(len(X), -1).var(0).sum()


def relative_spread(samples):
    """Root of the variance of samples over that of digits."""
    spreads = [x.reshape(len(x), -1).var(0).sum() for x in (samples, X)]
    return float(np.sqrt(spreads[0] / spreads[1]))


def decibels(model):
    metric = metrics.PSNR()
    metric.update_state(X[:500], model.reconstruct(X[:500]))
    return float(metric.result())


def nats(model):
    """Mean divergence of the codes' distributions from N(0, I)."""
    encoded = model.run_network(model.encoder, X[:500], 500, 0)
    return float(ops.mean(GaussianSampling.divergence(encoded)))


def disagreement(model):
    """Distance of samples by batch statistics from those at inference."""
    z = model.sample_codes(500, seed=1)
    in_training = ops.convert_to_numpy(model.generator(z, training=True))
    return relative_frechet_distance(in_training, model.decode(z))


def movement(model, term):
    """How far a step on one term alone moves its player's weights."""
    owner = next(p for p, own in model.terms().items() if term in own)
    others = {t: 0.0 for own in model.terms().values() for t in own}
    weights = model.get_weights()
    model.compile(
        optimizer=keras.optimizers.SGD(1.0),
        loss_weights={**others, term: 1.0},
        penalties={},
        turns={},
        run_eagerly=True,
    )
    own = model.game.owned[owner]
    before = [ops.convert_to_numpy(v).copy() for v in own]
    model.train_on_batch(X[:BATCH])
    after = [ops.convert_to_numpy(v) for v in own]
    model.set_weights(weights[: len(model.get_weights())])
    return max(np.abs(a - b).max() for a, b in zip(before, after))


# === What is asked ===

# Distance of samples and decibels of reconstructions, measured on 2026-11-27
# with seeds 0 and 1, the worse of the two; `None` for what a model cannot.
# Their mean in place of all digits would have a distance of 1. Asked are 1.6
# times the distance and 1.5 dB less, beyond what seeds and rounding change.
MEASURED = {
    models.AEGAN: (0.042, 19.7),
    models.AGE: (0.182, 16.4),
    models.ALAD: (0.100, 16.4),
    # Without a reconstruction loss: what is encoded comes back alike, not
    # the same.
    models.ALAE: (0.697, 11.3),
    models.ALI: (0.262, 8.8),
    models.AdversarialAutoencoder: (0.070, 18.5),
    models.AlphaGAN: (0.057, 18.4),
    models.Autoencoder: (None, 18.1),
    models.BEGAN: (0.708, None),
    models.BiGAN: (0.270, 8.3),
    models.EBGAN: (0.462, None),
    models.FusedAEGAN: (0.129, 16.4),
    models.GAN: (0.394, None),
    models.GANomaly: (None, 20.6),
    models.InfoGAN: (0.438, None),
    models.IntroVAE: (0.101, 18.0),
    models.MDGAN: (0.057, 20.3),
    models.R3GAN: (0.449, None),
    models.SoftIntroVAE: (0.061, 19.9),
    models.StagedAEGAN: (0.140, 17.6),
    models.VAE: (0.109, 18.5),
    models.VAEGAN: (0.060, 19.4),
    models.VEEGAN: (0.241, 14.0),
    models.VQGAN: (None, 19.0),
    models.WAE: (0.087, 18.1),
}
# BEGAN's samples are smooth, and of fewer kinds: measured are .52 and .55.
LEAST_SPREAD = {models.BEGAN: 0.45}
# Terms of another time of the training: VQGAN's adversary starts late, and in
# StagedAEGAN's last stage the encoder rests.
AT_REST = {
    models.VQGAN: {"adversarial", "discrimination"},
    models.StagedAEGAN: {"encoder_reconstruction", "reconstruction"},
}


def shortcomings(model):
    """What a trained model does not do, as a list of sentences."""
    cls, found = type(model), []
    distance, least = MEASURED[cls]
    if distance is not None:
        samples = model.generate(1000, seed=0)
        measured = relative_frechet_distance(X, samples)
        if not measured <= 1.6 * distance:
            found.append(f"samples are {measured:.3f} from digits")
        spread = relative_spread(samples)
        if not LEAST_SPREAD.get(cls, 0.6) <= spread <= 1.4:
            found.append(f"samples differ {spread:.2f} times as much as digits")
        gap = disagreement(model)
        if not gap <= 0.1:
            found.append(f"batch statistics change samples by {gap:.3f}")
    if least is not None and not decibels(model) >= least - 1.5:
        found.append(f"reconstructions have {decibels(model):.1f} dB")
    if model.is_variational and not nats(model) >= 2.0:
        found.append(f"the posterior has collapsed: {nats(model):.2f} nats")
    for player, terms in model.terms().items():
        for term in terms:
            is_on = model.game.rules.terms.weights.get(term) != 0.0
            if is_on and term not in AT_REST.get(cls, ()):
                if not movement(model, term) > 1e-4:
                    found.append(f"{term} does not move {player}")
    return found


IS_JAX = keras.backend.backend() == "jax"


@pytest.mark.parametrize(
    "cls", MEASURED if IS_JAX else ON_ALL, ids=lambda cls: cls.__name__
)
def test_it_learns(cls):
    assert not shortcomings(train(cls))


# What earlier versions had by default: it ran, and hardly learned.
SLOW = {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5)}
UNWEIGHED = {"loss_weights": models.VAEGAN.settings("paper")["loss_weights"]}
BROKEN = {
    models.VAEGAN: lambda: {
        "compiled": SLOW | UNWEIGHED,
        "discriminator": networks.discriminator((8, 8, 1), 16),
    },
    models.BEGAN: lambda: {
        "compiled": SLOW,
        "gamma": 0.5,
        "rate": 1e-3,
        "normalization": "batch",
    },
    models.SoftIntroVAE: lambda: {
        "compiled": SLOW,
        "beta_neg": 256.0,
        "beta_kl": 1.0,
        "normalization": "batch",
    },
}


@pytest.mark.parametrize(
    "cls", BROKEN if IS_JAX else [], ids=lambda cls: cls.__name__
)
def test_what_hardly_learns_is_found(cls):
    assert shortcomings(train(cls, **BROKEN[cls]()))

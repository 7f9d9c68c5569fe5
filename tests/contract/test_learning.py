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
from keras_aegan.layers import GaussianSampling

STEPS, BATCH = 400, 64
ON_ALL = [models.AEGAN, models.GAN, models.VAEGAN]


def digits():
    """Images in [-1, 1], in an order that is always the same."""
    x = load_digits().images[..., None].astype("float32") / 8 - 1
    return x[np.random.default_rng(0).permutation(len(x))]


X = digits()


def train(cls, seed=0, steps=STEPS, compiled=None, **arguments):
    keras.utils.set_random_seed(seed)
    model = cls.for_shape((8, 8, 1), latent_dim=16, width=16, **arguments)
    model.compile(**(compiled or {}))
    rows = np.random.default_rng(seed).integers(len(X), size=steps * BATCH)
    model.fit(X[rows], batch_size=BATCH, shuffle=False, verbose=0)
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

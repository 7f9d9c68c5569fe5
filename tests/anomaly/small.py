"""Small detectors and data for the tests of `keras_aegan.anomaly`."""

import keras
import numpy as np

from keras_aegan import models
from keras_aegan.anomaly import AnomalyDetector


def rows(count=200, columns=3, seed=0):
    """Normal rows: columns that depend on two numbers, and some noise."""
    rng = np.random.default_rng(seed)
    hidden = rng.normal(size=(count, 2))
    mixing = np.random.default_rng(99).normal(size=(2, columns))
    return hidden @ mixing + 0.05 * rng.normal(size=(count, columns))


def planted(count=200, columns=3, seed=0):
    """Rows of which the first five are anomalies, far from the others."""
    x = rows(count, columns, seed)
    x[:5] = 12.0 * np.random.default_rng(1).choice([-1, 1], size=(5, columns))
    return x


def linear(columns, units, kernel, bias=None, name="linear"):
    """A network that multiplies by a matrix."""
    bias = np.zeros(units) if bias is None else bias
    dense = keras.layers.Dense(units)
    network = keras.Sequential([keras.Input((columns,)), dense], name=name)
    dense.set_weights([np.array(kernel), np.array(bias)])
    return network


def first_number_autoencoder():
    """An AEGAN that keeps the first of two columns and forgets the other.

    Its code is twice the first column; its logit the sum of both, by a hidden
    layer of the two columns themselves.
    """
    discriminator = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(2), keras.layers.Dense(1)]
    )
    discriminator.set_weights(
        [np.eye(2), np.zeros(2), np.ones((2, 1)), np.zeros(1)]
    )
    return models.AEGAN(
        encoder=linear(2, 1, [[2.0], [0.0]], name="encoder"),
        generator=linear(1, 2, [[0.5, 0.0]], name="generator"),
        discriminator=discriminator,
        latent_discriminator=linear(1, 1, [[1.0]], name="latent"),
    )


def as_it_is(score, model=None, **kwargs):
    """A detector by a model that is not trained."""
    model = first_number_autoencoder() if model is None else model
    return AnomalyDetector(model, score=score, steps=0, **kwargs)


def quick(**kwargs):
    """A detector that is fitted in a moment."""
    arguments = {"members": 1, "steps": 2, "width": 4, "random_state": 0}
    return AnomalyDetector(**{**arguments, **kwargs})


# Two columns with mean 0 and deviation 1, which standardising leaves as is.
STANDARD = np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]])

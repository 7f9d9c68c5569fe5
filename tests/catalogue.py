"""One tiny instance of every public class, for the contract suite.

`test_architecture.py` fails if a public class is missing here.
"""

import keras
import numpy as np

import keras_aegan
from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import models

# Each line: the class, and a function that builds a tiny instance.
MODELS = {
    models.AEGAN: lambda: models.AEGAN.for_shape(
        (8, 8, 1), latent_dim=4, width=4, noise=0.1, dropout=0.1
    ),
}

LAYERS = {
    layers.DepthToSpace: lambda: layers.DepthToSpace(2),
    layers.Dropout: lambda: layers.Dropout(0.5, seed=1),
    layers.GaussianDropout: lambda: layers.GaussianDropout(0.5, seed=1),
    layers.GaussianNoise: lambda: layers.GaussianNoise(0.5, seed=1),
    layers.NormalPrior: lambda: layers.NormalPrior(4, seed=1),
    layers.UniformPrior: lambda: layers.UniformPrior(4, limit=2.0, seed=1),
}

LOSSES = {
    losses.Hinge: lambda: losses.Hinge(fake_weights=(1.0, 0.5)),
    losses.LeastSquares: lambda: losses.LeastSquares(real_label=0.9),
    losses.Minimax: lambda: losses.Minimax(fake_label=0.1),
    losses.NonSaturating: lambda: losses.NonSaturating(real_label=0.95),
    losses.Relativistic: lambda: losses.Relativistic(),
    losses.Wasserstein: lambda: losses.Wasserstein(),
}

ABSTRACT = {
    keras_aegan.AdversarialModel,
    layers.Prior,
    losses.AdversarialLoss,
}


def samples(model, count=64):
    """Samples for a model, the same on every backend."""
    generator = np.random.default_rng(0)
    shape = (count, *model.sample_shape)
    return generator.uniform(-1, 1, shape).astype("float32")


def settings():
    """Arguments of `compile` that leave no default as it is."""
    return {
        "optimizer": keras.optimizers.Adam(1e-3, clipnorm=1.0),
        "update": "simultaneous",
        "turns": None,
        "jit_compile": "auto",
    }

"""The runs that every backend writes down and compares with the others."""

import contextlib
import os
import pathlib

import keras
import numpy as np
from keras import ops

import keras_aegan

ORDERS = ("alternating", "simultaneous")
FOLDER = pathlib.Path(os.environ.get("KERAS_AEGAN_EXCHANGE", "exchange"))
OWN = FOLDER / keras.backend.backend()
BATCH = 16


@keras.saving.register_keras_serializable(package="keras_aegan_tests")
class FixedPrior(keras_aegan.layers.Prior):
    """A prior that returns the same numbers each time."""

    def sample(self, batch_size):
        rows = np.random.default_rng(1).normal(size=(BATCH, self.latent_dim))
        return ops.convert_to_tensor(rows.astype("float32"))[:batch_size]


class Record(keras.callbacks.Callback):
    """The terms of every single step."""

    def __init__(self):
        super().__init__()
        self.steps = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.steps.append(dict(logs))

    def arrays(self):
        names = sorted(self.steps[0])
        return {n: np.array([logs[n] for logs in self.steps]) for n in names}


def samples(count=20 * BATCH):
    generator = np.random.default_rng(0)
    return generator.uniform(-1, 1, (count, 8, 8, 1)).astype("float32")


def small_model(prior=None):
    """A model with noise and dropout, whose weights come from a seed."""
    keras.utils.set_random_seed(0)
    return keras_aegan.models.AEGAN.for_shape(
        (8, 8, 1), latent_dim=4, width=4, noise=0.1, dropout=0.1, prior=prior
    )


@contextlib.contextmanager
def double_precision():
    """In this context models are made and trained in float64."""
    is_allowed = contextlib.nullcontext()
    if keras.backend.backend() == "jax":
        import jax

        is_allowed = jax.enable_x64(True)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    try:
        with is_allowed:
            yield
    finally:
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")


def outputs(model):
    """Codes, reconstructions and samples."""
    x = samples(BATCH)
    return {
        "codes": model.encode(x),
        "reconstructions": model.reconstruct(x),
        "samples": model.generate(8, seed=3),
    }


def steps(model, update, shuffle=False, count=20):
    """The terms of some steps of training."""
    model.compile(update=update)
    return further_steps(model, count, shuffle)


def further_steps(model, count, shuffle=False):
    record = Record()
    model.fit(
        samples(count * BATCH),
        batch_size=BATCH,
        shuffle=shuffle,
        verbose=0,
        callbacks=[record],
    )
    return record.arrays()


def first_gradients(model, update):
    """Gradient of every variable in the first step, by the engine's own."""
    model.compile(update=update, run_eagerly=True)
    found = {}
    apply = model.optimizer.apply

    def spy(gradients, player):
        for index, gradient in enumerate(gradients):
            key = f"{player}/{index}"
            found[key] = ops.convert_to_numpy(gradient)
        apply(gradients, player)

    model.optimizer.apply = spy
    model.fit(samples(BATCH), batch_size=BATCH, shuffle=False, verbose=0)
    return found

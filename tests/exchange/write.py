"""What this backend computes, written down for the others.

    KERAS_AEGAN_EXCHANGE=FOLDER python tests/exchange/write.py

Writes `FOLDER/BACKEND/`: for each update order the terms of 20 steps and the
first gradients, from nothing but a seed; and a trained model with its outputs
and its next steps. `test_exchange.py` compares.
"""

import concurrent.futures
import multiprocessing
import os
import pathlib

import keras
import numpy as np
from keras import ops

import keras_aegan

ORDERS = ("alternating", "simultaneous")
FOLDER = pathlib.Path(os.environ.get("KERAS_AEGAN_EXCHANGE", "exchange"))
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


def write_runs(folder):
    """What comes from nothing but a seed."""
    for update in ORDERS:
        terms = steps(small_model(), update, shuffle=True)
        np.savez(folder / f"steps_{update}.npz", **terms)
        gradients = first_gradients(small_model(), update)
        np.savez(folder / f"gradients_{update}.npz", **gradients)


def write_models(folder):
    """What comes from files, and the files."""
    model = small_model(FixedPrior(4))
    model.save(folder / "fixed.keras")
    for update in ORDERS:
        model = keras.saving.load_model(folder / "fixed.keras")
        np.savez(folder / f"fixed_{update}.npz", **steps(model, update))
    model = small_model()
    steps(model, "alternating")
    model.save(folder / "trained.keras")
    x = samples(BATCH)
    outputs = {
        "codes": model.encode(x),
        "reconstructions": model.reconstruct(x),
        "samples": model.generate(8, seed=3),
    }
    np.savez(folder / "outputs.npz", **outputs)
    np.savez(folder / "next.npz", **further_steps(model, 5))


def write(folder):
    """Both at once: most of it is compilation, of one program at a time."""
    folder.mkdir(parents=True, exist_ok=True)
    starting = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(mp_context=starting) as pool:
        parts = [pool.submit(f, folder) for f in (write_runs, write_models)]
        for part in parts:
            part.result()


if __name__ == "__main__":
    write(FOLDER / keras.backend.backend())

"""Short trainings on one device or several, in one subprocess a backend.

`python device_runs.py FOLDER [NAMES]` trains models of `RUNS`, by default all,
and keeps logs and weights in the folder; with `RESUME` in the environment,
`python device_runs.py FOLDER NAME [STEP]` trains one with backups, and kills
the second process before that step. On PyTorch each process is such a
program, with its `RANK` in the environment; on JAX `SHARD` says what is
spread, and on TensorFlow `REPLICAS` that two replicas train.
"""

import contextlib
import os
import signal
import sys

import keras
import numpy as np

import keras_aegan
from keras_aegan import layers
from keras_aegan import models
from keras_aegan import penalties

SHAPE = (6,)
BATCH = 12


def tiny(model, shape=SHAPE, latent_dim=2, width=2, **kwargs):
    return model.for_shape(shape, latent_dim=latent_dim, width=width, **kwargs)


def with_batch_statistics():
    """A GAN whose networks and penalties look at a batch as a whole."""
    normalized = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(8),
            keras.layers.BatchNormalization(),
            keras.layers.LeakyReLU(),
            keras.layers.Dense(6, activation="tanh"),
        ]
    )
    z = u = keras.Input(SHAPE)
    u = keras.layers.Dense(8, activation="swish")(u)
    u = layers.MinibatchStandardDeviation()(u)
    u = layers.MinibatchDiscrimination(2, 2)(u)
    judge = keras.Model(z, keras.layers.Dense(1)(u))
    model = models.GAN(
        generator=normalized,
        discriminator=judge,
        prior=layers.NormalPrior(2),
    )
    return model, {
        "penalties": {
            "discriminator": [
                penalties.R1(0.5),
                penalties.DRAGAN(1.0),
                penalties.LeCam(0.1),
            ]
        },
        "turns": {"discriminator": 2},
        "fresh_batches": True,
    }


# Each line: a function that builds a model, and arguments of `compile`.
RUNS = {
    # Dropout, noise, running averages, and metrics of reconstructions.
    "AEGAN": lambda: (
        tiny(models.AEGAN, (8, 8, 1), 4, 4, noise=0.1, dropout=0.1),
        {"average": 0.9, "metrics": [keras_aegan.metrics.PSNR()]},
    ),
    # A gate that closes on one side or the other.
    "VAEGAN": lambda: (tiny(models.VAEGAN, margin=0.1), {}),
    # Second order.
    "R3GAN": lambda: (tiny(models.R3GAN), {}),
    # Codes that are collected and fitted between two stages.
    "StagedAEGAN": lambda: (
        tiny(models.StagedAEGAN, reconstruct_epochs=1, freeze_steps=0),
        {},
    ),
    # Counts of codes, codes that restart, a weight from two gradients.
    "VQGAN": lambda: (
        tiny(models.VQGAN, (8, 8, 1), num_codes=8, discriminator_start=1),
        {},
    ),
    "GAN": with_batch_statistics,
    # Its balance, a clipped mean.
    "BEGAN": lambda: (tiny(models.BEGAN), {}),
    # Discrepancies of whole batches.
    "WAE": lambda: (tiny(models.WAE, penalty="mmd"), {}),
}


# How many of them a backend trains. JAX has one program for all devices, which
# knows no parts of batches.
COUNTS = {"jax": 5, "tensorflow": 6, "torch": 8}


def build(name):
    """A compiled model, the same in each process and on each backend."""
    keras.utils.set_random_seed(3)
    model, arguments = RUNS[name]()
    # Weights whose gradient is 0 but for rounding errors, such as a bias
    # before a normalisation, stay: by default Adam makes whole steps of them.
    adam = keras.optimizers.Adam(2e-3, beta_1=0.5, epsilon=1e-3)
    model.compile(**{"optimizer": adam, "decay": "cosine", **arguments})
    return model


def train(model, **kwargs):
    """10 steps of whole batches and, on PyTorch, 2 of what is left over.

    Elsewhere each shape of batch is compiled, which takes most of a run.
    """
    count = 67 if keras.backend.backend() == "torch" else 60
    shape = (count, *model.sample_shape)
    rows = np.random.default_rng(0).uniform(-1, 1, shape)
    rows = rows.astype("float32")
    return model.fit(
        rows,
        batch_size=BATCH,
        epochs=2,
        validation_data=rows[: count - 50],
        verbose=0,
        **kwargs,
    ).history


def results(names=()):
    """Logs and weights of some models or all, a flat dict of arrays."""
    found = {}
    for name in names or list(RUNS)[: COUNTS[keras.backend.backend()]]:
        model = build(name)
        for key, values in train(model).items():
            found[f"{name} {key}"] = np.array(values)
        found |= weights(name, model)
    return found


def weights(name, model):
    """All that a model keeps, a dict of arrays."""
    return {
        f"{name} weight {i}": keras.ops.convert_to_numpy(v)
        for i, v in enumerate(model.variables)
    }


class Killed(keras.callbacks.Callback):
    """Ends this process at a step, as if its machine had failed.

    Args:
        step: Integer, before which it ends.
    """

    def __init__(self, step):
        super().__init__()
        self.step = step

    def on_train_batch_begin(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def resume(folder, name, killed_at=None):
    """Train one model with backups; the last process may be killed."""
    model = build(name)
    callbacks = [keras.callbacks.BackupAndRestore(f"{folder}/backup")]
    is_last = os.environ["RANK"] != "0"
    if killed_at is not None and is_last:
        callbacks.append(Killed(int(killed_at)))
    train(model, callbacks=callbacks)
    return weights(name, model)


def together(folder):
    """Become one of the processes that train together on PyTorch."""
    import torch

    torch.set_num_threads(1)
    torch.distributed.init_process_group(
        "gloo",
        init_method=f"file://{folder}/meeting",
        rank=int(os.environ["RANK"]),
        world_size=int(os.environ["WORLD_SIZE"]),
    )


def shard(name):
    """Spread the work of this process over 4 devices, on JAX.

    Args:
        name: `"data"` or `"weights"`.
    """
    devices = keras.distribution.list_devices()
    if name == "data":
        distribution = keras.distribution.DataParallel(devices=devices)
    else:
        mesh = keras.distribution.DeviceMesh(
            (2, 2), ["batch", "model"], devices
        )
        layout = keras.distribution.LayoutMap(mesh)
        # Each device has the weights of some of a layer's inputs: their number
        # can be divided where that of outputs, such as one logit, cannot.
        layout[".*dense.*kernel"] = ("model", None)
        distribution = keras.distribution.ModelParallel(
            layout_map=layout, batch_dim_name="batch"
        )
    keras.distribution.set_distribution(distribution)


def replicas():
    """The scope of two devices of this process, on TensorFlow."""
    import tensorflow as tf

    cpu = tf.config.list_physical_devices("CPU")[0]
    halves = [tf.config.LogicalDeviceConfiguration()] * 2
    tf.config.set_logical_device_configuration(cpu, halves)
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"]).scope()


def main(folder, *arguments):
    """Train; the first process keeps what comes of it in the folder."""
    if "RANK" in os.environ:
        together(folder)
    if "SHARD" in os.environ:
        shard(os.environ["SHARD"])
    if "RESUME" in os.environ:
        found = resume(folder, *arguments)
    else:
        several = "REPLICAS" in os.environ
        with replicas() if several else contextlib.nullcontext():
            found = results(arguments)
    if os.environ.get("RANK", "0") == "0":
        np.savez(f"{folder}/results.npz", **found)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A run of `fit` with every callback, which is killed or loses its disk.

    python every_callback.py FOLDER [KILL_AT | full]

Writes `FOLDER/weights.npz` at its end. With `KILL_AT`, the process kills
itself with SIGKILL after that many batches; with `full`, from the second batch
on no file can grow.
"""

import os
import pathlib
import resource
import signal
import sys

import keras
import numpy as np

sys.path.insert(0, os.fspath(pathlib.Path(__file__).parents[1]))

from catalogue import samples  # noqa: E402

from keras_aegan import callbacks as ours  # noqa: E402
from keras_aegan import metrics  # noqa: E402
from keras_aegan.models import AEGAN  # noqa: E402


class AtBatch(keras.callbacks.Callback):
    """Calls a function after a number of batches."""

    def __init__(self, at, function):
        super().__init__()
        self.left = at
        self.function = function

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            self.function()


def every_callback(model, folder):
    """All of the package's, and those of Keras that watch the logs."""
    x = samples(model, 16)
    return [
        keras.callbacks.TerminateOnNaN(),
        ours.SampleGrid(f"{folder}/pictures", x=x, num_samples=4),
        ours.TrainingReport(f"{folder}/report.html", x=x, num_samples=4),
        ours.Diagnose(x, verbose=False),
        ours.GenerationMetrics(
            x, [metrics.KernelDistance(cache=f"{folder}/cache")]
        ),
        keras.callbacks.EarlyStopping(patience=100),
    ]


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


def fill_disk():
    """Let every write fail, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))


def give_disk_back():
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def new_model():
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    decay = keras.optimizers.schedules.ExponentialDecay(1.0, 4, 0.9)
    model.compile(loss_weights={"adversarial": decay}, average=0.9)
    return model


def main(folder, event=None):
    keras.utils.set_random_seed(0)
    model = new_model()
    callbacks = every_callback(model, folder)
    if event == "full":
        callbacks.append(AtBatch(2, fill_disk))
    else:
        backup = keras.callbacks.BackupAndRestore(
            f"{folder}/backup", delete_checkpoint=False
        )
        callbacks.insert(0, backup)
        if event:
            callbacks.append(AtBatch(int(event), kill))
    model.fit(
        samples(model),
        batch_size=16,
        epochs=3,
        callbacks=callbacks,
        validation_data=samples(model, 16),
        verbose=0,
    )
    if event == "full":
        give_disk_back()
    variables = [*model.variables, *model.optimizer.variables]
    np.savez(f"{folder}/weights.npz", *(np.asarray(v) for v in variables))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A run of `fit` that is killed, for `test_resume.py`.

    python resumed_run.py MODEL FOLDER [KILL_AT]

Writes `FOLDER/weights.npz` at its end. With `KILL_AT`, the process kills
itself with SIGKILL after that many batches.
"""

import os
import pathlib
import signal
import sys

import keras
import numpy as np

sys.path.insert(0, os.fspath(pathlib.Path(__file__).parents[1]))

from catalogue import MODELS  # noqa: E402
from catalogue import samples  # noqa: E402


class Kill(keras.callbacks.Callback):
    def __init__(self, at):
        super().__init__()
        self.left = at

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def main(name, folder, kill_at=None):
    keras.utils.set_random_seed(0)
    model = {cls.__name__: make for cls, make in MODELS.items()}[name]()
    weight = next(term for own in model.terms().values() for term in own)
    decay = keras.optimizers.schedules.ExponentialDecay(1.0, 4, 0.9)
    model.compile(loss_weights={weight: decay})
    callbacks = [
        keras.callbacks.BackupAndRestore(
            f"{folder}/backup", delete_checkpoint=False
        )
    ]
    if kill_at:
        callbacks.append(Kill(int(kill_at)))
    model.fit(
        samples(model),
        batch_size=16,
        epochs=4,
        callbacks=callbacks,
        validation_data=samples(model, 16),
        verbose=0,
    )
    variables = [*model.variables, *model.optimizer.variables]
    np.savez(f"{folder}/weights.npz", *(np.asarray(v) for v in variables))


if __name__ == "__main__":
    main(*sys.argv[1:])

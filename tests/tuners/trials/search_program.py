"""A search in a process of its own, for `test_processes.py`.

    python search_program.py FOLDER TRIALS [KILL]

Each training writes its trial's number as a line of `FOLDER/trained`. With
`KILL`, the process kills itself with SIGKILL: `during` the training of trial 1
or `after` its end, before the tuner has written down that it ended. With the
variables of KerasTuner, it is the chief or a worker.
"""

import os
import pathlib
import signal
import sys
import time

import keras
import keras_tuner
import numpy as np

from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import watch_workers

X = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")


class Log(keras.callbacks.Callback):
    """Writes down each training, and kills or slows it."""

    def __init__(self, folder, kill):
        super().__init__()
        self.folder = folder
        self.kill = kill

    def on_epoch_end(self, epoch, logs=None):
        if epoch:
            return
        running = max(pathlib.Path(self.folder).glob("search/trial_*"))
        with open(f"{self.folder}/trained", "a") as file:
            file.write(running.name[-1])
        if "KERASTUNER_ORACLE_IP" in os.environ:
            # Longer than it takes to miss a worker.
            time.sleep(4)
        if self.kill and running.name.endswith("1"):
            os.kill(os.getpid(), signal.SIGKILL)


class KilledAfterTrial(keras_tuner.RandomSearch):
    def on_trial_end(self, trial):
        self.oracle.end_trial(trial)
        if trial.trial_id == "1":
            os.kill(os.getpid(), signal.SIGKILL)
        self.save()


def main(folder, trials, kill=None):
    kind = KilledAfterTrial if kill == "after" else keras_tuner.RandomSearch
    tuner = kind(
        HyperAdversarial(
            Autoencoder,
            (6,),
            space={"latent_dim": 2, "width": 2, "batch_size": 32},
            compile_options={"run_eagerly": True},
        ),
        objective=keras_tuner.Objective("val_reconstruction", "min"),
        max_trials=int(trials),
        directory=folder,
        project_name="search",
        seed=0,
    )
    watch_workers(tuner, lost_after=6.0)
    callbacks = [Log(folder, kill == "during")]
    tuner.search(X, validation_data=X, epochs=2, verbose=0, callbacks=callbacks)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Searches of tiny models, for the tests of what a search does."""

import keras_tuner
import numpy as np

from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial

X = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")
OBJECTIVE = keras_tuner.Objective("val_reconstruction", "min")
SMALL = {
    "latent_dim": 2,
    "width": 4,
    "normalization": "none",
    "noise": 0,
    "dropout": 0,
    "average": 0,
    "batch_size": 32,
}


def hyper(model_class=Autoencoder, compile_options=None, collapse=0, **space):
    return HyperAdversarial(
        model_class,
        (6,),
        space={**SMALL, **space},
        compile_options={"run_eagerly": True, **(compile_options or {})},
        collapse=collapse,
    )


def search(
    folder, hypermodel=None, kind=keras_tuner.RandomSearch, x=X, **kwargs
):
    fit = {"epochs": 1, "validation_data": X, "verbose": 0}
    fit = {key: kwargs.pop(key, value) for key, value in fit.items()}
    callbacks = kwargs.pop("callbacks", [])
    options = {"objective": OBJECTIVE, "seed": 0, "directory": folder}
    if kind is not keras_tuner.Hyperband:
        options["max_trials"] = 2
    hypermodel = hyper() if hypermodel is None else hypermodel
    tuner = kind(hypermodel, **{**options, **kwargs})
    tuner.search(x, callbacks=callbacks, **fit)
    return tuner


def statuses(tuner):
    return [trial.status for trial in tuner.oracle.trials.values()]

"""
# Search architecture and game with KerasTuner

An adversarial model has more to choose than a classifier: the networks, the
loss of the game, what each term weighs, who moves how often, two learning
rates. `keras_aegan.tuners` says what can be chosen for each model of the
family, and [KerasTuner](https://keras.io/keras_tuner/) chooses.

    pip install "keras_aegan[jax,tuner]"        # or tensorflow, or torch

This page runs: `python guides/tuning.py`. It uses few and tiny models.
"""

import os
import tempfile

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras_tuner
from sklearn.datasets import load_digits

from keras_aegan import losses
from keras_aegan import models
from keras_aegan.callbacks import GenerationMetrics
from keras_aegan.metrics import KernelDistance
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import HyperAEGAN
from keras_aegan.tuners import report

folder = tempfile.mkdtemp()
x = load_digits().images[..., None].astype("float32") / 8 - 1
x_train, x_test = x[:256], x[-64:]

"""
## The space

`HyperAEGAN(shape)` is the whole space of AEGANs for samples of a shape;
`HyperAdversarial(model_class, shape)` that of any model. Every dimension has a
list of values, and the first draw is the model as it is without a search.

Narrow the space to what you have the time for. Each dimension takes one value,
which fixes it, a list, or for numbers a range. A name that does not exist is
an error that lists those that do.
"""

hypermodel = HyperAEGAN(
    (8, 8, 1),
    space={
        "latent_dim": [2, 4],
        "width": [2, 4],
        "adversarial": ["relativistic", "hinge"],
        "reconstruction_factor": [0.5, 1.0, 2.0],
        "learning_rate": {
            "min_value": 5e-4,
            "max_value": 4e-3,
            "sampling": "log",
        },
        "discriminator_penalty": None,
    },
    max_parameters=20_000,
)

"""
`reconstruction_factor` multiplies the weight that the model gives to the term
`reconstruction`. Some dimensions count only with some values of others:
`r1_weight` only where `discriminator_penalty` is `"r1"` or `"r1_r2"`, and the
Wasserstein loss always has its gradient penalty. So nothing is drawn that
cannot be trained.

`max_parameters` leaves out what is too large before it is drawn. Where large
codes allow narrow networks only, the width of such draws is called
`width_up_to_16` or the like.

## The objective

Any name in the logs is an objective, and KerasTuner wants to be told whether
small or large is good. Losses of the game are poor objectives: they say who is
winning, not how good the samples are. `val_reconstruction` ignores samples.
Measure generation instead, with `GenerationMetrics`. With few real samples
take the kernel distance, with many the Fréchet distance:
"""

measures = GenerationMetrics(x_test, [KernelDistance()])
tuner = keras_tuner.RandomSearch(
    hypermodel,
    objective=keras_tuner.Objective("val_kernel_distance", "min"),
    max_trials=2,
    max_consecutive_failed_trials=10,
    seed=0,
    directory=folder,
    project_name="aegan",
)
tuner.search(
    x_train,
    validation_data=x_test,
    epochs=1,
    callbacks=[measures],
    verbose=2,
)

"""
A list of objectives is searched as their sum, those to be large with a minus,
so bring them to one scale first.

Before each trial a line says what is tried, what is best so far, and about how
long the rest takes. A trial fails, with its reason, if a loss is no longer
finite, memory runs out, or all samples are the same at its end. The search
goes on until `max_consecutive_failed_trials` fail in a row; KerasTuner's
default is 3, which a wide space reaches by bad luck.

## What came out
"""

best = tuner.get_best_models()[0]
print(best.generate(3).shape)
page = report(tuner, os.path.join(folder, "search.html"))
print(page)

"""
The page has the trials as a table that sorts, parallel coordinates, how much
each dimension decided, the objective over time, and samples of the five best
models. It needs no other file, so it can be sent to somebody.

## The budget

A model of few epochs tells little of one of many, and adversarial models less
than others. Give a trial at least a quarter of the steps of the final
training. With a space of `n` dimensions that vary, `10 n` random trials are a
good start; `BayesianOptimization` then needs fewer. `Hyperband` gives many
draws a few epochs each and goes on with the best of them, with their weights
and the states of their optimizers, so that the game goes on as it was:
"""

small = {
    "latent_dim": 2,
    "width": 2,
    "normalization": None,
    "noise": 0,
    "dropout": 0,
    "batch_size": 64,
}
tuner = keras_tuner.Hyperband(
    HyperAdversarial(models.VAE, (8, 8, 1), space={**small, "beta": [0.5, 1]}),
    objective=keras_tuner.Objective("val_reconstruction", "min"),
    max_epochs=2,
    factor=3,
    max_consecutive_failed_trials=10,
    directory=folder,
    project_name="vae",
)
tuner.search(x_train, validation_data=x_test, verbose=0)

"""
`beta` is an option of `VAE`. A model's options are searched if the space has
them.

Trained again and longer, the best draw is better than the best trial:
"""

hp = tuner.get_best_hyperparameters()[0]
model = tuner.hypermodel.build(hp)
model.fit(x_train, batch_size=hp["batch_size"], epochs=1, verbose=0)

"""
A search that was stopped, or killed, goes on when its program is started
again: same folder, same `project_name`, same space. Another space in the same
folder is an error.

## A model of your own

Any `keras_aegan.AdversarialModel` with `for_shape` has a space: what
`for_shape` takes, its adversarial losses, its terms, its players, its
optimizers. A dimension of your own is one line more:
"""


class HyperLabelled(HyperAdversarial):
    """A search that also asks which labels the loss takes for real."""

    def build(self, hp):
        model = super().build(hp)
        label = hp.Choice("real_label", [0.9, 1.0])
        loss = losses.LeastSquares(real_label=label)
        model.compile(loss={"adversarial": loss})
        return model


hypermodel = HyperLabelled(models.GAN, (8, 8, 1), space=small)
hypermodel.build(keras_tuner.HyperParameters())

"""
A drawn model's `compile` keeps what was drawn and changes what it is told to.

## Several processes

KerasTuner searches with a chief and workers: start the same program in each,
with the variables

    KERASTUNER_TUNER_ID=chief                  # worker0, worker1, ...
    KERASTUNER_ORACLE_IP=127.0.0.1             # of the chief
    KERASTUNER_ORACLE_PORT=8000

and one folder that all of them see. Its chief waits for every trial it gave
out, so a worker that dies keeps it waiting. One line before `search` mends
that: `keras_aegan.tuners.watch_workers(tuner)` lets workers leave signs of
life, and the chief fail what a dead one had begun.
"""

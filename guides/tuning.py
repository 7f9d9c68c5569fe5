"""
# Search hyperparameters with KerasTuner

An adversarial model has more hyperparameters than a classifier: besides the
networks, there are the adversarial loss, the weight of each term, how often
each player moves, and two learning rates. `keras_aegan.tuners` has the search
space of each model for [KerasTuner](https://keras.io/keras_tuner/).

    pip install "keras_aegan[jax,tuner]"        # or tensorflow, or torch

This page is a program: `python guides/tuning.py`. It trains a few tiny models.
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
`HyperAdversarial(model_class, shape)` is that of any other model. Every
hyperparameter has a list of values, and its default is the value that the model
has without a search.

Narrow the space to what you have time for. Give a hyperparameter one value,
which fixes it, a list of values, or, if it is a number, a range. A name that
does not exist raises an error that lists those that do.
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
`reconstruction`. Some hyperparameters are active only with certain values of
others: `r1_weight` only where `discriminator_penalty` is `"r1"` or `"r1_r2"`.
The Wasserstein loss always comes with its gradient penalty. So every sampled
model can be trained.

`max_parameters` excludes models that are too large before they are sampled.
Where large codes allow only narrow networks, the hyperparameter for the width
of these models is called `width_up_to_16` or the like.

## The objective

Any name in the logs can be the objective, together with its direction, `"min"`
or `"max"`. The losses of the players are poor objectives: they say which player
is winning, not how good the samples are. `val_reconstruction` ignores samples.
Instead, compare samples with real data by `GenerationMetrics`. Use the kernel
distance if there are few real samples, and the Fréchet distance if there are
many:
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
Of a list of objectives KerasTuner minimises the sum, with a minus before those
to be maximised. So scale them to a common size first.

Before each trial a line shows the model, the best score so far, and an estimate
of the time left. A trial fails, with its reason, if a loss is no longer finite,
memory runs out, or all samples are the same at its end. The search goes on
until `max_consecutive_failed_trials` trials in a row have failed. KerasTuner's
default is 3, which a wide space can reach by chance.

## The results
"""

best = tuner.get_best_models()[0]
print(best.generate(3).shape)
page = report(tuner, os.path.join(folder, "search.html"))
print(page)

"""
The page has a sortable table of the trials, parallel coordinates, the
importance of each hyperparameter, the objective over time, and samples of the
five best models. It needs no other file, so it can be sent to somebody.

## The budget

The score after a few epochs predicts little about the score after many, even
less for adversarial models than for others. Give a trial at least a quarter of
the steps of the final training. If `n` hyperparameters vary, `10 n` random
trials are a good start; `BayesianOptimization` needs fewer. `Hyperband` trains
many models for a few epochs and continues with the best of them. It restores
their weights and the states of their optimizers, so that training continues
where it stopped:
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
`beta` is an option of `VAE`. A model's options are searched if the space names
them.

Train a model with the best hyperparameters again, for longer than in its trial:
"""

hp = tuner.get_best_hyperparameters()[0]
model = tuner.hypermodel.build(hp)
model.fit(x_train, batch_size=hp["batch_size"], epochs=1, verbose=0)

"""
A search that was stopped, or killed, continues when its program is started
again with the same folder and `project_name`. If anything has changed that the
scores depend on, an error says what: the space, options of the model or of
`compile`, arguments of `search`, the data, the objective, or the code of a
hypermodel or a model of your own. Callbacks are not compared.

## A model of your own

Any `keras_aegan.AdversarialModel` with `for_shape` has a search space. It
follows from the arguments of `for_shape` and from the model's adversarial
losses, terms, players and optimizers. A further hyperparameter takes one line:
"""


class HyperLabelled(HyperAdversarial):
    """A search that also varies the target for real samples."""

    def build(self, hp):
        model = super().build(hp)
        label = hp.Choice("real_label", [0.9, 1.0])
        loss = losses.LeastSquares(real_label=label)
        model.compile(loss={"adversarial": loss})
        return model


hypermodel = HyperLabelled(models.GAN, (8, 8, 1), space=small)
hypermodel.build(keras_tuner.HyperParameters())

"""
A sampled model's `compile` keeps all sampled settings but those it is given.

## Several processes

KerasTuner searches with a chief and workers. Start the same program for each of
them, with the environment variables

    KERASTUNER_TUNER_ID=chief                  # worker0, worker1, ...
    KERASTUNER_ORACLE_IP=127.0.0.1             # of the chief
    KERASTUNER_ORACLE_PORT=8000

and a folder that all of them share. KerasTuner's chief waits for every trial
that it handed out, even if the worker died. Call
`keras_aegan.tuners.watch_workers(tuner)` before `search` to prevent that: each
worker then writes a heartbeat into the folder, and the chief fails the trial of
a worker whose heartbeat stops.
"""

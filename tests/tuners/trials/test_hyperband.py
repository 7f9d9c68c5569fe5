"""Later rounds of Hyperband go on where the earlier ones stopped."""

import keras
import keras_tuner
import numpy as np
import pytest

from keras_aegan.models import GAN
from keras_aegan.tuners import HyperAdversarial

X = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")


def state(model):
    """All numbers of a model and of its players' optimizers.

    Without those of the decay, which begins again with each `fit`.
    """
    variables = [*model.variables, *model.optimizer.variables]
    variables = [v for v in variables if not v.name.startswith("decay_")]
    return [np.array(keras.ops.convert_to_numpy(v)) for v in variables]


class Witness(keras.callbacks.Callback):
    """Remembers states at the start of a training and after each epoch."""

    begins = []
    ends = []

    def on_train_begin(self, logs=None):
        self.begins.append(state(self.model))

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(state(self.model))


def same(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


@pytest.mark.every_backend
def test_it_goes_on_with_weights_and_optimizers(tmp_path):
    hypermodel = HyperAdversarial(
        GAN,
        (6,),
        space={
            "latent_dim": 2,
            "width": 2,
            "normalization": "batch",
            "noise": 0.1,
            "dropout": 0,
            "discriminator_turns": 1,
            "update": "alternating",
            "adversarial": "hinge",
            "discriminator_penalty": "lecam",
            "batch_size": 32,
        },
        compile_options={"run_eagerly": True},
        collapse=0,
    )
    tuner = keras_tuner.Hyperband(
        hypermodel,
        keras_tuner.Objective("val_generator_loss", "min"),
        max_epochs=2,
        factor=2,
        seed=0,
        directory=tmp_path,
    )
    tuner.search(X, validation_data=X, verbose=0, callbacks=[Witness()])
    trials = tuner.oracle.trials.values()
    assert {trial.status for trial in trials} == {"COMPLETED"}
    again = [
        i for i, trial in enumerate(trials)
        if "tuner/trial_id" in trial.hyperparameters.values
    ]  # fmt: skip
    assert again
    for i in again:
        begin = Witness.begins[i]
        # Two batches an epoch: two steps were made, and Adam has moments.
        step = len(begin) - len(tuner.hypermodel.build(
            list(trials)[i].hyperparameters
        ).optimizer.variables) + 2  # fmt: skip
        assert begin[step] == 2
        assert any(same(begin, end) for end in Witness.ends)

"""KerasTuner's tuners search, and report what went wrong."""

import re

import keras
import keras_tuner
import numpy as np
import pytest
from searches import OBJECTIVE
from searches import SMALL
from searches import X
from searches import hyper
from searches import search
from searches import statuses

from keras_aegan.models import AEGAN
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAEGAN


# Of KerasTuner's own Gaussian process, on three points.
@pytest.mark.every_backend
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(
    "kind, options",
    [
        (keras_tuner.RandomSearch, {}),
        (keras_tuner.GridSearch, {}),
        (
            keras_tuner.BayesianOptimization,
            {"num_initial_points": 2, "max_trials": 3},
        ),
        (keras_tuner.Hyperband, {"max_epochs": 2, "factor": 2}),
    ],
)
def test_all_tuners_search_and_give_the_best_model(kind, options, tmp_path):
    tuner = search(tmp_path, kind=kind, **options)
    assert set(statuses(tuner)) == {"COMPLETED"}
    best = tuner.get_best_models()[0]
    trial = tuner.oracle.get_best_trials()[0]
    # The saved weights are those that had the recorded score.
    error = np.mean((best.reconstruct(X) - X) ** 2)
    np.testing.assert_allclose(error, trial.score, rtol=1e-4)


@pytest.mark.every_backend
def test_hyper_aegan_generates(tmp_path):
    small = {key: SMALL[key] for key in ("latent_dim", "width", "batch_size")}
    game = {"adversarial": "hinge", "discriminator_penalty": None}
    hypermodel = HyperAEGAN((6,), space={**small, **game})
    tuner = search(tmp_path, hypermodel, max_trials=1)
    best = tuner.get_best_models()[0]
    assert isinstance(best, AEGAN)
    assert best.generate(5).shape == (5, 6)
    assert best.encode(X).shape == (64, 2)


def test_several_classes(tmp_path):
    hypermodel = hyper(
        [Autoencoder, VAE],
        beta=[0.5, 2.0],
        divergence_factor=1,
        residual_blocks=0,
        learning_rate=1e-3,
    )
    # A grid turns the last of the dimensions first.
    tuner = search(tmp_path, hypermodel, keras_tuner.GridSearch, max_trials=20)
    rows = [t.hyperparameters.values for t in tuner.oracle.trials.values()]
    assert {values["model"] for values in rows} == {"Autoencoder", "VAE"}
    for values in rows:
        assert ("VAE/beta" in values) == (values["model"] == "VAE")
    assert sorted(v["VAE/beta"] for v in rows if "VAE/beta" in v) == [0.5, 2]
    best = tuner.get_best_models()[0]
    assert type(best).__name__ == tuner.get_best_hyperparameters()[0]["model"]


def test_several_objectives_are_added(tmp_path):
    objective = [
        OBJECTIVE,
        keras_tuner.Objective("generator_loss", "max"),
    ]
    tuner = search(tmp_path, objective=objective)
    for trial in tuner.oracle.trials.values():
        values = {
            name: trial.metrics.get_best_value(name)
            for name in ("val_reconstruction", "generator_loss")
        }
        expected = values["val_reconstruction"] - values["generator_loss"]
        np.testing.assert_allclose(trial.score, expected, rtol=1e-5)


class Logs(keras.callbacks.Callback):
    """Adds given values to the logs of some epochs."""

    def __init__(self, name, values):
        super().__init__()
        self.name = name
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        if epoch in self.values:
            logs[self.name] = self.values[epoch]


def test_an_objective_that_only_some_epochs_have(tmp_path):
    objective = keras_tuner.Objective("val_distance", "min")
    # Not a Python number, as callbacks have it.
    values = {1: np.float32(2.0), 3: np.float32(3.0)}
    tuner = search(
        tmp_path,
        objective=objective,
        epochs=5,
        callbacks=[Logs("val_distance", values), Spy("weights")],
        max_trials=1,
    )
    [trial] = tuner.oracle.trials.values()
    assert trial.score == 2.0
    # The weights of the second epoch, not those of the last one without.
    best = tuner.get_best_models()[0]
    for value, expected in zip(best.get_weights(), Spy.seen["weights"][1]):
        np.testing.assert_array_equal(value, expected)


class Spy(keras.callbacks.Callback):
    """Remembers the weights after each epoch. Tuners copy callbacks."""

    seen = {}

    def __init__(self, key):
        super().__init__()
        self.key = key
        self.seen[key] = []

    def on_epoch_end(self, epoch, logs=None):
        self.seen[self.key].append(self.model.get_weights())


class Breaks(keras.callbacks.Callback):
    """Breaks the first trial, once."""

    broken = False

    def __init__(self, how):
        super().__init__()
        self.how = how
        Breaks.broken = False

    def on_epoch_begin(self, epoch, logs=None):
        if Breaks.broken:
            return
        Breaks.broken = True
        if self.how == "nan":
            for variable in self.model.trainable_variables:
                variable.assign(variable + float("nan"))
        elif self.how == "memory":
            raise RuntimeError("RESOURCE_EXHAUSTED: Out of memory allocating")
        else:
            raise MemoryError


@pytest.mark.parametrize(
    "how, reason",
    [
        ("nan", "Diverged: .*is nan after epoch 1"),
        ("memory", r"Out of memory with \d+ parameters and batch_size=32"),
        ("python", "Out of memory with"),
    ],
)
def test_a_broken_trial_fails_with_its_reason_and_the_search_goes_on(
    how, reason, tmp_path
):
    tuner = search(tmp_path, callbacks=[Breaks(how)], max_retries_per_trial=3)
    assert statuses(tuner) == ["FAILED", "COMPLETED"]
    assert re.search(reason, tuner.oracle.trials["0"].message)
    assert tuner.get_best_models()[0].built


class Collapses(keras.callbacks.Callback):
    """Turns the generator into a constant."""

    def on_train_end(self, logs=None):
        for variable in self.model.generator.trainable_variables:
            variable.assign(variable * 0.0)


def test_collapsed_models_fail(tmp_path):
    objective = keras_tuner.Objective("generator_loss", "min")
    with pytest.raises(RuntimeError, match="All 2 .*: Collapsed: the stan"):
        search(
            tmp_path,
            hyper(
                GAN,
                collapse=0.01,
                adversarial="hinge",
                discriminator_penalty=None,
            ),
            objective=objective,
            callbacks=[Collapses()],
        )


def test_what_the_tuner_compiles_again_keeps_the_sampled_game(tmp_path):
    hypermodel = hyper(
        GAN, adversarial="hinge", discriminator_penalty="r1", r1_weight=10
    )
    tuner = search(
        tmp_path,
        hypermodel,
        objective=keras_tuner.Objective("discriminator_r1", "min"),
        optimizer=keras.optimizers.Adam(1e-2),
        max_trials=1,
    )
    assert statuses(tuner) == ["COMPLETED"]
    best = tuner.get_best_models()[0]
    assert (
        type(best.game.rules.terms.functions["adversarial"]).__name__ == "Hinge"
    )
    assert best.penalties["discriminator"][0].weight == 10
    rates = [float(o.learning_rate) for o in best.optimizer.optimizers]
    np.testing.assert_allclose(rates, 1e-2)


def test_the_tuners_metrics_are_logged(tmp_path):
    tuner = search(
        tmp_path,
        objective=keras_tuner.Objective("val_mean_absolute_error", "min"),
        metrics=["mean_absolute_error"],
    )
    assert statuses(tuner) == ["COMPLETED"] * 2


def test_progress_is_shown(tmp_path, capsys):
    search(tmp_path, verbose=2)
    text = capsys.readouterr().out
    assert re.search(r"Trial 0 \(number 1 of 2\) \| Autoencoder of", text)
    assert re.search(r"best so far: val_reconstruction .* in trial 0", text)
    assert re.search(r"about \d+ s left", text)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"objective": keras_tuner.Objective("val_fid", "min")}, "val_fid"),
        ({"validation_data": None}, "need `validation_data`"),
    ],
)
def test_an_unknown_objective_is_an_error_before_training(
    options, message, tmp_path
):
    with pytest.raises(ValueError, match=message) as error:
        search(
            tmp_path, callbacks=[keras.callbacks.TerminateOnNaN()], **options
        )
    assert "['generator_loss', 'loss', 'reconstruction'" in str(error.value)
    assert not list(tmp_path.rglob("*.weights.h5"))


def test_an_objective_that_a_callback_may_log_is_waited_for(tmp_path):
    objective = keras_tuner.Objective("val_distance", "min")
    with pytest.raises(ValueError, match="'another'.*Received.*val_distance"):
        search(
            tmp_path, objective=objective, callbacks=[Logs("another", {0: 1.0})]
        )
    callback = Logs("another", {0: 1.0})
    callback.log_names = ["another"]
    with pytest.raises(ValueError, match="are \\['another'.*val_distance"):
        search(tmp_path / "named", objective=objective, callbacks=[callback])


def test_the_batch_size_is_given_once(tmp_path):
    tuner = keras_tuner.RandomSearch(hyper(), OBJECTIVE, directory=tmp_path)
    with pytest.raises(ValueError, match="Fix it there.*Received"):
        tuner.search(X, validation_data=X, batch_size=8, verbose=0)


def test_a_batched_data_set_needs_no_batch_size(tmp_path):
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, index):
            return X[32 * index : 32 * (index + 1)]

    hypermodel = hyper(batch_size=None)
    tuner = keras_tuner.RandomSearch(
        hypermodel, OBJECTIVE, max_trials=1, directory=tmp_path
    )
    tuner.search(Batches(), validation_data=X, verbose=0)
    assert statuses(tuner) == ["COMPLETED"]
    assert "batch_size" not in tuner.get_best_hyperparameters()[0]


def test_a_folder_that_cannot_be_written(tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(Exception, match="file"):
        search(file)

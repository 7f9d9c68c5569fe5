"""What is checked before a search, and what is said of its results."""

import pathlib
import shutil
import sys

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

from keras_aegan.layers import UniformPrior
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import Autoencoder
from keras_aegan.models import InverseGenerator
from keras_aegan.tuners import HyperAdversarial

LABELS = np.arange(64) % 3


class Batches(keras.utils.PyDataset):
    def __init__(self, x):
        super().__init__()
        self.x = x

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return self.x[32 * index : 32 * (index + 1)]


# === One error for what each trial would fail for ===


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"x": X[:, :5]}, r"`x`.*samples, 6\).*Received:.*\(64, 5\)"),
        ({"x": X[:0]}, "non-empty"),
        ({"x": X * np.float32("nan")}, "finite"),
        ({"x": X.tolist()}, "`x` must be one array.*Received: a list of 64"),
        ({"x": None}, "`x` must be one array.*Received: none"),
        ({"x": Batches(X[:, :5])}, r"`x` does not fit.*Received:.*\(32, 5\)"),
        (
            {"validation_data": X[:, :5]},
            r"`validation_data`.*Received:.*\(64, 5\)",
        ),
        ({"validation_data": X * np.float32("inf")}, "`validation_data`.*fin"),
        (
            {"validation_data": (X, LABELS[:9])},
            "`validation_data`.*entry for",
        ),
        ({"validation_data": (X,) * 4}, "`validation_data`.*Received: 4"),
        (
            {"validation_data": (X, None, X)},
            "`validation_data`.*`sample_weight`",
        ),
        (
            {"validation_data": Batches(X[:, :5])},
            r"`validation_data`.*Received:.*\(32, 5\)",
        ),
        ({"class_weight": {0: 1.0}}, "`class_weight` needs `y`"),
        ({"epoch": 3}, r"arguments of `fit`.*'epochs'.*Received: \['epoch'\]"),
        ({"epochs": 0}, "`epochs` must be a positive integer"),
        ({"epochs": True}, "`epochs` must be a positive integer"),
        ({"steps_per_epoch": 1.5}, "`steps_per_epoch`"),
        ({"validation_split": 1.0}, "`validation_split`"),
        ({"batch_size": 8}, "Fix it there.*Received"),
        ({"callbacks": keras.callbacks.TerminateOnNaN()}, "must be a list"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_arguments_are_checked_before_the_first_trial(
    arguments, message, unused
):
    with pytest.raises(ValueError, match=message):
        unused.search(**{"x": X, "validation_data": X, **arguments})
    assert not unused.oracle.trials


@pytest.fixture(scope="module")
def unused(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unused")
    return keras_tuner.RandomSearch(hyper(), OBJECTIVE, directory=folder)


def test_labels_are_checked_before_the_first_trial(tmp_path):
    hypermodel = HyperAdversarial(VAE, (6,), space=SMALL, num_classes=3)
    tuner = keras_tuner.RandomSearch(hypermodel, OBJECTIVE, directory=tmp_path)
    with pytest.raises(ValueError, match="`validation_data`.*0 to 3"):
        tuner.search(X, LABELS, validation_data=(X, np.arange(64) % 4))
    with pytest.raises(ValueError, match="`x`.*Received: none"):
        tuner.search(X, validation_data=(X, LABELS))
    assert not tuner.oracle.trials


def test_numpys_numbers_are_numbers_and_callbacks_may_be_none(tmp_path):
    hypermodel = hyper(batch_size=np.int64(32), noise=np.float32(0.5))
    tuner = search(
        tmp_path, hypermodel, max_trials=1, epochs=np.int64(1), callbacks=None
    )
    assert statuses(tuner) == ["COMPLETED"]
    assert tuner.get_best_hyperparameters()[0]["noise"] == 0.5


def test_what_is_missing_is_said_before_the_first_trial(tmp_path, monkeypatch):
    if keras.config.backend() != "tensorflow":
        pytest.skip("KerasTuner needs TensorBoard on TensorFlow only")
    names = [n for n in sys.modules if n.startswith("tensorboard.plugins.hpar")]
    for name in names:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard.plugins", None)
    with pytest.raises(ImportError, match=r'install "keras_aegan\[tuner\]"'):
        search(tmp_path)
    assert not list(tmp_path.rglob("trial_*"))


# === One sentence for a search without results ===


class Fails(keras.callbacks.Callback):
    def on_train_begin(self, logs=None):
        raise OSError("no\nroom: </p>")


@pytest.mark.parametrize("limit", [2, 9])
def test_a_search_whose_trials_all_fail(limit, tmp_path):
    reason = "All 2 trials of the search failed, .*OSError: no"
    limits = {"max_trials": 2, "max_consecutive_failed_trials": limit}
    with pytest.raises(RuntimeError, match=reason) as error:
        search(tmp_path, callbacks=[Fails()], **limits)
    assert "Traceback" not in str(error.value)
    tuner = keras_tuner.RandomSearch(
        hyper(), OBJECTIVE, directory=tmp_path, **limits
    )
    for method in (
        tuner.get_best_models,
        tuner.get_best_hyperparameters,
        tuner.results_summary,
    ):
        with pytest.raises(RuntimeError, match=r"All \d trials.*OSError: no"):
            method()


def test_results_before_a_search(tmp_path):
    tuner = keras_tuner.RandomSearch(hyper(), OBJECTIVE, directory=tmp_path)
    with pytest.raises(ValueError, match="call `search` first.*Received: 0"):
        tuner.get_best_models()


def test_only_what_completed_is_among_the_best(tmp_path):
    tuner = search(tmp_path)
    tuner.oracle.trials["0"].status = "FAILED"
    assert len(tuner.get_best_models(5)) == 1
    [best] = tuner.get_best_hyperparameters(np.int64(5))
    assert best is tuner.oracle.trials["1"].hyperparameters
    with pytest.raises(ValueError, match="`num_models`"):
        tuner.get_best_models(0)


def test_weights_that_are_lost(tmp_path):
    tuner = search(tmp_path, max_trials=1)
    [path] = tmp_path.rglob("*.weights.h5")
    path.write_text("nothing")
    with pytest.raises(RuntimeError, match="The model of trial 0 cannot be"):
        tuner.get_best_models()
    shutil.rmtree(path.parent)
    with pytest.raises(RuntimeError, match="The model of trial 0 cannot be"):
        tuner.get_best_models()


def test_other_hypermodels_are_left_alone(tmp_path):
    tuner = keras_tuner.RandomSearch(
        lambda hp: Autoencoder.for_shape((6,), latent_dim=hp.Choice("n", [2])),
        OBJECTIVE,
        directory=tmp_path,
    )
    assert tuner.get_best_hyperparameters() == []


# === A folder with an earlier search ===


class HyperMore(HyperAdversarial):
    """A search with a hyperparameter of the user's, among `labels`."""

    labels = [0.9, 1.0]

    def build(self, hp):
        hp.Choice("label", self.labels)
        return super().build(hp)


class HyperOther(HyperMore):
    labels = [0.8, 1.0]


def options(**given):
    """A hypermodel with other options of `for_shape` or of its own."""
    return HyperAdversarial(
        given.pop("model_class", Autoencoder),
        (6,),
        space=SMALL,
        compile_options={"run_eagerly": True},
        **{"collapse": 0, **given},
    )


CHANGES = {
    "the space": ({"hypermodel": hyper(width=[4, 5])}, r"space\['width'\]"),
    "a range": (
        {"hypermodel": hyper(noise={"min_value": 0.1, "max_value": 0.2})},
        r"space\['noise'\]",
    ),
    "the batch size": ({"hypermodel": hyper(batch_size=16)}, "batch_size"),
    "the model": ({"hypermodel": hyper(VAE)}, r"Expected.*Auto.*Received.*VAE"),
    "`for_shape`": ({"hypermodel": options(activation="tanh")}, "activation"),
    "`compile`": (
        {
            "hypermodel": hyper(
                compile_options={"loss": {"reconstruction": "mae"}}
            )
        },
        r"compile_options\['loss'\]",
    ),
    "the check of samples": ({"hypermodel": options(collapse=0.5)}, "collapse"),
    "epochs": ({"epochs": 2}, r"`epochs` of `search`.*Received: .* = 2"),
    "data": ({"x": X + 1}, "`x` of `search`"),
    "validation data": ({"validation_data": X[:9]}, "`validation_data` of"),
    "the objective": (
        {"objective": keras_tuner.Objective("val_reconstruction", "max")},
        "objective",
    ),
    "metrics": ({"metrics": ["mean_absolute_error"]}, "the tuner's metrics"),
    "executions": ({"executions_per_trial": 2}, "executions_per_trial"),
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished")
    search(folder, max_trials=1)
    return folder


@pytest.mark.parametrize("change", CHANGES)
def test_another_search_in_the_folder(change, finished):
    before = {p: p.read_bytes() for p in finished.rglob("*") if p.is_file()}
    arguments, difference = CHANGES[change]
    with pytest.raises(
        ValueError, match=f"earlier search.*overwrite=True.*{difference}"
    ):
        search(finished, max_trials=1, **arguments)
    assert before == {p: p.read_bytes() for p in before}


def test_results_of_another_search(finished):
    for hypermodel, objective, name in (
        (hyper(latent_dim=3), OBJECTIVE, "latent_dim"),
        (hyper(), keras_tuner.Objective("reconstruction", "min"), "objective"),
    ):
        tuner = keras_tuner.RandomSearch(
            hypermodel, objective, directory=finished
        )
        with pytest.raises(ValueError, match=f"earlier search.*{name}"):
            tuner.get_best_hyperparameters()


def test_the_same_search_goes_on(finished, tmp_path):
    folder = pathlib.Path(shutil.copytree(finished, tmp_path / "copy"))
    again = search(folder, max_trials=2, x=X.copy())
    assert statuses(again) == ["COMPLETED"] * 2
    other = hyper(latent_dim=3)
    tuner = search(folder, other, overwrite=True, max_trials=1)
    assert tuner.get_best_models()[0].encode(X).shape == (64, 3)


def test_code_of_the_users_belongs_to_a_search():
    arguments = (Autoencoder, (6,), SMALL)
    one, other = HyperMore(*arguments), HyperOther(*arguments)
    assert one.definition() == HyperMore(*arguments).definition()
    changed = one.definition().items() ^ other.definition().items()
    assert {name for name, _ in changed} == {"the code of HyperOther"}


def test_a_changed_hyperparameter_of_the_users(tmp_path, monkeypatch):
    def make():
        return HyperMore(
            Autoencoder,
            (6,),
            SMALL,
            compile_options={"run_eagerly": True},
            collapse=0,
        )

    search(tmp_path, make(), max_trials=1)
    # Where no digest of the class can tell: in a list of a module.
    HyperMore.labels.append(1.1)
    monkeypatch.setattr(HyperMore, "labels", HyperMore.labels)
    with pytest.raises(ValueError, match="the hyperparameter 'label'"):
        search(tmp_path, make(), max_trials=1)
    HyperMore.labels.remove(1.1)


def test_networks_are_known_by_their_weights():
    def definition(seed):
        keras.utils.set_random_seed(seed)
        given = GAN.for_shape((6,), latent_dim=2, width=4)
        return HyperAdversarial(
            InverseGenerator,
            (6,),
            SMALL,
            generator=given.generator,
            prior=UniformPrior(2),
        ).definition()

    assert definition(0) == definition(0)
    assert definition(0) != definition(1)


# === What a `fit` of the user's may return ===


def best_of(history):
    return min(history.history["val_reconstruction"])


RESULTS = {
    "NumPy's number": lambda history: np.float32(best_of(history)),
    "list": lambda history: [best_of(history), best_of(history)],
    "dicts": lambda history: [{"own": best_of(history)}] * 2,
    "history": lambda history: history,
}


class HyperOwn(HyperAdversarial):
    result = "list"

    def fit(self, hp, model, x, scale=1.0, **kwargs):
        return RESULTS[self.result](super().fit(hp, model, x * scale, **kwargs))


@pytest.mark.parametrize("result", RESULTS)
def test_a_fit_of_the_users_may_return_what_kerastuner_takes(result, tmp_path):
    # Without an objective KerasTuner minimizes the number.
    objective = {
        "dicts": keras_tuner.Objective("own", "min"),
        "history": OBJECTIVE,
    }.get(result)
    hypermodel = HyperOwn(
        Autoencoder, (6,), SMALL, compile_options={"run_eagerly": True}
    )
    hypermodel.result = result
    tuner = search(
        tmp_path, hypermodel, objective=objective, max_trials=1, epochs=2
    )
    [trial] = tuner.oracle.trials.values()
    model = tuner.get_best_models()[0]
    error = np.mean((model.reconstruct(X) - X) ** 2)
    # The weights are those of the last epoch, the best here.
    np.testing.assert_allclose(error, trial.score, rtol=1e-4)


def test_a_fit_of_the_users_has_arguments_of_its_own(tmp_path):
    hypermodel = HyperOwn(Autoencoder, (6,), SMALL)
    with pytest.raises(ValueError, match="missing a required argument: 'x'"):
        tuner = keras_tuner.RandomSearch(
            hypermodel, OBJECTIVE, directory=tmp_path
        )
        tuner.search(validation_data=X)
    with pytest.raises(ValueError, match=r"Received:.*\(64, 5\)"):
        tuner.search(X[:, :5], scale=2.0, validation_data=X, verbose=0)

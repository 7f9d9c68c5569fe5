"""What surrounds a search by KerasTuner: checks before, results after.

KerasTuner asks a hypermodel nothing before the first trial, and nothing at all
if the folder holds a finished search. Its tuners are what users create, so
their methods are extended here, for hypermodels of this package only.
"""

import functools

from keras_aegan import validation
from keras_aegan.tuners.requirement import check_backend
from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.trials import search_definition
from keras_aegan.tuners.trials.failures import check_completed
from keras_aegan.tuners.trials.lost_trials import replace_lost_trials
from keras_aegan.tuners.trials.workers import is_worker


def supervise(hypermodel_class: type):
    """Extend the methods of all tuners, for hypermodels of a class.

    Args:
        hypermodel_class: Class with `definition` and `check_fit`.
    """
    extended = {
        "reload": _reload,
        "search": _search,
        "get_best_models": _get_best_models,
        "get_best_hyperparameters": _get_best_hyperparameters,
        "results_summary": _results_summary,
    }
    for name, function in extended.items():
        _extend(name, function, hypermodel_class)


def _extend(name, function, hypermodel_class):
    base = keras_tuner.engine.base_tuner.BaseTuner
    original = getattr(base, name)

    @functools.wraps(original)
    def method(tuner, *args, **kwargs):
        if isinstance(tuner.hypermodel, hypermodel_class):
            return function(original, tuner, *args, **kwargs)
        return original(tuner, *args, **kwargs)

    setattr(base, name, method)


# === Before and after a search ===


def _reload(original, tuner):
    if not is_worker():
        replace_lost_trials(tuner.project_dir)
    return original(tuner)


def _search(original, tuner, *args, **kwargs):
    check_backend()
    kwargs["callbacks"] = _list_of_callbacks(kwargs.get("callbacks"))
    _check_before_search(tuner, args, kwargs)
    try:
        original(tuner, *args, **kwargs)
    except RuntimeError as error:
        # Among others, that so many trials in a row failed: an error that ends
        # with the traceback of the last.
        if is_worker() or "consecutive failures" not in str(error):
            raise
        if _completed(tuner):
            raise
    if not is_worker() and tuner.oracle.trials:
        check_completed(tuner)


def _list_of_callbacks(callbacks):
    callbacks = [] if callbacks is None else callbacks
    if not isinstance(callbacks, (list, tuple)):
        raise ValueError(
            "`callbacks` must be a list of callbacks. "
            f"Received: callbacks={callbacks!r}"
        )
    return list(callbacks)


def _check_before_search(tuner, args, kwargs):
    hp = keras_tuner.HyperParameters()
    model = tuner.hypermodel.build(hp)
    if tuner.metrics:
        # As the tuner will do with each trial's model.
        model.compile(metrics=tuner.metrics)
    objective = tuner.oracle.objective
    tuner.hypermodel.check_fit(hp, model, objective, args, kwargs)
    if not is_worker():
        search_definition.check_before_search(tuner, hp, args, kwargs)


# === Results ===


def _completed(tuner):
    trials = tuner.oracle.trials.values()
    return sum(trial.status == "COMPLETED" for trial in trials)


def _check_results(tuner):
    if not is_worker():
        search_definition.check_results(tuner)
        check_completed(tuner)


def _get_best_models(original, tuner, num_models=1):
    count = validation.check_integer("num_models", num_models)
    _check_results(tuner)
    trials = tuner.oracle.get_best_trials(count)
    done = [trial for trial in trials if trial.status == "COMPLETED"]
    return [load_model(tuner, trial) for trial in done]


def _get_best_hyperparameters(original, tuner, num_trials=1):
    count = validation.check_integer("num_trials", num_trials)
    _check_results(tuner)
    if not is_worker():
        # KerasTuner would fill up with trials that failed.
        count = min(count, _completed(tuner))
    return original(tuner, count)


def _results_summary(original, tuner, num_trials=10):
    count = validation.check_integer("num_trials", num_trials)
    _check_results(tuner)
    return original(tuner, count)


def load_model(tuner, trial):
    """The model of a trial with its best weights.

    Args:
        tuner: Tuner of KerasTuner, of a hypermodel of this package.
        trial: Trial that is completed.

    Raises:
        RuntimeError: if it cannot be built or its weights cannot be read.
    """
    try:
        return tuner.load_model(trial)
    except keras_tuner.errors.FatalError:
        raise
    except (OSError, KeyError, ValueError) as error:
        text = f"{type(error).__name__}: {error}".splitlines()[0]
        raise RuntimeError(
            f"The model of trial {trial.trial_id} cannot be loaded ({text}). "
            "If its weights were never saved: a `fit` of your own must pass "
            "the `callbacks` that it is given on to the model's `fit`, since "
            "one of them saves. If the file was lost, build the model of the "
            "trial's hyperparameters and train it again"
        ) from error

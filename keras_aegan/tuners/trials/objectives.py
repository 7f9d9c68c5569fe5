"""The objective of a search, and whether the logs have it."""

from keras_aegan.tuners.requirement import keras_tuner


def each(objective) -> list:
    """The objectives of which an objective is the sum."""
    return getattr(objective, "objectives", None) or [objective]


def names_of(objective) -> list[str]:
    """Names of the logs whose sum an objective is."""
    return [single.name for single in each(objective)]


def check(model, objective, callbacks, arguments):
    """Raise before training if the logs cannot have the objective.

    Args:
        model: Compiled model.
        objective: `keras_tuner.Objective`.
        callbacks: The user's callbacks. One may list the names that it adds to
            the logs in an attribute `log_names`. One that does not may add
            any name, so that only the end of the first trial can tell.
        arguments: Dict of arguments of `fit`.

    Raises:
        keras_tuner.errors.FatalValueError: if no log has it.
    """
    known = [*model.means.names, *(m.name for m in model.user_metrics)]
    validates = arguments.get("validation_data") is not None or arguments.get(
        "validation_split"
    )
    if validates:
        known += [f"val_{name}" for name in known]
    for callback in callbacks:
        if hasattr(callback, "log_names"):
            known += list(callback.log_names)
        elif not type(callback).__module__.startswith("keras.src"):
            return
    if not set(names_of(objective)) <= set(known):
        raise missing(objective, known, validates)


def missing(objective, known, validates=True):
    """The error about an objective that is not among the logs.

    Args:
        objective: `keras_tuner.Objective`.
        known: Names in the logs.
        validates: Boolean, whether there is validation data.
    """
    hint = "" if validates else " Those in val_ need `validation_data`."
    return keras_tuner.errors.FatalValueError(
        "The objective must be among the logs, or several of them. The logs "
        f"are {sorted(known)}.{hint} Received: objective="
        f"{' + '.join(names_of(objective))}"
    )

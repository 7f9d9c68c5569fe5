"""What defines a search, written into its folder and compared with it.

KerasTuner goes on with whatever search it finds in a tuner's folder.
"""

import inspect
import json
import pathlib

import keras

from keras_aegan import files
from keras_aegan.tuners.space.description import describe
from keras_aegan.tuners.trials import objectives
from keras_aegan.tuners.trials.fit_arguments import named

_FILE = "definition.json"
# What changes no score. Callbacks cannot be compared.
_IRRELEVANT = {"callbacks", "verbose"}
_LONGEST = 80


def check_before_search(tuner, hp, args, kwargs):
    """Raise if the folder holds another search; write down which one it is.

    Args:
        tuner: Tuner of KerasTuner, of a hypermodel of this package.
        hp: `keras_tuner.HyperParameters` that its `build` declared.
        args: Tuple of arguments of `search`.
        kwargs: Dict of arguments of `search`.

    Raises:
        ValueError: if it holds trials of another search.
    """
    wanted = {
        **_of_tuner(tuner),
        **_of_hyperparameters(tuner.hypermodel, hp),
        **_of_fit(args, kwargs),
    }
    ended = [t for t in tuner.oracle.trials.values() if t.status != "RUNNING"]
    if ended:
        _compare(_found(tuner) or {}, wanted)
    content = json.dumps(wanted, indent=1, sort_keys=True)
    files.write_atomically(_path(tuner), content.encode())


def check_results(tuner):
    """Raise if the trials in the folder are of another hypermodel.

    Args:
        tuner: Tuner of KerasTuner, of a hypermodel of this package.

    Raises:
        ValueError: if they are.
    """
    found, wanted = _found(tuner), _of_tuner(tuner)
    if found:
        _compare({key: found.get(key) for key in wanted}, wanted)


def _of_tuner(tuner):
    given = {
        "optimizer": tuner.optimizer,
        "loss": tuner.loss,
        "metrics": tuner.metrics,
        "executions_per_trial": tuner.executions_per_trial,
        "max_model_size": tuner.max_model_size,
        "objective": [
            [objective.name, objective.direction]
            for objective in objectives.each(tuner.oracle.objective)
        ],
    }
    given = {f"the tuner's {key}": item for key, item in given.items()}
    return _json({**tuner.hypermodel.definition(), **describe(given)})


def _of_hyperparameters(hypermodel, hp):
    """Hyperparameters that a `build` of the user's adds to the space."""
    known = {"searched", *hypermodel.hyperparameter_names()}
    return _json(
        {
            f"the hyperparameter {added.name!r}": describe(added.get_config())
            for added in hp.space
            if added.name not in known
        }
    )


def _of_fit(args, kwargs):
    defaults = inspect.signature(keras.Model.fit).parameters
    found = {}
    for key, value in named(args, kwargs).items():
        described = describe(value)
        is_default = key in defaults and described == describe(
            defaults[key].default
        )
        if key not in _IRRELEVANT and not is_default:
            found[f"`{key}` of `search`"] = described
    return _json(found)


def _json(value):
    return json.loads(json.dumps(value))


def _path(tuner):
    return pathlib.Path(tuner.project_dir) / _FILE


def _found(tuner):
    """The definition in the folder, or `None`."""
    try:
        return dict(json.loads(_path(tuner).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _compare(found, wanted):
    # As texts, since NaN is not equal to itself.
    texts = [
        {key: json.dumps(item, sort_keys=True) for key, item in each.items()}
        for each in (found, wanted)
    ]
    names = [
        key
        for key in {**texts[1], **texts[0]}
        if texts[0].get(key) != texts[1].get(key)
    ]
    if not names:
        return
    if not found:
        names = []
        reason = "does not say what it searched"
    else:
        reason = "differs in " + ", ".join(names)
    before, now = (
        "; ".join(f"{key} = {_short(text.get(key))}" for key in names)
        for text in texts
    )
    raise ValueError(
        f"The tuner's folder holds an earlier search, which {reason}: its "
        "trials cannot be ranked with new ones. Give the tuner another "
        "`project_name`, or `overwrite=True`, which deletes the earlier "
        f"search. Expected, as before: {before}. Received: {now}"
    )


def _short(text):
    if text is None:
        return "none"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."

"""The data of a search's page."""

import numbers
import os
import pathlib

import numpy as np

from keras_aegan import files
from keras_aegan import pages
from keras_aegan.pages import drawing
from keras_aegan.tuners.report.importance import importance
from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.space.kinds import is_number
from keras_aegan.tuners.space.limits import UP_TO
from keras_aegan.tuners.trials.failures import reason_of
from keras_aegan.tuners.trials.search_definition import check_results
from keras_aegan.tuners.trials.supervision import load_model

_BEST = 5
_ROWS = 4  # Of images,
_COLUMNS = 8
_HEIGHT = 256  # in pixels.
_LINES = 8


def report(
    tuner: keras_tuner.Tuner, filepath: str | os.PathLike
) -> pathlib.Path:
    """Write the results of a search to one HTML page.

    It has the trials as a table that sorts, their hyperparameters as parallel
    coordinates, how much each hyperparameter matters, the objective over time,
    and samples of the five best models. The page needs no other file.

    Args:
        tuner: A tuner of KerasTuner that has searched, of a hypermodel of
            `keras_aegan.tuners`. In a distributed search, the chief's.
        filepath: Path of the page; its folder is made if missing.

    Returns:
        The path, a `pathlib.Path`.

    Raises:
        ValueError: if there are no trials, they are of another search, or
            nothing can be written to `filepath`.
        ImportError: if Jinja2 or scikit-learn is missing.

    Example:

    >>> import tempfile
    >>> import keras_tuner
    >>> from keras_aegan.models import Autoencoder
    >>> from keras_aegan.tuners import HyperAdversarial
    >>> folder = tempfile.mkdtemp()
    >>> tuner = keras_tuner.RandomSearch(
    ...     HyperAdversarial(Autoencoder, (6,), space={"width": 4}),
    ...     objective=keras_tuner.Objective("reconstruction", "min"),
    ...     max_trials=1,
    ...     directory=folder,
    ... )
    >>> tuner.search(np.zeros((32, 6), "float32"), verbose=0)
    >>> report(tuner, folder + "/search.html").name
    'search.html'
    """
    files.make_writable("filepath", filepath, "file")
    trials = getattr(tuner.oracle, "trials", None)
    if not trials:
        raise ValueError(
            "`report` needs a tuner with trials: search first, and in a "
            "distributed search let the chief report. "
            f"Received: {len(trials or ())} trials of {tuner!r}"
        )
    check_results(tuner)
    order = tuner.oracle.end_order
    trials = sorted(
        trials.values(),
        key=lambda t: order.index(t.trial_id) if t.trial_id in order else 1e9,
    )
    pages.check_requirement()
    data = _data(tuner, trials)
    title = f"Search {tuner.project_name}"
    path = pathlib.Path(filepath)
    page = pages.page(title, data, __package__, ["page.js"])
    files.write_atomically(path, page.encode())
    return path


def _data(tuner, trials):
    objective = tuner.oracle.objective
    rows = [_values(trial) for trial in trials]
    names = list(dict.fromkeys(name for row in rows for name in row))
    varied = [n for n in names if len({str(row.get(n)) for row in rows}) > 1]
    done = [
        (row, trial)
        for row, trial in zip(rows, trials)
        if trial.status == "COMPLETED" and is_number(trial.score)
    ]
    shares = importance(
        [{n: row.get(n) for n in varied} for row, _ in done],
        [trial.score for _, trial in done],
    )
    best = sorted(
        (trial for _, trial in done),
        key=lambda trial: trial.score,
        reverse=objective.direction == "max",
    )
    return {
        "objective": objective.name,
        "direction": objective.direction,
        "names": varied,
        "fixed": {n: rows[0].get(n) for n in names if n not in varied},
        "trials": [
            _row(tuner, trial, row, varied) for row, trial in zip(rows, trials)
        ],
        "importance": list(shares.items()),
        "samples": [_samples(tuner, trial) for trial in best[:_BEST]],
    }


def _values(trial):
    """A trial's hyperparameters, without those that only tuners need."""
    return {
        name.split(UP_TO)[0]: _plain(value)
        for name, value in trial.hyperparameters.values.items()
        if not name.startswith("tuner/") and name != "searched"
    }


def _plain(value):
    """A value that JSON can hold: what is not finite becomes a word."""
    if is_number(value):
        is_whole = isinstance(value, numbers.Integral)
        return int(value) if is_whole else float(value)
    if value is None or isinstance(value, (bool, str)):
        return value
    return str(value)


def _row(tuner, trial, values, names):
    score = trial.score
    return {
        "id": trial.trial_id,
        "status": trial.status.lower(),
        "score": float(score) if is_number(score) else None,
        "reason": reason_of(tuner, trial),
        "values": [values.get(name) for name in names],
    }


def _samples(tuner, trial):
    found = {"id": trial.trial_id, "score": float(trial.score)}
    try:
        model = load_model(tuner, trial)
        found["parameters"] = model.count_params()
        is_image = len(model.sample_shape) == 3
        samples = model.generate(
            _ROWS * _COLUMNS if is_image else _LINES, seed=0
        )
    except (ValueError, RuntimeError) as error:
        # The weights are lost, or the model has no generator or takes labels.
        return {**found, "reason": str(error)}
    return {**found, "picture": picture(samples)}


def picture(samples):
    """An HTML element that shows samples: tiles of images, or lines.

    Args:
        samples: Array `(samples, ...)` with 1 to 3 axes after the first.
    """
    if np.ndim(samples) == 4:
        return drawing.tiles(samples, gap=0, height=_HEIGHT, columns=_COLUMNS)
    return drawing.lines(samples, is_overlaid=True)

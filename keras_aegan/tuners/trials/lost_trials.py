"""Trials whose files were lost, in the folder of a search.

KerasTuner reads no search of which one trial's file is broken, and gives the
number of a trial that is missing to another.
"""

import json
import pathlib
import warnings

from keras_aegan.tuners.requirement import keras_tuner


def replace_lost_trials(project_dir: str):
    """Put failed trials in the place of those that cannot be read.

    A file that is broken stays beside the new one, as `trial.json.broken`.

    Args:
        project_dir: Path of the folder of a tuner.
    """
    folder = pathlib.Path(project_dir)
    for trial_id in _started(folder):
        path = folder / f"trial_{trial_id}" / "trial.json"
        try:
            keras_tuner.engine.trial.Trial.load(str(path))
        except Exception as error:
            # Whatever is wrong with a file, the other trials are worth more.
            reason = f"its file {path.name} cannot be read ({error})"
            _replace(path, trial_id, reason)


def _started(folder):
    """The numbers of all trials, from the oracle's file."""
    try:
        state = json.loads((folder / "oracle.json").read_bytes())
        return list(state["start_order"])
    except (OSError, ValueError, KeyError, TypeError):
        # KerasTuner says so.
        return []


def _replace(path, trial_id, reason):
    warnings.warn(
        f"Trial {trial_id} counts as failed: {reason}. If you have a copy of "
        f"{str(path)!r}, put it back and create the tuner again.",
        stacklevel=6,
    )
    path.parent.mkdir(exist_ok=True)
    if path.exists():
        path.replace(path.with_name(f"{path.name}.broken"))
    trial = keras_tuner.engine.trial.Trial(
        keras_tuner.HyperParameters(), trial_id, status="FAILED"
    )
    trial.message = f"Lost: {reason}."
    trial.save(str(path))

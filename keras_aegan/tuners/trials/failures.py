"""Why trials failed."""

import pathlib
import re

from keras_aegan import files
from keras_aegan.tuners.trials.workers import is_distributed

_FILE = "failure.txt"


def write_failure(tuner_callback, reason: str):
    """Write the reason of a failure into the trial's folder.

    KerasTuner's workers do not send it to the chief.

    Args:
        tuner_callback: KerasTuner's callback with the tuner and the trial, or
            `None`.
        reason: String.
    """
    if tuner_callback is not None and is_distributed():
        tuner, trial = tuner_callback.tuner, tuner_callback.trial
        folder = pathlib.Path(tuner.get_trial_dir(trial.trial_id))
        files.write_atomically(folder / _FILE, reason.encode())


def reason_of(tuner, trial) -> str:
    """Why a trial failed, in one line; empty for one that did not.

    Args:
        tuner: Tuner of KerasTuner.
        trial: One of its trials.
    """
    if trial.status == "COMPLETED":
        return ""
    try:
        path = pathlib.Path(tuner.get_trial_dir(trial.trial_id)) / _FILE
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        # Of a search in one process KerasTuner has the message.
        return _error(str(trial.message or ""))


def _error(message):
    """The first line of what was raised, from a message with a traceback."""
    head = "Traceback (most recent call last):"
    lines = message.rpartition(head)[2].strip("\n").splitlines()
    found = [line for line in lines if line and not line.startswith(" ")]
    if not found:
        return ""
    line = found[0] if head in message else lines[-1]
    return re.sub(r"^keras_tuner\.\S+: ", "", line)


def check_completed(tuner):
    """Raise if no trial of a search has a score, with the first reason.

    Args:
        tuner: Tuner of KerasTuner, no worker of several.

    Raises:
        RuntimeError: if trials failed, and none completed.
        ValueError: if no trial has ended.
    """
    trials = tuner.oracle.trials
    if any(trial.status == "COMPLETED" for trial in trials.values()):
        return
    failed = [t for t in trials.values() if t.status in ("FAILED", "INVALID")]
    if not failed:
        raise ValueError(
            "The search has no results: call `search` first. "
            f"Received: {len(trials)} trials, of which none has ended"
        )
    first = min(failed, key=lambda trial: trial.trial_id)
    reason = reason_of(tuner, first).strip().rstrip(".") or "no reason is known"
    raise RuntimeError(
        f"All {len(failed)} trials of the search failed, the first of them "
        f"with: {reason}. (`tuner.oracle.trials[{first.trial_id!r}].message` "
        "has its traceback. Remove the cause, and search again with "
        "`overwrite=True`.)"
    )

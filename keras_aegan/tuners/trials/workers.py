"""A search in several processes, some of which may die."""

import os
import pathlib
import threading
import time

from keras_aegan import files

_BEAT = 1.0
FAILURE = "failure.txt"


def is_distributed():
    """Whether this process is one of several that search together."""
    return "KERASTUNER_ORACLE_IP" in os.environ


def _is_chief():
    return is_distributed() and "chief" in os.environ.get(
        "KERASTUNER_TUNER_ID", ""
    )


def write_failure(caller, reason):
    """Leave the reason of a failure beside the trial.

    KerasTuner's workers do not send it to the chief.

    Args:
        caller: KerasTuner's callback with the tuner and the trial, or `None`.
        reason: String.
    """
    if caller is not None and is_distributed():
        folder = pathlib.Path(caller.tuner.get_trial_dir(caller.trial.trial_id))
        files.write_atomically(folder / FAILURE, reason.encode())


def watch_workers(tuner, lost_after=60.0):
    """Let a search in several processes end although a worker died.

    KerasTuner's chief waits for each trial that it gave out, forever if its
    worker is gone. Called before `tuner.search` in the program that all of
    them run, this makes workers leave a sign of life in the tuner's folder
    every second, and the chief fail a trial whose worker leaves none, while
    the others go on. With the tuner's `max_retries_per_trial` above 0, another
    worker takes the trial over. It does nothing in a search without chief.

    Args:
        tuner: Any tuner of KerasTuner.
        lost_after: Positive float, the seconds without a sign of life after
            which a worker is lost.

    Raises:
        ValueError: if `lost_after` is not positive.

    Example:

    >>> import tempfile
    >>> import keras_tuner
    >>> from keras_aegan.tuners import HyperAEGAN
    >>> tuner = keras_tuner.RandomSearch(
    ...     HyperAEGAN((6,), space={"width": 4}),
    ...     objective=keras_tuner.Objective("reconstruction", "min"),
    ...     directory=tempfile.mkdtemp(),
    ... )
    >>> watch_workers(tuner, lost_after=120.0)
    """
    if not lost_after > 0:
        raise ValueError(
            f"`lost_after` must be positive. Received: lost_after={lost_after}"
        )
    if not is_distributed():
        return
    kind = _Watch(tuner, lost_after) if _is_chief() else _Pulse(tuner)
    threading.Thread(target=kind.run, daemon=True).start()


def _sign_of_life(tuner, tuner_id):
    return pathlib.Path(tuner.project_dir) / f"alive_{tuner_id}"


class _Pulse:
    """A worker's signs of life, as long as its process lives."""

    def __init__(self, tuner):
        self.path = _sign_of_life(tuner, tuner.tuner_id)

    def run(self):
        while True:
            self.path.write_text(str(time.time()))
            time.sleep(_BEAT)


class _Watch:
    """Looks at the workers of a chief again and again."""

    def __init__(self, tuner, lost_after):
        self.tuner = tuner
        self.oracle = tuner.oracle
        self.lost_after = lost_after
        self._seen = {}

    def run(self):
        while True:
            time.sleep(min(_BEAT, self.lost_after / 4))
            self.look()

    def look(self):
        """Give up every worker that has been silent for too long."""
        ongoing = dict(self.oracle.ongoing_trials)
        for tuner_id in {*self.oracle.tuner_ids, *ongoing}:
            if self._is_silent(tuner_id):
                self.oracle.tuner_ids.discard(tuner_id)
                if tuner_id in ongoing:
                    self._give_up(tuner_id, ongoing[tuner_id])

    def _is_silent(self, tuner_id):
        """Whether a worker's sign has not changed for too long.

        Times are this machine's; the worker's clock may be another.
        """
        path = _sign_of_life(self.tuner, tuner_id)
        sign = path.read_text() if path.exists() else "none"
        last, since = self._seen.get(tuner_id, (None, None))
        if last != sign:
            self._seen[tuner_id] = sign, time.monotonic()
            return False
        return time.monotonic() - since > self.lost_after

    def _give_up(self, tuner_id, trial):
        trial.status = "INVALID"
        trial.message = (
            f"Lost: the worker {tuner_id!r} has shown no sign of life for "
            f"{self.lost_after:g} s."
        )
        limit = self.oracle.max_consecutive_failed_trials
        # A lost worker says nothing of the space, and an error raised here
        # would leave the chief locked.
        self.oracle.max_consecutive_failed_trials = float("inf")
        self.oracle.end_trial(trial)
        self.oracle.max_consecutive_failed_trials = limit

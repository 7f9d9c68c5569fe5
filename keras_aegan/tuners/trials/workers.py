"""A search in several processes, some of which may die."""

import contextlib
import os
import pathlib
import re
import threading
import time
import warnings

from keras_aegan import validation
from keras_aegan.tuners.requirement import keras_tuner

_INTERVAL = 1.0  # Seconds between two heartbeats.


def is_distributed() -> bool:
    """Whether this process is one of several that search together."""
    return "KERASTUNER_ORACLE_IP" in os.environ


def is_worker() -> bool:
    """Whether this process trains for a chief, who has the trials."""
    return is_distributed() and not _is_chief()


def _is_chief():
    return "chief" in os.environ.get("KERASTUNER_TUNER_ID", "")


def watch_workers(tuner: keras_tuner.Tuner, lost_after: float = 60.0) -> None:
    """Let a search in several processes end although a worker died.

    KerasTuner's chief waits for each trial that it handed out, forever if the
    worker is gone. Called before `tuner.search` in the program that all of them
    run, this makes each worker write a heartbeat into the tuner's folder every
    second. The chief fails a trial whose worker's heartbeat stops, while the
    other workers go on. If the tuner's `max_retries_per_trial` is above 0,
    another worker takes the trial over. In a search without chief it does
    nothing.

    Args:
        tuner: Any tuner of KerasTuner.
        lost_after: Positive float, the seconds without a heartbeat after which
            a worker is lost.

    Raises:
        ValueError: if `lost_after` is not positive, or the worker's
            `KERASTUNER_TUNER_ID` is no name of a file.

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
    validation.check_number("lost_after", lost_after, 0, open_ends="lower")
    if not is_distributed():
        return
    if is_worker():
        check_tuner_id(tuner.tuner_id)
        thread = Heartbeat(tuner)
    else:
        thread = Watch(tuner, lost_after)
    threading.Thread(target=thread.run, daemon=True).start()


def check_tuner_id(tuner_id: str):
    """Raise if a worker's name leads out of the folder with the heartbeats.

    Raises:
        ValueError: if it does.
    """
    is_name = tuner_id.strip(". ") and not re.search(r"[/\\\0]", tuner_id)
    if not is_name:
        raise ValueError(
            "`KERASTUNER_TUNER_ID` must be the name of a file, without "
            f"folders. Received: {tuner_id!r}"
        )


def _heartbeat_path(tuner, tuner_id):
    return pathlib.Path(tuner.project_dir) / f"heartbeat_{tuner_id}"


class Heartbeat:
    """Writes a worker's heartbeats, as long as its process lives.

    A heartbeat is the time at which a file was changed, which takes no room on
    a disk that is full.
    """

    def __init__(self, tuner):
        self.path = _heartbeat_path(tuner, tuner.tuner_id)

    def run(self):
        while True:
            self.beat()
            time.sleep(_INTERVAL)

    def beat(self):
        """Change the file, if that is possible now."""
        with contextlib.suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch()


class Watch:
    """Checks the heartbeats of a chief's workers, and drops lost workers."""

    def __init__(self, tuner, lost_after):
        self.tuner = tuner
        self.oracle = tuner.oracle
        self.lost_after = lost_after
        self._seen = {}

    def run(self):
        while True:
            time.sleep(min(_INTERVAL, self.lost_after / 4))
            try:
                self.check()
            except Exception as error:
                # Without this thread the chief would wait forever.
                warnings.warn(
                    "The workers of the search could not be checked, which is "
                    f"tried again: {type(error).__name__}: {error}",
                    stacklevel=1,
                )

    def check(self):
        """Drop every worker whose heartbeat stopped too long ago."""
        ongoing = dict(self.oracle.ongoing_trials)
        for tuner_id in {*self.oracle.tuner_ids, *ongoing}:
            if self._is_lost(tuner_id):
                self.oracle.tuner_ids.discard(tuner_id)
                if tuner_id in ongoing:
                    self._fail(tuner_id, ongoing[tuner_id])

    def _is_lost(self, tuner_id):
        """Whether a worker's heartbeat has not changed for too long.

        The clock is this machine's, since the worker's may differ from it.
        """
        heartbeat = self._heartbeat_of(tuner_id)
        last, since = self._seen.get(tuner_id, (None, None))
        if last != heartbeat:
            self._seen[tuner_id] = heartbeat, time.monotonic()
            return False
        return time.monotonic() - since > self.lost_after

    def _heartbeat_of(self, tuner_id):
        """When a worker's file was changed, or `"none"`."""
        try:
            check_tuner_id(tuner_id)
            # Network file systems tell the time of an open file, not an old
            # one that they remember.
            file = os.open(_heartbeat_path(self.tuner, tuner_id), os.O_RDONLY)
        except (OSError, ValueError):
            return "none"
        try:
            return os.fstat(file).st_mtime_ns
        finally:
            os.close(file)

    def _fail(self, tuner_id, trial):
        trial.status = "INVALID"
        trial.message = (
            f"Lost: the worker {tuner_id!r} has written no heartbeat for "
            f"{self.lost_after:g} s."
        )
        limit = self.oracle.max_consecutive_failed_trials
        # A lost worker does not mean that the space is bad, and an error that
        # `end_trial` raises here would leave the oracle locked.
        self.oracle.max_consecutive_failed_trials = float("inf")
        try:
            self.oracle.end_trial(trial)
        finally:
            self.oracle.max_consecutive_failed_trials = limit

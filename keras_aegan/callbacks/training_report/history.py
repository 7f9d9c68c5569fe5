"""The history of a training: all epochs, over all calls of `fit`."""

import math

from keras_aegan.validation import is_integer

_VERSION = 2  # Of the data: other pages are set aside.
_NUMBER = int, float
_LOGGED = int, float, str, type(None)
_HISTORY = {
    "version": int,
    "facts": dict,
    "logs": dict,
    **dict.fromkeys(("epochs", "steps", "frames", "findings", "runs"), list),
}
_RUN = {"started": _NUMBER, "state": str} | dict.fromkeys(
    ("first", "planned", "done"), int
)
_TRAINING = ("model", "shape", "parts")  # The same training has the same.


class History:
    """Epochs, their logs, frames and findings, and the runs they came from.

    An epoch has the number of steps that the optimizer had done at its end.
    This says which epochs of a page to keep, whether `fit` was called again or
    an interrupted run continues from a backup.

    Args:
        facts: Dict from `facts.facts`.
        data: Data of an earlier page, or `None`.
    """

    def __init__(self, facts, data=None):
        self.facts = facts
        data = data or {}
        self.epochs = list(data.get("epochs", []))
        self.steps = list(data.get("steps", []))
        self.logs = dict(data.get("logs", {}))
        self.frames = list(data.get("frames", []))
        self.findings = list(data.get("findings", []))
        self.runs = list(data.get("runs", []))

    @classmethod
    def continued(cls, facts, data, steps):
        """The history up to `steps` steps; an empty one if there is none.

        Args:
            facts: Dict from `facts.facts`.
            data: Data of an earlier page, or `None`.
            steps: Integer, how many steps the optimizer has done.
        """
        same = _is_history(data) and all(
            data["facts"].get(key) == facts[key] for key in _TRAINING
        )
        if not same or steps == 0:
            return cls(facts)
        history = cls(facts, data)
        # After each call of `compile` an optimizer counts from 0, so that
        # steps may fall: the last epoch that fits is the right one.
        kept = len(history.steps)
        while kept and history.steps[kept - 1] > steps:
            kept -= 1
        return history._cut(kept) if kept else cls(facts)

    def _cut(self, count):
        """Without the epochs that will be repeated."""
        self.epochs, self.steps = self.epochs[:count], self.steps[:count]
        self.logs = {k: values[:count] for k, values in self.logs.items()}
        last = self.last
        self.frames = [f for f in self.frames if f["epoch"] <= last]
        self.findings = [f for f in self.findings if f["epoch"] <= last]
        for run in self.runs:
            run["done"] = min(run["done"], max(0, last - run["first"] + 1))
        return self

    @property
    def last(self):
        """Number of the last epoch, 0 if there is none."""
        return self.epochs[-1] if self.epochs else 0

    def begin(self, now, first, planned):
        """A call of `fit` begins: when, with which epoch, up to which one."""
        for run in self.runs:
            if run["state"] == "running":
                run["state"] = "interrupted"
        self.runs.append(
            {
                "started": now,
                "first": first,
                "planned": planned,
                "done": 0,
                "state": "running",
            }
        )

    def add(self, epoch, steps, logs):
        """An epoch has ended."""
        for name in [name for name in logs if name not in self.logs]:
            self.logs[name] = [None] * len(self.epochs)
        self.epochs.append(epoch)
        self.steps.append(steps)
        for name, values in self.logs.items():
            values.append(_plain(logs.get(name)))
        self.runs[-1]["done"] += 1

    def end(self):
        """The call of `fit` has returned."""
        run = self.runs[-1]
        early = run["first"] + run["done"] <= run["planned"]
        run["state"] = "stopped" if early else "ended"

    def data(self):
        """The history as a page has it, a dict for JSON."""
        return {
            "version": _VERSION,
            "facts": self.facts,
            "epochs": self.epochs,
            "steps": self.steps,
            "logs": self.logs,
            "frames": self.frames,
            "findings": self.findings,
            "runs": self.runs,
        }


def _is_history(data):
    """Whether data are such as `History.data` gives.

    A page may be of another version, or changed by hand.
    """
    if not _has(data, **_HISTORY) or data["version"] != _VERSION:
        return False
    epochs, steps, logs = data["epochs"], data["steps"], data["logs"].values()
    return (
        all(isinstance(each, list) for each in logs)
        and all(len(each) == len(epochs) for each in (steps, *logs))
        and all(map(is_integer, (*epochs, *steps)))
        and epochs == sorted(set(epochs))
        and all(isinstance(v, _LOGGED) for each in logs for v in each)
        and all(map(_is_frame, data["frames"]))
        and all(_has(each, epoch=int) for each in data["findings"])
        and all(_has(each, **_RUN) for each in data["runs"])
    )


def _is_frame(frame):
    if not _has(frame, epoch=int):
        return False
    pictures = [frame.get(name, "") for name in ("samples", "reconstructions")]
    places = frame.get("map", {"data": [], "prior": [], "share": 0.0})
    return (
        all(isinstance(picture, str) for picture in pictures)
        and _has(places, data=list, prior=list, share=_NUMBER)
        and all(map(_is_pair, (*places["data"], *places["prior"])))
    )


def _is_pair(place):
    is_pair = isinstance(place, list) and len(place) == 2
    return is_pair and all(isinstance(each, _NUMBER) for each in place)


def _has(record, **kinds):
    """Whether a value is a dict with values of these kinds."""
    return isinstance(record, dict) and all(
        isinstance(record.get(name), kind) for name, kind in kinds.items()
    )


def _plain(value):
    """A number for JSON, or text: NaN, infinity, and what is no number."""
    if value is None:
        return None
    try:
        value = float(value)
    except (TypeError, ValueError):
        return str(value)
    return float(f"{value:.6g}") if math.isfinite(value) else str(value)

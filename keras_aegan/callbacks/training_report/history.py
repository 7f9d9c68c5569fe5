"""The history of a training: all epochs, over all calls of `fit`."""

import math

_VERSION = 2  # Of the data: other pages are set aside.
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
        same = (data or {}).get("version") == _VERSION and all(
            data.get("facts", {}).get(key) == facts[key] for key in _TRAINING
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


def _plain(value):
    """A number for JSON, where NaN and infinity are strings."""
    if value is None:
        return None
    value = float(value)
    return float(f"{value:.6g}") if math.isfinite(value) else str(value)

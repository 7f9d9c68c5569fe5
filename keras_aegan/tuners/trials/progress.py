"""One line about where a search is."""

import math

from keras_aegan.tuners.trials.workers import is_distributed


def line(caller, model, past):
    """What is tried, what is best so far, and how long it may take.

    Args:
        caller: KerasTuner's callback with the tuner and the trial.
        model: The trial's model.
        past: List of pairs of seconds and epochs of the runs before.

    Returns:
        String.
    """
    parts = [
        _count(caller),
        f"{type(model).__name__} of {model.count_params():,} parameters",
    ]
    if not is_distributed():
        parts += [_best(caller.tuner.oracle), _left(caller, past)]
    return " | ".join(part for part in parts if part)


def _count(caller):
    oracle = caller.tuner.oracle
    most = oracle.max_trials
    number = f"Trial {caller.trial.trial_id}"
    if is_distributed():
        return number
    total = f" of {most}" if most else ""
    return f"{number} (number {len(oracle.trials)}{total})"


def _best(oracle):
    done = [t for t in oracle.trials.values() if t.status == "COMPLETED"]
    if not done:
        return "best so far: none yet"
    sign = -1 if oracle.objective.direction == "max" else 1
    best = min(done, key=lambda trial: sign * trial.score)
    return (
        f"best so far: {oracle.objective.name} {best.score:.5g} "
        f"in trial {best.trial_id}"
    )


def _left(caller, past):
    """The time left, from the time of the runs before."""
    seconds, epochs = (sum(column) for column in zip(*past)) if past else (0, 0)
    oracle = caller.tuner.oracle
    if not epochs:
        return None
    if oracle.max_trials:
        left = oracle.max_trials - len(oracle.trials) + 1
        return _duration(left * seconds / len(past))
    if hasattr(oracle, "hyperband_iterations"):
        brackets = 1 + math.log(oracle.max_epochs, oracle.factor)
        total = oracle.hyperband_iterations * oracle.max_epochs * brackets**2
        return _duration(max(0, total - epochs) * seconds / epochs)
    return None


def _duration(seconds):
    if not math.isfinite(seconds):
        return None
    if seconds < 90:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / 60)} min left"

"""One line about the progress of a search."""

import math

from keras_aegan.tuners.trials.workers import is_distributed


def line(tuner_callback, model, past: list[tuple[float, int]]) -> str:
    """The trial that starts, the best one so far, and the time left.

    Args:
        tuner_callback: KerasTuner's callback with the tuner and the trial.
        model: The trial's model.
        past: List of pairs of seconds and epochs of the runs before.

    Returns:
        String.
    """
    parts = [
        _count(tuner_callback),
        f"{type(model).__name__} of {model.count_params():,} parameters",
    ]
    if not is_distributed():
        parts += [
            _best(tuner_callback.tuner.oracle),
            _left(tuner_callback, past),
        ]
    return " | ".join(part for part in parts if part)


def _count(tuner_callback):
    oracle = tuner_callback.tuner.oracle
    most = oracle.max_trials
    number = f"Trial {tuner_callback.trial.trial_id}"
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


def _left(tuner_callback, past):
    """The time left, estimated from the runs so far."""
    seconds, epochs = (sum(column) for column in zip(*past)) if past else (0, 0)
    oracle = tuner_callback.tuner.oracle
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

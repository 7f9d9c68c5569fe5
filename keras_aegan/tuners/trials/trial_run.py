"""Training one drawn model: what is checked, kept and reported."""

import math
import time
import warnings

import keras
import numpy as np

from keras_aegan.engine import data_checks
from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.trials import objectives
from keras_aegan.tuners.trials import progress
from keras_aegan.tuners.trials.workers import write_failure

# How JAX, TensorFlow, PyTorch and its allocator on CPUs say it.
_MEMORY = (
    "out of memory",
    "resource_exhausted",
    "resourceexhausted",
    "can't allocate memory",
)
_SAMPLES = 64


class TrialRun:
    """One call of `HyperAdversarial.fit`.

    Args:
        model: Drawn and compiled model.
        collapse: Float, see `HyperAdversarial`.
        past: List of pairs of seconds and epochs of the runs so far, to which
            this one is added.
    """

    def __init__(self, model, collapse, past):
        self.model = model
        self.collapse = collapse
        self.past = past

    def fit(self, *args, **kwargs):
        """Train, and return the history of epochs with the objective."""
        self._check_data(args, kwargs)
        callbacks = list(kwargs.pop("callbacks", None) or [])
        caller = _from_tuner(callbacks, "tuner")
        saver = _from_tuner(callbacks, "objective")
        others = [c for c in callbacks if c not in (caller, saver)]
        if saver:
            objectives.check(self.model, saver.objective, others, kwargs)
        if caller:
            done = _finished_before(caller.trial)
            if done:
                return done
            if kwargs.get("verbose", "auto"):
                print(progress.line(caller, self.model, self.past))
        kept = _Epochs(saver)
        callbacks = [c for c in callbacks if c is not saver]
        kwargs["callbacks"] = [_Finite(), *callbacks, kept]
        start = time.monotonic()
        try:
            history = self._train(args, kwargs)
            self._check_collapse(args, kwargs)
        except Exception as error:
            write_failure(caller, f"{error}" or type(error).__name__)
            raise
        self.past.append((time.monotonic() - start, len(history.epoch)))
        return kept.history(history)

    def _check_data(self, args, kwargs):
        x = kwargs.get("x", args[0] if args else None)
        try:
            with warnings.catch_warnings():
                # `fit` warns again.
                warnings.simplefilter("ignore")
                data_checks.samples(self.model, x)
        except ValueError as error:
            raise keras_tuner.errors.FatalValueError(str(error)) from error

    def _train(self, args, kwargs):
        try:
            return self.model.fit(*args, **kwargs)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            short_of_memory = isinstance(error, MemoryError) or any(
                word in text.lower() for word in _MEMORY
            )
            if not short_of_memory:
                raise
            raise keras_tuner.errors.FailedTrialError(
                f"Out of memory with {self.model.count_params()} parameters "
                f"and batch_size={kwargs.get('batch_size')}: {text}"
            ) from error

    def _check_collapse(self, args, kwargs):
        """Fail if the samples of the trained model are all the same."""
        x = kwargs.get("x", args[0] if args else None)
        needed = hasattr(self.model, "prior") and hasattr(x, "shape")
        if not needed or not self.collapse:
            return
        try:
            made = self.model.generate(_SAMPLES, seed=0)
        except ValueError:
            # It cannot, or wants labels.
            return
        if not np.isfinite(made).all():
            raise keras_tuner.errors.FailedTrialError(
                "Diverged: the model's samples are not finite."
            )
        real = keras.ops.convert_to_numpy(x[: 16 * _SAMPLES])
        share = _spread(made) / max(_spread(real), 1e-30)
        if share < self.collapse:
            raise keras_tuner.errors.FailedTrialError(
                f"Collapsed: samples differ from one another {share:.2g} times "
                f"as much as real ones, less than {self.collapse:g}."
            )


def _spread(x):
    return float(np.sqrt(np.mean(np.var(np.asarray(x, "float64"), axis=0))))


def _from_tuner(callbacks, attribute):
    """The callback that a tuner adds and that has the attribute, or `None`."""
    for callback in callbacks:
        module = type(callback).__module__
        if module.startswith("keras_tuner") and hasattr(callback, attribute):
            return callback
    return None


def _finished_before(trial):
    """The metrics of a trial that a search ended just before it was killed.

    The tuner takes it for one that was interrupted, and would run it again.
    """
    if trial.score is None or not math.isfinite(trial.score):
        return None
    return {
        name: float(trial.metrics.get_best_value(name))
        for name in trial.metrics.metrics
    }


def _numbers(logs):
    """The logs that are numbers, as Python's own, which files can hold."""
    return {
        name: float(value)
        for name, value in (logs or {}).items()
        if np.ndim(value) == 0 and not isinstance(value, (str, type(None)))
    }


class _Finite(keras.callbacks.Callback):
    """Fails a trial as soon as an epoch's mean is no longer finite."""

    def on_epoch_end(self, epoch, logs=None):
        for name, value in _numbers(logs).items():
            if not math.isfinite(value):
                raise keras_tuner.errors.FailedTrialError(
                    f"Diverged: {name} is {value} after epoch {epoch + 1}."
                )


class _Epochs(keras.callbacks.Callback):
    """Keeps the epochs that have the objective, and saves the best of them.

    KerasTuner's own callback takes an epoch without the objective for the
    best one.

    Args:
        saver: KerasTuner's callback, or `None`.
    """

    def __init__(self, saver):
        super().__init__()
        self.saver = saver
        self.rows = []

    def set_model(self, model):
        super().set_model(model)
        if self.saver:
            self.saver.set_model(model)

    def on_epoch_end(self, epoch, logs=None):
        logs = _numbers(logs)
        if self.saver is None:
            return
        if not self.saver.objective.has_value(logs):
            return
        value = self.saver.objective.get_value(logs)
        if not math.isfinite(value):
            raise keras_tuner.errors.FailedTrialError(
                f"Diverged: the objective is {value} after epoch {epoch + 1}."
            )
        self.rows.append((epoch, logs))
        self.saver.on_epoch_end(epoch, logs)

    def history(self, history):
        """The history of the kept epochs, or all of it without objective."""
        if self.saver is None:
            return history
        if not self.rows:
            raise objectives.missing(
                self.saver.objective, list(history.history)
            )
        names = set.intersection(*(set(logs) for _, logs in self.rows))
        history.epoch = [epoch for epoch, _ in self.rows]
        history.history = {
            name: [logs[name] for _, logs in self.rows]
            for name in self.rows[0][1]
            if name in names
        }
        return history

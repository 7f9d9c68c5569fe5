"""Training one sampled model: what is checked, kept and reported."""

import math
import time

import keras
import numpy as np

from keras_aegan.tuners.requirement import keras_tuner
from keras_aegan.tuners.trials import fit_arguments
from keras_aegan.tuners.trials import objectives
from keras_aegan.tuners.trials import progress
from keras_aegan.tuners.trials.failures import write_failure

# Messages of JAX, TensorFlow, PyTorch and PyTorch's allocator on CPUs.
_OUT_OF_MEMORY = (
    "out of memory",
    "resource_exhausted",
    "resourceexhausted",
    "can't allocate memory",
)
_NUM_SAMPLES = 64  # To tell whether the samples are all the same.


class TrialRun:
    """One call of `HyperAdversarial.fit`.

    Args:
        model: Sampled and compiled model.
        collapse: Float, see `HyperAdversarial`.
        is_objective_computed: Boolean, whether the objective may be no log of
            this run, but computed after it by a `fit` of the user's.
        past: List of pairs of seconds and epochs of the runs so far. This run
            is appended.
    """

    def __init__(self, model, collapse, is_objective_computed, past):
        self.model = model
        self.collapse = collapse
        self.is_objective_computed = is_objective_computed
        self.past = past

    def fit(self, *args, **kwargs):
        """Train; the history of the epochs whose logs have the objective."""
        self._check_arguments(args, kwargs)
        callbacks = list(kwargs.pop("callbacks", None) or [])
        tuner_callback = _from_tuner(callbacks, "tuner")
        saver = _from_tuner(callbacks, "objective")
        others = [c for c in callbacks if c not in (tuner_callback, saver)]
        if saver and not self.is_objective_computed:
            objectives.check(self.model, saver.objective, others, kwargs)
        if tuner_callback:
            done = _finished_before(tuner_callback.trial)
            # A `fit` of the user's reads the history.
            if done and not self.is_objective_computed:
                return done
            if kwargs.get("verbose", "auto"):
                print(progress.line(tuner_callback, self.model, self.past))
        kept = _Epochs(saver, self.is_objective_computed)
        callbacks = [c for c in callbacks if c is not saver]
        kwargs["callbacks"] = [_Finite(), *callbacks, kept]
        start = time.monotonic()
        try:
            history = self._train(args, kwargs)
            self._check_collapse(args, kwargs)
        except Exception as error:
            write_failure(tuner_callback, f"{error}" or type(error).__name__)
            raise
        self.past.append((time.monotonic() - start, len(history.epoch)))
        return kept.history(history)

    def _check_arguments(self, args, kwargs):
        try:
            fit_arguments.check(self.model, args, kwargs)
        except ValueError as error:
            raise keras_tuner.errors.FatalValueError(str(error)) from error

    def _train(self, args, kwargs):
        try:
            return self.model.fit(*args, **kwargs)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            is_out_of_memory = isinstance(error, MemoryError) or any(
                word in text.lower() for word in _OUT_OF_MEMORY
            )
            if not is_out_of_memory:
                raise
            raise keras_tuner.errors.FailedTrialError(
                f"Out of memory with {self.model.count_params()} parameters "
                f"and batch_size={kwargs.get('batch_size')}: {text}"
            ) from error

    def _check_collapse(self, args, kwargs):
        """Fail if the samples of the trained model are all the same."""
        x = kwargs.get("x", args[0] if args else None)
        can_check = hasattr(self.model, "prior") and hasattr(x, "shape")
        if not can_check or not self.collapse:
            return
        try:
            samples = self.model.generate(_NUM_SAMPLES, seed=0)
        except ValueError:
            # The model cannot generate, or needs labels.
            return
        if not np.isfinite(samples).all():
            raise keras_tuner.errors.FailedTrialError(
                "Diverged: the model's samples are not finite."
            )
        real = keras.ops.convert_to_numpy(x[: 16 * _NUM_SAMPLES])
        share = _deviation(samples) / max(_deviation(real), 1e-30)
        if share < self.collapse:
            raise keras_tuner.errors.FailedTrialError(
                "Collapsed: the standard deviation of samples is "
                f"{share:.2g} times that of real ones, less than "
                f"{self.collapse:g}."
            )


def _deviation(x):
    """The standard deviation over samples, its squares averaged over values."""
    return float(np.sqrt(np.mean(np.var(np.asarray(x, "float64"), axis=0))))


def _from_tuner(callbacks, attribute):
    """The callback that a tuner adds and that has the attribute, or `None`."""
    for callback in callbacks:
        module = type(callback).__module__
        if module.startswith("keras_tuner") and hasattr(callback, attribute):
            return callback
    return None


def _finished_before(trial):
    """The metrics of a trial that ended just before its search was killed.

    The tuner has its score but not its end, so it would train it again.

    Args:
        trial: `keras_tuner` trial.

    Returns:
        Dict from the name of a metric to its best value, or `None` if the
        trial had not ended.
    """
    if trial.score is None or not math.isfinite(trial.score):
        return None
    return {
        name: float(trial.metrics.get_best_value(name))
        for name in trial.metrics.metrics
    }


def _numbers(logs):
    """The logs that are numbers, as Python floats, which JSON can hold."""
    return {
        name: float(value)
        for name, value in (logs or {}).items()
        if np.ndim(value) == 0 and not isinstance(value, (str, type(None)))
    }


class _Finite(keras.callbacks.Callback):
    """Fails a trial as soon as a mean over an epoch is no longer finite."""

    def on_epoch_end(self, epoch, logs=None):
        for name, value in _numbers(logs).items():
            if not math.isfinite(value):
                raise keras_tuner.errors.FailedTrialError(
                    f"Diverged: {name} is {value} after epoch {epoch + 1}."
                )


class _Epochs(keras.callbacks.Callback):
    """Keeps the epochs whose logs have the objective, and saves the best one.

    KerasTuner's own callback counts an epoch without the objective as the
    best one.

    Args:
        saver: KerasTuner's callback, or `None`.
        is_objective_computed: Boolean, whether the objective may be missing in
            all epochs, of which the last is then saved.
    """

    def __init__(self, saver, is_objective_computed):
        super().__init__()
        self.saver = saver
        self.is_objective_computed = is_objective_computed
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
            if self.is_objective_computed and not self.rows:
                self.saver.on_epoch_end(epoch, logs)
            return
        value = self.saver.objective.get_value(logs)
        if not math.isfinite(value):
            raise keras_tuner.errors.FailedTrialError(
                f"Diverged: the objective is {value} after epoch {epoch + 1}."
            )
        self.rows.append((epoch, logs))
        self.saver.on_epoch_end(epoch, logs)

    def history(self, history):
        """The kept epochs; all epochs if there is no objective."""
        if self.saver is None:
            return history
        if not self.rows and self.is_objective_computed:
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

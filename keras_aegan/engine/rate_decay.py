"""Learning rates that fall in the course of a `fit`, however long it is."""

import contextlib
import math

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan import validation

# The fraction of the learning rate that is left at the end.
END = 0.02


def _cosine(progress):
    return 0.5 * (1.0 + ops.cos(math.pi * progress))


def _linear(progress):
    return 1.0 - progress


SHAPES = {"cosine": _cosine, "linear": _linear, "constant": None}


class RateDecay:
    """What the learning rates of all players are multiplied by.

    `END + (1 - END) f(t / T)`, with t the steps since the beginning of the
    `fit` and T all steps of it; `f` falls from 1 to 0. Without a `fit`, in
    `train_on_batch`, it is 1.

    A learning rate itself keeps the value that `compile` or a callback gave
    it: it is multiplied while its optimizer moves only. An optimizer whose
    learning rate is a schedule has its own decay, and keeps it.

    Args:
        shape: `"cosine"`, `"linear"` or `"constant"`.

    Attributes:
        shape: As above.
        variables: List of the two variables, which are saved with the
            optimizer, so that a run that goes on from a backup decays as the
            one that was killed would have.
    """

    def __init__(self, shape: str = "constant"):
        self.shape = validation.check_in("decay", shape, SHAPES)
        self._start, self._length = self.variables = [
            keras.Variable(0, dtype="int32", trainable=False, name=name)
            for name in ("decay_start", "decay_length")
        ]

    def begin(self, start: int, length: int) -> None:
        """Let a decay begin.

        Args:
            start: Integer, the number of the step with which it begins.
            length: Integer, its number of steps; 0 for no decay.
        """
        self._start.assign(start)
        self._length.assign(length)

    @property
    def has_length(self) -> bool:
        """Whether it is known how many steps the decay takes."""
        return int(ops.convert_to_numpy(self._length)) > 0

    def factor(self, step):
        """The multiplier in a step, a scalar tensor.

        Args:
            step: Scalar, how many steps came before this one.
        """
        start, length = map(backend.read, self.variables)
        done = ops.cast(ops.cast(step, "int32") - start, "float32")
        # Without a length there is no progress.
        whole = ops.cast(ops.maximum(length, 1), "float32")
        progress = ops.where(length > 0, done / whole, 0.0)
        progress = ops.clip(progress, 0.0, 1.0)
        return END + (1.0 - END) * SHAPES[self.shape](progress)

    @contextlib.contextmanager
    def applied(self, optimizer, step):
        """A context in which an optimizer's learning rate is multiplied.

        Args:
            optimizer: `keras.optimizers.Optimizer`.
            step: Scalar, how many steps came before this one.
        """
        rate = optimizer.learning_rate
        if self.shape == "constant" or not isinstance(rate, keras.Variable):
            yield
            return
        # A product, so that PyTorch, whose variables change in place, does
        # not hand the changed value back.
        base = backend.read(rate) * 1.0
        rate.assign(base * ops.cast(self.factor(step), base.dtype))
        yield
        rate.assign(base)


class DecaySchedule(keras.callbacks.Callback):
    """Tells the decay of a model how long its `fit` is.

    It comes before all other callbacks: `BackupAndRestore` then puts back
    where a killed run stood.

    Args:
        decay: `RateDecay`.
        optimizer: `PlayerOptimizers`, which counts the steps.
        epochs: Integer, that of `fit`.
        initial_epoch: Integer, that of `fit`.
    """

    # It does not ask for its model; see `ProgressBar`.
    async_safe = True

    def __init__(self, decay, optimizer, epochs, initial_epoch):
        super().__init__()
        self._decay, self._optimizer = decay, optimizer
        self._epochs, self._initial_epoch = epochs, initial_epoch

    def on_train_begin(self, logs=None):
        self._begin(self.params.get("steps"), self._initial_epoch)

    def on_epoch_end(self, epoch, logs=None):
        # A stream's length is known only once it has been read.
        if not self._decay.has_length:
            done = self._steps_done() - self._first_step
            epochs = epoch + 1 - self._initial_epoch
            self._begin(done // epochs, epoch + 1)

    def _begin(self, steps, epochs_before):
        """Begin as if the epochs before this one had been part of it."""
        self._first_step = now = self._steps_done()
        steps = steps or 0
        start = now - epochs_before * steps
        self._decay.begin(start, self._epochs * steps)

    def _steps_done(self):
        return int(ops.convert_to_numpy(self._optimizer.iterations))

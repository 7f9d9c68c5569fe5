"""Penalties that are computed in every k-th step only."""

import itertools
import math

import keras
from keras import ops

from keras_aegan import backend


class LazyPenalties:
    """Selects the program of a step whose lazy penalties are due.

    A compiled step is a fixed program on every backend: a branch on the
    number of the step inside of it would compute the penalty's forward pass
    in every step. So a step with a penalty and one without it are two
    programs, and Python selects. For that it must know the number of the step,
    and asking the device each time would wait for the step before. So it asks
    when an epoch begins, and counts from there.

    Args:
        penalties: Dict from player to a list of penalties.
        steps_per_execution: As in `compile`.

    Raises:
        ValueError: if a penalty is lazy and there are several steps to an
            execution, between which Python cannot select.
    """

    def __init__(self, penalties, steps_per_execution):
        given = [p.interval for group in penalties.values() for p in group]
        self.intervals = tuple(sorted({*given} - {1}))
        if self.intervals and steps_per_execution != 1:
            raise ValueError(
                "A penalty with an `interval` needs `steps_per_execution=1`. "
                f"Received: steps_per_execution={steps_per_execution}"
            )
        # The intervals that end with the step that is being built or run;
        # `None` if no penalty is lazy.
        self.active_intervals = None
        self._step = None

    def select_program(self, model, make_program):
        """A function of a batch that runs the program that is due.

        Args:
            model: The compiled model.
            make_program: Function without arguments that makes what Keras
                calls for a batch, by `active_intervals`.
        """
        if not self.intervals:
            return make_program()
        programs = {}
        for due in self._combinations():
            self.active_intervals = due
            programs[due] = make_program()
        self.active_intervals = None

        def run(*args):
            step = _steps_done(model) if self._step is None else self._step
            if self._step is not None:
                self._step += 1
            # Most programs are traced now, at their first batch.
            self.active_intervals = self._due_at(step)
            try:
                return programs[self.active_intervals](*args)
            finally:
                self.active_intervals = None

        return run

    def _due_at(self, step):
        return tuple(k for k in self.intervals if step % k == 0)

    def _combinations(self):
        """All sets of intervals that may end with one step, none included."""
        return {
            self._due_at(math.lcm(*chosen))
            for count in range(len(self.intervals) + 1)
            for chosen in itertools.combinations(self.intervals, count)
        }

    def with_step_counter(self, callbacks):
        """Callbacks for `fit`, with one that sets the count if need be."""
        if not self.intervals:
            return callbacks
        if isinstance(callbacks, keras.callbacks.CallbackList):
            callbacks.append(_StepCounter(self))
            return callbacks
        return [_StepCounter(self), *keras.tree.flatten(callbacks or [])]

    def start_counting(self, model):
        """Ask for the number of the next step."""
        backend.attach_state(model)
        self._step = _steps_done(model)

    def stop_counting(self):
        """From now on somebody else may run a step."""
        self._step = None


class _StepCounter(keras.callbacks.Callback):
    """Starts the count after whatever a backup has restored."""

    def __init__(self, lazy):
        super().__init__()
        self._lazy = lazy

    def on_epoch_begin(self, epoch, logs=None):
        self._lazy.start_counting(self.model)

    def on_epoch_end(self, epoch, logs=None):
        self._lazy.stop_counting()


def _steps_done(model):
    return int(ops.convert_to_numpy(model.optimizer.iterations))

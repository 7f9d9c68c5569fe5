"""Penalties that are due in every k-th step only."""

import functools
import itertools
import math

import keras
from keras import ops

from keras_aegan import backend


class LazyPenalties:
    """Chooses among the programs of a step the one whose penalties are due.

    A step is a fixed program on every backend, so one with a penalty and one
    without it are two programs, and Python chooses. For that it must know the
    number of the step; asking the device each time would wait for the step
    before. So it asks when an epoch begins, and counts.

    Args:
        penalties: Dict from player to a list of penalties.
        steps_per_execution: As in `compile`.

    Raises:
        ValueError: if there are several steps to an execution, which leaves
            Python no choice, and a penalty is lazy.
    """

    def __init__(self, penalties, steps_per_execution):
        given = [p.interval for group in penalties.values() for p in group]
        self.intervals = tuple(sorted({*given} - {1}))
        if self.intervals and steps_per_execution != 1:
            raise ValueError(
                "A penalty with an `interval` needs `steps_per_execution=1`. "
                f"Received: steps_per_execution={steps_per_execution}"
            )
        # The intervals that end with this step. `None`: nothing is lazy.
        self._due = None
        self._step = None
        self._steps = {}

    def step(self, game):
        """`game.train` with what is due, the same object for the same."""
        key = game, self._due
        new = functools.partial(game.train, due=self._due)
        return self._steps.setdefault(key, new)

    def select_program(self, model, make):
        """A function of a batch that runs the program whose time has come.

        Args:
            model: The compiled model.
            make: Function without arguments that makes what Keras calls for a
                batch, of `step`.
        """
        if not self.intervals:
            return make()
        programs = {}
        for due in self._choices():
            self._due = due
            programs[due] = make()
        self._due = None

        def run(*args):
            step = _steps_done(model) if self._step is None else self._step
            if self._step is not None:
                self._step += 1
            self._due = self._due_at(step)
            try:
                return programs[self._due](*args)
            finally:
                self._due = None

        return run

    def _due_at(self, step):
        return tuple(k for k in self.intervals if step % k == 0)

    def _choices(self):
        """All that can be due at once, nothing among them."""
        return {
            self._due_at(math.lcm(*chosen))
            for count in range(len(self.intervals) + 1)
            for chosen in itertools.combinations(self.intervals, count)
        }

    def with_step_counter(self, callbacks):
        """Callbacks for `fit`, with one that sets the count if need be."""
        if not self.intervals:
            return callbacks
        return [_Counter(self), *keras.tree.flatten(callbacks or [])]

    def begin(self, model):
        """Ask for the number of the next step."""
        backend.attach_state(model)
        self._step = _steps_done(model)

    def end(self):
        """From now on anybody may run a step."""
        self._step = None


class _Counter(keras.callbacks.Callback):
    """Sets the count after whatever a backup has restored."""

    def __init__(self, lazy):
        super().__init__()
        self._lazy = lazy

    def on_epoch_begin(self, epoch, logs=None):
        self._lazy.begin(self.model)

    def on_epoch_end(self, epoch, logs=None):
        self._lazy.end()


def _steps_done(model):
    return int(ops.convert_to_numpy(model.optimizer.iterations))

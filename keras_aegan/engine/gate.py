"""Moves that do not count."""

from keras import ops

from keras_aegan import backend


class Gate:
    """Undoes all changes to some variables where a condition is false."""

    def __init__(self, is_open, variables):
        self._is_open = is_open
        self._variables = variables

    def __enter__(self):
        if self._is_open is not None:
            self._old = [ops.copy(backend.read(v)) for v in self._variables]

    def __exit__(self, *error):
        if self._is_open is not None:
            for v, old in zip(self._variables, self._old):
                v.assign(ops.where(self._is_open, backend.read(v), old))

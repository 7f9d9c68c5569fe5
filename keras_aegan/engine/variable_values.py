"""The values of variables during a step, and changes that are undone."""

from keras import ops

from keras_aegan import backend


class VariableValues:
    """The current values of a model's variables, each read once.

    A turn that does not change a variable leaves its tensor in place, so the
    next turn computes on the very same tensor, and compilers see that what
    both turns compute is one and the same.

    Args:
        variables: List of Keras variables.
    """

    def __init__(self, variables):
        self._pairs = {}
        self.refresh(variables)

    def refresh(self, variables):
        """Read variables again that have changed."""
        for v in variables:
            self._pairs[id(v)] = (v, backend.read(v))

    def pairs(self):
        """List of pairs of a variable and its value."""
        return list(self._pairs.values())

    def __getitem__(self, variable):
        return self._pairs[id(variable)][1]

    def __setitem__(self, variable, value):
        self._pairs[id(variable)] = (variable, value)


class Gate:
    """Undoes all changes to some variables where a condition is false.

    A step is a fixed program, so a move that shall not count is computed and
    then undone. Its gradients are not just set to zero: a zero gradient still
    moves the weights of an optimizer with momentum.

    Args:
        is_open: Boolean scalar tensor, or `None` for a gate that is always
            open and costs nothing.
        variables: List of Keras variables, those of the optimizer included.
    """

    def __init__(self, is_open, variables):
        self._is_open = is_open
        self._variables = variables

    def __enter__(self):
        if self._is_open is not None:
            # Copies, since PyTorch's variables change in place.
            self._old = [ops.copy(backend.read(v)) for v in self._variables]

    def __exit__(self, *error):
        if self._is_open is not None:
            for v, old in zip(self._variables, self._old):
                v.assign(ops.where(self._is_open, backend.read(v), old))

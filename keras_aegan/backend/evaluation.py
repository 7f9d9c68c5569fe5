"""Evaluating losses without touching any variable."""

import keras


def evaluate(function, values, state):
    """Call `function` with given values of the variables.

    Args:
        function: Callable without arguments that returns a pair: a dict of
            scalar losses and anything else.
        values: List of pairs of a variable and its value.
        state: Variables whose new values are wanted.

    Returns:
        The losses, and a pair: the rest, and the list of new values.
    """
    with keras.StatelessScope(values, collect_losses=True) as scope:
        losses, rest = function()
        new_state = [scope.get_current_value(v) for v in state]
    return losses, (rest, new_state)

"""Random numbers as one operation of PyTorch.

Threefry and Box-Muller are more than a hundred operations on tensors. A
recorded step takes microseconds to call each of them, and NumPy does the same
arithmetic in a fifth of the time. So a draw is registered with PyTorch as a
single operation that runs NumPy. It is a pure function of the generator's
state, so a recording may replay it and merge equal draws.
"""

import contextlib
import contextvars
from collections.abc import Callable

import torch

_inline = contextvars.ContextVar("inline", default=False)
_functions = {}
_library = torch.library.Library("keras_aegan", "DEF")
_library.define("draw(str kind, Tensor state, int[] shape) -> Tensor")


def random_numbers(
    function: Callable, state: torch.Tensor, shape: tuple
) -> torch.Tensor:
    """As one operation, on the CPU.

    Args:
        function: Function of a state and a shape, which computes on NumPy
            arrays as well as on tensors.
        state: Tensor.
        shape: Tuple of integers.
    """
    # On a GPU NumPy would have to wait for the state and send numbers back.
    if _inline.get() or state.device.type != "cpu":
        return function(state, shape)
    # PyTorch passes strings to an operation, but no functions.
    kind = function.__name__
    _functions[kind] = function
    return torch.ops.keras_aegan.draw(kind, state, shape)


@contextlib.contextmanager
def inline_random_numbers():
    """Draws are recorded as their operations, for a compiler to fuse."""
    token = _inline.set(True)
    try:
        yield
    finally:
        _inline.reset(token)


@torch.library.impl(_library, "draw", "CPU")
def _draw(kind, state, shape):
    return torch.from_numpy(_functions[kind](state.numpy(), tuple(shape)))


@torch.library.impl(_library, "draw", "Meta")
def _draw_meta(kind, state, shape):
    """The result's shape and type, for passes that run on no data."""
    return state.new_empty(shape, dtype=torch.float32)

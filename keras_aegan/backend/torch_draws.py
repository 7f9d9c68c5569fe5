"""A draw of random numbers as one operation of PyTorch.

Of tensors it is more than a hundred, each of which a recorded step takes
microseconds to call; NumPy does the same arithmetic in a fifth of the time.
"""

import contextlib
import contextvars

import torch

_fused = contextvars.ContextVar("fused", default=False)
_functions = {}
_library = torch.library.Library("keras_aegan", "DEF")
_library.define("draw(str kind, Tensor state, int[] shape) -> Tensor")


def drawn(function, state, shape):
    """The numbers of a draw.

    Args:
        function: Function of a state and a shape, of NumPy arrays as of
            tensors.
        state: Tensor.
        shape: Tuple of integers.
    """
    if _fused.get() or state.device.type != "cpu":
        return function(state, shape)
    kind = function.__name__
    _functions[kind] = function
    return torch.ops.keras_aegan.draw(kind, state, shape)


@contextlib.contextmanager
def fused_draws():
    """Draws are written down in operations, for a compiler to fuse."""
    token = _fused.set(True)
    try:
        yield
    finally:
        _fused.reset(token)


@torch.library.impl(_library, "draw", "CPU")
def _draw(kind, state, shape):
    return torch.from_numpy(_functions[kind](state.numpy(), tuple(shape)))


@torch.library.impl(_library, "draw", "Meta")
def _draw_meta(kind, state, shape):
    return state.new_empty(shape, dtype=torch.float32)

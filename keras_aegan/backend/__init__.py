"""The only folder that imports a framework.

`backend.gradients`, `backend.read` and their like are the functions of
`jax/steps.py`, `tensorflow/steps.py` or `torch/steps.py`, whichever
`KERAS_BACKEND` chooses; the three files define the same functions, which
README.md in this folder lists.
"""

import importlib
import typing

import keras

from keras_aegan.backend.keras_private import sublayers as sublayers
from keras_aegan.backend.keras_private import (
    training_by_call as training_by_call,
)

_BACKENDS = ("tensorflow", "jax", "torch")

if keras.backend.backend() not in _BACKENDS:
    raise ImportError(
        "keras_aegan runs on the Keras backends 'tensorflow', 'jax' and "
        "'torch'; set the environment variable KERAS_BACKEND to one of them. "
        f"Received: {keras.backend.backend()!r}"
    )
_steps = importlib.import_module(f"{__name__}.{keras.backend.backend()}.steps")

if typing.TYPE_CHECKING:
    from keras_aegan.backend.jax.steps import *  # noqa: F403


def __getattr__(name: str) -> typing.Any:
    """A function of the backend that runs.

    Looked up here rather than listed, so that a new function of the three
    files is there without a fourth place that names it.
    """
    return getattr(_steps, name)

"""The private points of Keras that this package uses on every backend.

Those of one backend are in `torch/kernels.py` and `tensorflow/kernels.py`.
"""

import contextlib

import keras
from keras.src.backend.common import global_state
from keras.src.layers.layer import CallContext
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

_CALL_CONTEXT = "current_call_ctx"


def sublayers(layer):
    """A layer and all layers inside it; `Model.layers` knows only models'."""
    return layer._flatten_layers()


def restore_detached(variables, values):
    """Put values back into variables that Keras' JAX trainer emptied."""
    for variable, value in zip(variables, values):
        if variable._value is None:
            variable._value = value


def numpy_batches(adapter):
    """Batches of an `ArrayDataAdapter`, sliced by NumPy in each epoch."""
    return _NumpyBatches(adapter)


class _NumpyBatches:
    def __init__(self, adapter):
        self._adapter = adapter

    def __iter__(self):
        for batch in self._adapter.get_numpy_iterator():
            yield keras.tree.map_structure(
                keras.ops.convert_to_tensor, batch, none_is_leaf=False
            )


@contextlib.contextmanager
def array_adapter_methods(**methods):
    """Replace methods of Keras' `ArrayDataAdapter` inside this context.

    Args:
        **methods: Functions of an `ArrayDataAdapter`, by the name of the
            method that they replace.
    """
    before = {name: getattr(ArrayDataAdapter, name) for name in methods}
    _set(methods)
    try:
        yield
    finally:
        # What was there before, not Keras' own: `fit` evaluates, so contexts
        # are nested.
        _set(before)


def _set(methods):
    for name, method in methods.items():
        setattr(ArrayDataAdapter, name, method)


@contextlib.contextmanager
def training_by_call(training):
    """Calls of layers in this context train unless they say otherwise.

    Keras lets the layers inside a call inherit its `training`. But an explicit
    `training=False` or `None` then holds for all further calls until the
    outermost one ends. Here it ends with the call that it was given to.

    Args:
        training: Boolean, for calls without a `training` of their own.
    """
    outer = global_state.get_global_attribute(_CALL_CONTEXT)
    global_state.set_global_attribute(_CALL_CONTEXT, _CallStack(training))
    try:
        yield
    finally:
        global_state.set_global_attribute(_CALL_CONTEXT, outer)


class _CallStack(CallContext):
    """What Keras asks for `training`, with one entry for each open call."""

    def __init__(self, training):
        self._trainings = [training]

    @property
    def training(self):
        """Of the innermost call; Keras reads it as a call begins."""
        return self._trainings[-1]

    @training.setter
    def training(self, value):
        # Keras writes it once as a call begins. `None` is no value: layers
        # inside would otherwise infer.
        self._trainings.append(self.training if value is None else value)

    @property
    def entry_layer(self):
        """Keras compares it with a layer once as its call ends."""
        self._trainings.pop()
        # No layer: the context outlives all calls inside.
        return None

"""The private points of Keras that this package uses on every backend.

Those of one backend are in `torch/kernels.py` and `tensorflow/kernels.py`.
"""

import contextlib

import keras
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter


def sublayers(layer):
    """A layer and all layers inside it; `Model.layers` knows only models'."""
    return layer._flatten_layers()


def metric_direction(metric):
    """Whether `"min"` or `"max"` of a metric is better; `None` if unknown."""
    own = {"up": "max", "down": "min"}.get(getattr(metric, "_direction", None))
    return getattr(metric, "direction", own)


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

"""The private points of Keras that this package uses on every backend.

Those of one backend are in `torch_kernels.py` and `tensorflow_kernels.py`.
"""


def sublayers(layer):
    """A layer and all layers inside it; `Model.layers` knows only models'."""
    return layer._flatten_layers()


def restore_detached(variables, values):
    """Put values back into variables that Keras' JAX trainer emptied."""
    for variable, value in zip(variables, values):
        if variable._value is None:
            variable._value = value

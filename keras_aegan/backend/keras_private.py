"""The private points of Keras that this package uses on every backend.

Those of data are in `batches.py`, those of one backend in `torch/kernels.py`
and `tensorflow/kernels.py`.
"""


def sublayers(layer):
    """A layer and all layers inside it; `Model.layers` knows only models'."""
    return layer._flatten_layers()


# === What Keras' JAX trainer does with variables ===


def stored_value(variable):
    """What a variable holds, be it nothing, or memory that a step took."""
    return variable._value


def store_value(variable, value):
    """Put a value into a variable, whatever it holds."""
    variable._value = value


def keep_variables(model):
    """Let a model's variables keep their values during an epoch.

    Keras empties them for the length of an epoch, to free memory that the
    first step, which consumes these values, frees anyway. A step that cannot
    begin would leave a model without weights.
    """
    model._purge_model_variables = _do_nothing


def _do_nothing(**groups):
    pass


def forget_jax_state(model):
    """Let Keras attach no state but that of steps still to come."""
    model._jax_state = None
    model._jax_state_synced = True

"""The private points of Keras that this package uses on every backend.

Those of data are in `array_batches.py` and `stream_batches.py`, those of one
backend in `torch/kernels.py` and `tensorflow/kernels.py`.
"""

import contextlib

from keras.src.backend.common import global_state
from keras.src.backend.common.remat import get_current_remat_mode
from keras.src.layers.layer import CallContext

_CALL_CONTEXT = "current_call_ctx"


def sublayers(layer):
    """A layer and all layers inside it; `Model.layers` knows only models'."""
    return layer._flatten_layers()


def metric_direction(metric):
    """Whether `"min"` or `"max"` of a metric is better; `None` if unknown."""
    own = {"up": "max", "down": "min"}.get(getattr(metric, "_direction", None))
    return getattr(metric, "direction", own)


def refuse_remat(*layers):
    """Raise in a `keras.RematScope`, or if a layer was made in one.

    Keras wraps the calls of such layers in functions of the framework that
    take no keyword arguments, or no state.

    Args:
        *layers: Keras layers.

    Raises:
        ValueError: if so.
    """
    inside = [x for layer in layers for x in sublayers(layer)]
    modes = [getattr(x, "_remat_mode", None) for x in inside]
    modes = [x for x in (get_current_remat_mode(), *modes) if x is not None]
    if modes:
        raise ValueError(
            "A training step of several players cannot recompute activations: "
            "make networks and call `compile` outside of `keras.RematScope`. "
            f"Received: {modes[0]}"
        )


# === Where `fit` begins ===


def initial_epoch(model):
    """The epoch that a backup has restored, or `None`."""
    return model._initial_epoch


def set_initial_epoch(model, epoch):
    """Let `fit` begin as if a backup had restored that epoch."""
    model._initial_epoch = epoch


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


# === How Keras' layers know whether they train ===


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

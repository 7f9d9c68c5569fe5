"""The state that Keras' JAX trainer carries outside of the variables.

During an epoch a step takes the state and returns the next one; what is in the
variables are the values before the epoch, which the first step has consumed.
"""

import contextlib

from jax import numpy as jnp

from keras_aegan.backend import keras_private
from keras_aegan.backend.jax.uneven_batches import whole_if_uneven


def current_values(model, variables: list) -> list:
    """Values after the last whole step, which later steps leave alone.

    In mid-training the values in the variables are those before the epoch,
    which the first step has consumed.
    """
    live = model.live_state
    with live.lock:
        values = [keras_private.stored_value(v) for v in variables]
        if any(map(_is_gone, values)):
            latest = _latest_values(model)
            values = [
                latest.get(id(v), value) if _is_gone(value) else value
                for v, value in zip(variables, values)
            ]
        # A step that runs beside this call would consume them.
        if live.is_used_elsewhere():
            values = [jnp.copy(value) for value in values]
        return values


def _is_gone(value):
    return value is None or value.is_deleted()


def _latest_values(model):
    """Dict from the identity of a variable to its value."""
    groups = _groups_of(model, len(model.live_state.latest or ()))
    return {
        id(v): value
        for group, values in zip(groups, model.live_state.latest or ())
        for v, value in zip(group, values)
    }


def _groups_of(model, count):
    """The groups of variables in the state of a training or a test step."""
    groups = [model.trainable_variables, model.non_trainable_variables]
    if count == 4:
        groups.append(model.optimizer.variables)
    return [*groups, model.metrics_variables]


def attach_state(model) -> None:
    """Write the trainer's state back into the variables.

    During an epoch Keras' JAX trainer carries the state outside of them. Only
    the thread that trains may write it.
    """
    if not model.live_state.is_used_elsewhere():
        model.jax_state_sync()


@contextlib.contextmanager
def whole_steps(model):
    """After this context the variables have their values, whatever it raised.

    They are those after the last whole step, or before the first.
    """
    attach_state(model)
    with model.live_state.in_use():
        keras_private.forget_jax_state(model)
        _leave_to_readers(model)
        try:
            with whole_if_uneven():
                yield
        finally:
            attach_latest(model)
            model.live_state.latest = None


def _leave_to_readers(model):
    """Train on copies where inference has begun on the values that are there.

    The first step would consume them.
    """
    with model.live_state.lock:
        if model.live_state.readers:
            for v in [
                *model.trainable_variables,
                *model.non_trainable_variables,
            ]:
                value = keras_private.stored_value(v)
                keras_private.store_value(v, jnp.copy(value))


def attach_latest(model):
    """Fill variables whose value a step has consumed; Keras fills the rest.

    If a step fails, Keras leaves them as they are.
    """
    with model.live_state.lock:
        keras_private.forget_jax_state(model)
        variables = [*model.variables, *model.metrics_variables]
        if model.compiled:
            variables += model.optimizer.variables
        latest = _latest_values(model)
        for v in variables:
            is_gone = _is_gone(keras_private.stored_value(v))
            if is_gone and id(v) in latest:
                keras_private.store_value(v, latest[id(v)])

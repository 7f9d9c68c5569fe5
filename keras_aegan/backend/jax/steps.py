"""What JAX does in its own way. `backend/README.md` lists the functions."""

import contextlib
import functools
from collections.abc import Callable

import jax
import keras
import numpy as np
from jax import numpy as jnp

from keras_aegan.backend import keras_private
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.interrupts import interrupt_afterwards
from keras_aegan.backend.jax.common_subexpressions import compute_once
from keras_aegan.backend.jax.processes import check_processes
from keras_aegan.backend.jax.processes import processes as processes
from keras_aegan.backend.jax.processes import share as share
from keras_aegan.backend.jax.processes import share_numbers as share_numbers
from keras_aegan.backend.jax.processes import (
    sum_over_replicas as sum_over_replicas,
)
from keras_aegan.backend.jax.uneven_batches import whole_if_uneven


def _stateless(model, step, groups, state, data):
    """Run a step as a pure function of the values of groups of variables."""

    def run(state, data):
        variables = [v for group in groups for v in group]
        values = [value for group in state for value in group]
        with keras.StatelessScope(zip(variables, values)) as scope:
            logs = step(data)
            new_state = tuple(
                [scope.get_current_value(v) for v in group] for group in groups
            )
        return logs, new_state

    return (run if model.run_eagerly else compute_once(run))(state, data)


def train_step(model, step: Callable, state, data):
    """A pure function of the state that Keras' trainer carries."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.optimizer.variables,
        model.metrics_variables,
    )
    return _stateless(model, step, groups, state, data)


def test_step(model, step: Callable, state, data):
    """The same without an optimizer."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.metrics_variables,
    )
    return _stateless(model, step, groups, state, data)


def step_function(model, step: Callable, keras_function: Callable) -> Callable:
    """Keras' own function, which remembers the state after each whole step.

    Keras jits the step and donates the old state: once the step has begun,
    that state is lost. So the batch is fetched before, an interrupt waits, and
    of several steps in one call each is remembered.
    """
    live = model.live_state

    def run(state, iterator):
        logs = None
        for _ in range(model.steps_per_execution):
            try:
                data = next(iterator)
            except StopIteration:
                if logs is None:
                    raise
                break
            with live.lock, interrupt_afterwards():
                logs, state = keras_function(state, iter((data,)))
                live.latest = state
        return logs, state

    def run_or_attach(state, iterator):
        try:
            return run(state, iterator)
        except StopIteration:
            raise
        except BaseException:
            # Before Keras attaches what it knows, the state of one step ago.
            _attach_latest(model)
            raise

    return run_or_attach


def compile_function(model, function: Callable) -> Callable:
    """A pure function of the state; what it assigns is forgotten."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.optimizer.variables,
    )
    run = jax.jit(
        lambda state, data: _stateless(model, function, groups, state, data)[0]
    )
    return lambda data: run([[v.value for v in g] for g in groups], data)


def gradients(function: Callable, owners: dict, values: list, state: list):
    """One `value_and_grad` per owner; equal forward passes are merged.

    A single `vjp`, applied once for each loss, would trace less. But its
    backward pass takes zeros for the losses that are not asked for, and XLA
    keeps the arithmetic on these zeros.
    """
    result = {}
    for name, variables in owners.items():
        owned = {id(v) for v in variables}
        fixed = [(v, x) for v, x in values if id(v) not in owned]

        def loss_of(leaves, name=name, variables=variables, fixed=fixed):
            mapping = [*fixed, *zip(variables, leaves)]
            losses, rest = evaluate(function, mapping, state)
            return losses[name], rest

        by_id = {id(v): x for v, x in values}
        leaves = [by_id[id(v)] for v in variables]
        (_, rest), result[name] = jax.value_and_grad(loss_of, has_aux=True)(
            leaves
        )
    # Every evaluation has the same results, so those of the last one do.
    terms, new_state = rest
    return terms, result, new_state


def apply_gradients(optimizer, gradients: list, variables: list) -> None:
    """Keras' stateless form, which also scales and accumulates correctly."""
    weights, slots = optimizer.stateless_apply(
        [v.value for v in optimizer.variables],
        gradients,
        [v.value for v in variables],
    )
    for variable, value in zip(
        [*variables, *optimizer.variables], weights + slots
    ):
        variable.assign(value)


def read(variable) -> jax.Array:
    """The value of a variable, a tensor."""
    return variable.value


def random_numbers(function: Callable, state, shape: tuple) -> jax.Array:
    """By NumPy, unless the step is being traced.

    Outside of a program JAX would compile each of about a hundred operations
    for every shape.
    """
    if isinstance(state, jax.core.Tracer):
        return _program_of(function)(state, shape)
    return jnp.asarray(function(np.asarray(state), shape))


@functools.cache
def _program_of(function):
    """One jitted function, whose trace JAX keeps for each shape."""
    return jax.jit(function, static_argnums=1)


def input_gradient(function: Callable, x):
    """Gradients of the sum of `function(x)` with respect to all of `x`."""
    return jax.grad(lambda u: jnp.sum(function(u)))(x)


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


def compile_inference(function: Callable) -> Callable:
    """A program, one for each shape of the inputs."""
    return jax.jit(function)


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
            _attach_latest(model)
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


def _attach_latest(model):
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


def fetches_in_graph(model) -> bool:
    """Whether batches are fetched by a compiled program: never."""
    return False


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps, in the way that this returns."""
    check_processes()
    keras_private.keep_variables(model)
    return jit_compile

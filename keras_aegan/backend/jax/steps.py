"""What JAX does in its own way. `backend/README.md` lists the functions."""

import contextlib
import functools
from collections.abc import Callable

import jax
import keras
import numpy as np
from jax import numpy as jnp

from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.jax.common_subexpressions import compute_once
from keras_aegan.backend.keras_private import restore_detached


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
    """Keras' own function: it jits the step and donates the old state."""
    return keras_function


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


def attach_state(model) -> None:
    """Write the trainer's state back into the variables.

    During an epoch Keras' JAX trainer carries the state outside of them.
    """
    model.jax_state_sync()


def plain_batches(model) -> contextlib.AbstractContextManager:
    """Nothing to do: Keras already slices arrays with NumPy on JAX."""
    return contextlib.nullcontext()


@contextlib.contextmanager
def restore_weights_on_failure(model):
    """Give variables their values back if the first step fails.

    Keras' trainer empties the variables for the length of an epoch, and when
    the step cannot be traced there is no new state to fill them with.
    """
    variables = list(model.variables)
    if model.compiled:
        variables += model.optimizer.variables
    values = [v.value for v in variables]
    try:
        yield
    finally:
        restore_detached(variables, values)


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps, in the way that this returns."""
    return jit_compile

"""JAX: everything inside a `StatelessScope`, compiled by `jax.jit`."""

import contextlib
import functools

import jax
import keras
import numpy as np
from jax import numpy as jnp

from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.jax_merging import merged
from keras_aegan.backend.keras_private import restore_detached

__all__ = [
    "apply_gradients",
    "attach_state",
    "compiled",
    "drawn",
    "gradients",
    "input_gradient",
    "native_kernels",
    "plain_batches",
    "prepare_steps",
    "read",
    "step_function",
    "test_step",
    "train_step",
    "weights_kept",
]


def _stateless(model, step, groups, state, data):
    """Run a step as a function of the values of groups of variables."""

    def run(state, data):
        variables = [v for group in groups for v in group]
        values = [value for group in state for value in group]
        with keras.StatelessScope(zip(variables, values)) as scope:
            logs = step(data)
            new_state = tuple(
                [scope.get_current_value(v) for v in group] for group in groups
            )
        return logs, new_state

    return (run if model.run_eagerly else merged(run))(state, data)


def train_step(model, step, state, data):
    """A pure function of the state that Keras' trainer carries."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.optimizer.variables,
        model.metrics_variables,
    )
    return _stateless(model, step, groups, state, data)


def test_step(model, step, state, data):
    """The same without an optimizer."""
    groups = (
        model.trainable_variables,
        model.non_trainable_variables,
        model.metrics_variables,
    )
    return _stateless(model, step, groups, state, data)


def step_function(model, step, keras_function):
    """What Keras makes is fast."""
    return keras_function


def compiled(model, function):
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


def gradients(function, owners, values, state):
    """One `value_and_grad` for each owner; equal forward passes are merged.

    One `vjp` pulled back once for each loss would trace less, but XLA keeps
    the arithmetic on the zeros of the losses that are not asked for.
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
    terms, new_state = rest
    return terms, result, new_state


def apply_gradients(optimizer, gradients, variables):
    """Keras' own stateless form, which also scales and accumulates right."""
    weights, slots = optimizer.stateless_apply(
        [v.value for v in optimizer.variables],
        gradients,
        [v.value for v in variables],
    )
    for variable, value in zip(
        [*variables, *optimizer.variables], weights + slots
    ):
        variable.assign(value)


def read(variable):
    """The value of a variable, a tensor."""
    return variable.value


def drawn(function, state, shape):
    """The numbers of a draw, by NumPy unless the step is being traced.

    JAX would compile each of a hundred operations for every shape.
    """
    traced = isinstance(state, jax.core.Tracer)
    if traced:
        return _program_of(function)(state, shape)
    return jnp.asarray(function(np.asarray(state), shape))


@functools.cache
def _program_of(function):
    """Traced once for each shape, as a hundred operations take their time."""
    return jax.jit(function, static_argnums=1)


def input_gradient(function, x):
    """Gradients of the sum of `function(x)` with respect to all of `x`."""
    return jax.grad(lambda u: jnp.sum(function(u)))(x)


def attach_state(model):
    """Keras detaches a JAX model's weights for the length of an epoch."""
    model.jax_state_sync()


def plain_batches(model):
    """Keras cuts arrays with NumPy."""
    return contextlib.nullcontext()


def native_kernels():
    """XLA joins what Keras composes of many operations."""
    return contextlib.nullcontext()


@contextlib.contextmanager
def weights_kept(model):
    """Give variables their values back if the first step fails.

    Keras' trainer takes them off for an epoch, and knows no others when the
    step cannot be traced.
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
    """Keras' trainer compiles the steps."""
    return jit_compile

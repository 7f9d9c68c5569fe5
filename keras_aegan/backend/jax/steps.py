"""What JAX does in its own way. `backend/README.md` lists the functions."""

import functools
from collections.abc import Callable

import jax
import keras
import numpy as np
from jax import numpy as jnp

from keras_aegan.backend import keras_private
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.interrupts import interrupt_afterwards
from keras_aegan.backend.jax.carried_state import attach_latest
from keras_aegan.backend.jax.carried_state import attach_state as attach_state
from keras_aegan.backend.jax.carried_state import (
    current_values as current_values,
)
from keras_aegan.backend.jax.carried_state import whole_steps as whole_steps
from keras_aegan.backend.jax.common_subexpressions import compute_once
from keras_aegan.backend.jax.processes import check_processes
from keras_aegan.backend.jax.processes import processes as processes
from keras_aegan.backend.jax.processes import share as share
from keras_aegan.backend.jax.processes import share_numbers as share_numbers
from keras_aegan.backend.jax.processes import (
    sum_over_replicas as sum_over_replicas,
)
from keras_aegan.backend.several_batches import fetch
from keras_aegan.backend.several_batches import in_groups


@jax.tree_util.register_pytree_node_class
class SeveralBatches(list):
    """Batches of equal shapes, for as many steps in one program."""

    def tree_flatten(self):
        return tuple(self), None

    @classmethod
    def tree_unflatten(cls, _, batches):
        return cls(batches)


def _stateless(model, step, groups, state, data):
    """Run a step as a pure function of the values of groups of variables.

    Several batches are as many steps, of which the last one's logs count.
    """

    def run(state, data):
        variables = [v for group in groups for v in group]
        values = [value for group in state for value in group]
        with keras.StatelessScope(zip(variables, values)) as scope:
            logs = step(data)
            new_state = tuple(
                [scope.get_current_value(v) for v in group] for group in groups
            )
        return logs, new_state

    run_once = run
    if not model.run_eagerly:
        run_once = compute_once(run, model.operations)
    if not isinstance(data, SeveralBatches):
        return run_once(state, data)

    def next_step(state, batch):
        logs, state = run_once(state, batch)
        return state, logs

    stacked = jax.tree.map(lambda *x: jnp.stack(x), *data)
    state, logs = jax.lax.scan(next_step, state, stacked)
    return {name: values[-1] for name, values in logs.items()}, state


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
    """Keras' own function, which remembers the state after each call.

    Keras jits the step and donates the old state: once the step has begun,
    that state is lost. So batches are fetched before, and an interrupt waits.
    Several batches of one shape may be one program, see `_are_looped`.
    """
    live = model.live_state
    count = model.steps_per_execution
    call = keras_function()

    def run(state, iterator):
        batches = fetch(iterator, count)
        for group in in_groups(batches, count if _are_looped(model) else 1):
            data = SeveralBatches(group) if len(group) > 1 else group[0]
            with live.lock, interrupt_afterwards():
                # Of an iterator of one Keras makes one call.
                logs, state = call(state, iter((data,)))
                live.latest = state
        return logs, state

    def run_or_attach(state, iterator):
        try:
            return run(state, iterator)
        except StopIteration:
            raise
        except BaseException:
            # Before Keras attaches what it knows, the state of one step ago.
            attach_latest(model)
            raise

    return run_or_attach


def _are_looped(model):
    """Whether several steps are a loop on the device, without Python between.

    Not before one step alone has been traced, which shows what it does: XLA
    has no fast convolution for CPUs inside of a loop (measured: six times the
    time of the step), and the loop unrolled would take as many times longer
    to compile as it has steps.
    """
    is_traced = bool(model.operations)
    is_slow = "conv_general_dilated" in model.operations
    on_cpu = jax.default_backend() == "cpu"
    is_compiled = model.jit_compile and not model.run_eagerly
    return is_compiled and is_traced and not (is_slow and on_cpu)


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


def compile_inference(function: Callable) -> Callable:
    """A program, one for each shape of the inputs."""
    return jax.jit(function)


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps, in the way that this returns."""
    check_processes()
    model.operations = set()
    keras_private.keep_variables(model)
    return jit_compile

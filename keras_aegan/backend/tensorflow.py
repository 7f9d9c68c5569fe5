"""TensorFlow: variables change in place, gradients come from tapes."""

import contextlib

import tensorflow as tf

from keras_aegan.backend.evaluation import evaluate

__all__ = [
    "apply_gradients",
    "attach_state",
    "generators_kept",
    "gradients",
    "input_gradient",
    "prepare_steps",
    "read",
    "test_step",
    "train_step",
    "weights_kept",
]


def train_step(model, step, data):
    """Keras' trainer wraps it into a `tf.function`."""
    return step(data)


test_step = train_step


def gradients(function, owners, values, state):
    """One forward pass on tensors, pulled back once for each owner.

    The tape sees tensors, not variables, so that a second evaluation in the
    same step repeats the very nodes of the first, and Grappler merges them.
    """
    by_id = {id(v): x for v, x in values}
    leaves = {
        name: [by_id[id(v)] for v in variables]
        for name, variables in owners.items()
    }
    with tf.GradientTape(
        persistent=len(owners) > 1, watch_accessed_variables=False
    ) as tape:
        tape.watch(leaves)
        losses, (terms, new_state) = evaluate(function, values, state)
    result = {
        name: tape.gradient(
            losses[name],
            leaves[name],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
        for name in owners
    }
    return terms, result, new_state


def apply_gradients(optimizer, gradients, variables):
    """In place."""
    optimizer.apply(gradients, variables)


def read(variable):
    """The value of a variable, a tensor."""
    return tf.convert_to_tensor(variable.value)


def input_gradient(function, x):
    """Gradient of the sum of `function(x)` with respect to `x`."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = tf.reduce_sum(function(x))
    return tape.gradient(y, x)


def attach_state(model):
    """Variables are always up to date."""


def generators_kept():
    """Nothing draws from a global generator."""
    return contextlib.nullcontext()


def weights_kept(model):
    """Variables keep their values when a step fails."""
    return contextlib.nullcontext()


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps."""
    return jit_compile

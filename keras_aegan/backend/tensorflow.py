"""TensorFlow: variables change in place, gradients come from tapes."""

import contextlib
import functools

import keras
import tensorflow as tf

from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.keras_private import arrays_cut_by
from keras_aegan.backend.keras_private import numpy_batches
from keras_aegan.backend.tensorflow_kernels import native_kernels

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


def train_step(model, step, data):
    """Keras' trainer wraps it into a `tf.function`."""
    with native_kernels():
        return step(data)


test_step = train_step


def step_function(model, step, keras_function):
    """A function that fetches a batch in Python and then runs one step.

    Keras' function fetches it inside the graph, which hands the graph over to
    another thread; on small steps that costs a fifth of the time.
    """
    eager = model.run_eagerly or tf.config.functions_run_eagerly()
    if eager or _fetches_in_graph(model):
        return keras_function

    @tf.autograph.experimental.do_not_convert
    def one_step(data):
        # Keras' data sets say so where they have nothing.
        nothing = tf.experimental.Optional
        return step(
            keras.tree.map_structure(
                lambda x: None if isinstance(x, nothing) else x, data
            )
        )

    call = _looked_up_once(
        tf.function(
            one_step, reduce_retracing=True, jit_compile=model.jit_compile
        )
    )
    return lambda iterator: call(next(iterator))


def _looked_up_once(function):
    """Keeps the graph of the last batch for batches of the same type.

    A `tf.function` looks its graph up at every call by the types of all that
    the graph captures, every weight and every slot of the optimizer: a tenth
    of a small model's step.
    """
    last_type = graph = None

    def call(data):
        nonlocal last_type, graph
        data_type = keras.tree.map_structure(tf.type_spec_from_value, data)
        if data_type != last_type:
            graph = function.get_concrete_function(data)
            last_type = data_type
        return graph(data)

    return call


def _fetches_in_graph(model):
    with model.distribute_strategy.scope():
        distributed = tf.distribute.has_strategy()
    several = model.steps_per_execution != 1 and not model.run_eagerly
    return distributed or several


def plain_batches(model):
    """Without `tf.data`, where the batch is fetched in Python.

    `tf.data` watches each data set from a thread that sleeps between two looks,
    at first 10 ms, then twice as long each time, and whoever frees the data set
    waits until it wakes; to make one takes 10 ms, too. Keras makes and frees
    two in each epoch: a third of a small model's time, and now and then a `fit`
    that ends seconds late.
    """
    if _fetches_in_graph(model):
        return contextlib.nullcontext()
    return arrays_cut_by(get_tf_dataset=numpy_batches)


def compiled(model, function):
    """A graph."""
    return tf.function(function, autograph=False)


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
    # A variable that stands for its value is read before it changes.
    new_state = [tf.convert_to_tensor(value) for value in new_state]
    result = {
        name: tape.gradient(
            losses[name],
            leaves[name],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
        for name in owners
    }
    # Those of embeddings are lists of rows, which Keras squares one by one
    # where a row comes twice.
    result = keras.tree.map_structure(tf.convert_to_tensor, result)
    return terms, result, new_state


def apply_gradients(optimizer, gradients, variables):
    """In place."""
    optimizer.apply(gradients, variables)


def read(variable):
    """The value of a variable, a tensor."""
    return tf.convert_to_tensor(variable.value)


def drawn(function, state, shape):
    """The numbers of a draw, by NumPy unless a graph is being built."""
    if not tf.executing_eagerly():
        return _graph_of(function)(state, shape)
    return tf.convert_to_tensor(function(state.numpy(), shape))


@functools.cache
def _graph_of(function):
    """Traced once for each shape, as a hundred operations take their time."""
    return tf.function(function, autograph=False)


def input_gradient(function, x):
    """Gradients of the sum of `function(x)` with respect to all of `x`."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = tf.reduce_sum(function(x))
    return tape.gradient(y, x)


def attach_state(model):
    """Variables are always up to date."""


def weights_kept(model):
    """Variables keep their values when a step fails."""
    return contextlib.nullcontext()


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps, on one device.

    Replicas would add their gradients up and draw the same noise.
    """
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync > 1:
        raise ValueError(
            "Models of keras_aegan train on one replica on TensorFlow. "
            f"Received: {type(strategy).__name__} with "
            f"{strategy.num_replicas_in_sync} replicas"
        )
    return jit_compile

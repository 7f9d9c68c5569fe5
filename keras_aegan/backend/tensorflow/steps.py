"""What TensorFlow does in its own way; `backend/README.md` lists it."""

import contextlib
import functools
from collections.abc import Callable

import keras
import tensorflow as tf

from keras_aegan.backend import replicas
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.backend.live_state import undo_on_failure
from keras_aegan.backend.several_batches import fetch
from keras_aegan.backend.several_batches import in_groups
from keras_aegan.backend.tensorflow.kernels import native_kernels
from keras_aegan.backend.tensorflow.processes import check_strategy
from keras_aegan.backend.tensorflow.processes import own_part
from keras_aegan.backend.tensorflow.processes import processes as processes
from keras_aegan.backend.tensorflow.processes import replica
from keras_aegan.backend.tensorflow.processes import share as share
from keras_aegan.backend.tensorflow.processes import (
    share_numbers as share_numbers,
)
from keras_aegan.backend.tensorflow.processes import (
    sum_over_replicas as sum_over_replicas,
)


def train_step(model, step: Callable, data):
    """The step as it stands, on the rows of the replica that calls it."""
    return _run(step, data, model.parts_of_batch)


def test_step(model, step: Callable, data):
    """The same: on TensorFlow the step takes no state."""
    return _run(step, data)


def _run(step, data, turns=1):
    data, division = own_part(data, turns)
    with (
        native_kernels(),
        replicas.divided(division),
        replicas.rows_of(data),
    ):
        return step(data)


def step_function(model, step: Callable, keras_function: Callable) -> Callable:
    """A function that fetches batches in Python and then runs their steps.

    Keras' function fetches them inside the graph, which makes TensorFlow run
    the graph on another thread: a fifth of the time of a small step. Several
    batches of one shape are one graph, a loop that holds one step.
    """
    # Keras' function fetches the batch itself. It runs without the lock: the
    # batch may come from another thread that reads this very model.
    if model.run_eagerly or tf.config.functions_run_eagerly():
        call_eagerly = keras_function()

        def run_eagerly(iterator):
            variables = [*model.variables, *model.metrics_variables]
            variables += model.optimizer.variables
            with undo_on_failure(variables, read, _assign):
                return call_eagerly(iterator)

        return run_eagerly

    strategy = model.distribute_strategy
    has_replicas = strategy.num_replicas_in_sync > 1

    @tf.autograph.experimental.do_not_convert
    def steps(batches):
        # Keras' data sets put an empty `Optional` where there are no labels.
        nothing = tf.experimental.Optional
        batches = keras.tree.map_structure(
            lambda x: None if isinstance(x, nothing) else x, batches
        )
        if len(batches) == 1:
            return step(batches[0])
        return _one_after_another(step, batches)

    @tf.autograph.experimental.do_not_convert
    def on_strategy(batches):
        logs = strategy.run(steps, args=(batches,))
        # All replicas have the same logs.
        return {
            k: strategy.experimental_local_results(logs[k])[0] for k in logs
        }

    with strategy.scope():
        is_default = not tf.distribute.has_strategy()
    call = _keep_last_graph(
        lambda: tf.function(
            steps if is_default else on_strategy,
            # Replicas divide a batch whose size is known.
            reduce_retracing=not has_replicas,
            jit_compile=False if has_replicas else model.jit_compile,
        )
    )
    count = model.steps_per_execution

    def run(iterator):
        batches = fetch(iterator, count)
        # Inside of a loop replicas cannot wait for each other.
        for group in in_groups(batches, count if is_default else 1):
            with model.live_state.lock:
                logs = call(group)
        return logs

    return run


def _one_after_another(step, batches):
    """A loop over batches of one shape; the logs are those of the last."""
    # `None` stands for labels where there are weights alone.
    each = functools.partial(keras.tree.map_structure, none_is_leaf=False)
    stacked = each(lambda *x: tf.stack(x), *batches)
    one_step = tf.function(
        lambda i: step(each(lambda x: x[i], stacked)), autograph=False
    ).get_concrete_function(tf.TensorSpec((), tf.int32))
    logs = {
        name: tf.zeros(shape, one_step.output_dtypes[name])
        for name, shape in one_step.output_shapes.items()
    }
    return tf.while_loop(
        lambda i, logs: i < len(batches),
        lambda i, logs: (i + 1, one_step(i)),
        (tf.constant(0), logs),
        parallel_iterations=1,
        maximum_iterations=len(batches),
    )[1]


def _assign(variable, value):
    variable.assign(value)


def _keep_last_graph(make_function):
    """Keep the graph of the last batch for batches of the same type.

    Batches of other numbers of axes, such as of labels after images, get a
    function of their own: one would take them for tensors of any number.

    At every call a `tf.function` finds its graph by the types of all that the
    graph captures, every weight and every slot of the optimizer: a tenth of
    the time of a small model's step.
    """
    last_type = graph = None
    functions = {}

    def call(data):
        nonlocal last_type, graph
        data_type = keras.tree.map_structure(tf.type_spec_from_value, data)
        if data_type != last_type:
            axes = tuple(
                spec.shape.rank if isinstance(spec, tf.TensorSpec) else None
                for spec in keras.tree.flatten(data_type)
            )
            if axes not in functions:
                functions[axes] = make_function()
            graph = functions[axes].get_concrete_function(data)
            last_type = data_type
        return graph(data)

    return call


def compile_function(model, function: Callable) -> Callable:
    """A graph."""
    return tf.function(function, autograph=False)


def gradients(function: Callable, owners: dict, values: list, state: list):
    """One forward pass, and one backward pass for each owner.

    The tape watches tensors, not variables, so that a second evaluation in the
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
    changed = [
        i
        for i, (v, new) in enumerate(zip(state, new_state))
        if new is not by_id.get(id(v))
    ]
    # `evaluate` may return a variable in place of its value. It is read here,
    # before anything assigns to it.
    new_state = [tf.convert_to_tensor(value) for value in new_state]
    result = {
        name: tape.gradient(
            losses[name],
            leaves[name],
            unconnected_gradients=tf.UnconnectedGradients.ZERO,
        )
        for name in owners
    }
    # Gradients of embeddings are lists of rows, in which a row may come twice.
    # Keras would square each of the two, where the square of their sum is due.
    result = keras.tree.map_structure(tf.convert_to_tensor, result)
    # Also the state, such as of layers that know nothing of replicas.
    terms, result, means = replicas.averaged(
        (terms, result, [new_state[i] for i in changed])
    )
    for i, mean in zip(changed, means):
        new_state[i] = mean
    return terms, result, new_state


def apply_gradients(optimizer, gradients: list, variables: list) -> None:
    """In place. Keras adds up the gradients of all replicas."""
    count = replica().count
    if count > 1:
        gradients = [g / count for g in gradients]
    optimizer.apply(gradients, variables)


def read(variable) -> tf.Tensor:
    """The value of a variable, a tensor."""
    return tf.convert_to_tensor(variable.value)


def random_numbers(function: Callable, state, shape: tuple) -> tf.Tensor:
    """By NumPy, unless a graph is being built."""
    if not tf.executing_eagerly():
        return _graph_of(function)(state, shape)
    return tf.convert_to_tensor(function(state.numpy(), shape))


@functools.cache
def _graph_of(function):
    """One function, of which TensorFlow keeps a graph for each shape.

    Tracing its hundred operations again for each draw takes time.
    """
    return tf.function(function, autograph=False)


def input_gradient(function: Callable, x):
    """Gradients of the sum of `function(x)` with respect to all of `x`."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(x)
        y = tf.reduce_sum(function(x))
    return tape.gradient(y, x)


def current_values(model, variables: list) -> list:
    """Values after the last whole step; an assignment leaves them alone."""
    with model.live_state.lock:
        return [read(v) for v in variables]


def compile_inference(function: Callable) -> Callable:
    """One graph for each rank and type, which takes batches of all sizes."""
    graphs = {}

    def run(values, inputs):
        key = str(
            keras.tree.map_structure(lambda x: (x.dtype, x.shape[1:]), inputs)
        )
        if key not in graphs:
            sizes = keras.tree.map_structure(
                lambda x: tf.TensorSpec((None, *x.shape[1:]), x.dtype), inputs
            )
            # Made by hand: a `tf.function` that sees one size after the other
            # warns of frequent tracing.
            graphs[key] = tf.function(
                function, autograph=False
            ).get_concrete_function(values, sizes)
        return graphs[key](values, inputs)

    return run


def attach_state(model) -> None:
    """Nothing to do: variables are always up to date."""


def whole_steps(model) -> contextlib.AbstractContextManager:
    """Nothing to restore: a step is a graph, which fails before it begins.

    What fails inside of a running graph, such as a lack of memory, may leave
    the moves of some of the players behind.
    """
    return model.live_state.in_use()


def prepare_steps(model, jit_compile):
    """Keras' trainer compiles the steps, or `step_function` does."""
    check_strategy(model)
    return jit_compile

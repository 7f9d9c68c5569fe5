"""Networks at inference: functions of their weights, in batches.

`keras.Model.predict` takes the weights out of the variables on JAX while it
runs, and keeps what it is doing in attributes of the model. So it cannot run
in two threads, nor beside `fit`.
"""

import threading
import weakref
from collections.abc import Callable
from collections.abc import Iterable

import keras
import numpy as np
from keras import ops

# Programs by network, which die with it.
_programs = weakref.WeakKeyDictionary()
_lock = threading.RLock()


class Program:
    """What a network computes, a function of its variables' values.

    Args:
        network: Keras layer or model.
        variables: List of all variables that it may read.
        compile_function: Function that compiles a function.
    """

    def __init__(self, network, variables: list, compile_function: Callable):
        self.variables = variables
        self.identity = tuple(map(id, variables))
        # The program is kept for as long as the network is there.
        network = weakref.ref(network)

        def run(values, inputs):
            with keras.StatelessScope(zip(variables, values)):
                return network()(inputs, training=False)

        self._run = compile_function(run)
        self._shapes = set()

    def __call__(self, values: list, inputs):
        shape = tuple(
            (x.shape, str(x.dtype)) for x in keras.tree.flatten(inputs)
        )
        if shape in self._shapes:
            return self._run(values, inputs)
        # Keras' layers are traced by one thread at a time.
        with _lock:
            outputs = self._run(values, inputs)
        self._shapes.add(shape)
        return outputs


def program_of(network, compile_function: Callable, *key) -> Program:
    """The `Program` of a network, kept for as long as its variables stay.

    Args:
        network: Keras layer or model.
        compile_function: As in `Program`.
        *key: What else tells this program from others of the network.
    """
    with _lock:
        variables = list(network.variables)
        programs = _programs.setdefault(network, {})
        program = programs.get(key)
        if program is None or program.identity != tuple(map(id, variables)):
            program = Program(network, variables, compile_function)
            programs[key] = program
        return program


def run_in_batches(
    function: Callable,
    batches: Iterable,
    callbacks: keras.callbacks.CallbackList | None = None,
):
    """Outputs of a function for all samples.

    Args:
        function: Function of a batch that returns a nest of tensors.
        batches: Iterable of batches.
        callbacks: `keras.callbacks.CallbackList`, or `None`.

    Returns:
        The nest, of NumPy arrays.

    Raises:
        ValueError: if there are no batches.
    """
    outputs = []
    if callbacks:
        callbacks.on_predict_begin()
    for step, batch in enumerate(batches):
        if callbacks:
            callbacks.on_predict_batch_begin(step)
        outputs.append(function(batch))
        if callbacks:
            logs = {"outputs": outputs[-1]}
            callbacks.on_predict_batch_end(step, logs)
    if callbacks:
        callbacks.on_predict_end()
    if not outputs:
        raise ValueError(
            "There must be at least one batch. Received: data without batches"
        )
    # At the end: until then a device can compute ahead.
    return keras.tree.map_structure(
        lambda *parts: np.concatenate(
            [ops.convert_to_numpy(part) for part in parts]
        ),
        *outputs,
    )

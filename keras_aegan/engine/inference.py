"""What networks return for arrays and data sets, with the weights of now."""

import contextlib
import itertools

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import validation
from keras_aegan.backend.array_batches import ArrayBatches
from keras_aegan.backend.inference import program_of
from keras_aegan.backend.inference import run_in_batches
from keras_aegan.backend.stream_batches import StreamBatches
from keras_aegan.engine import data_checks
from keras_aegan.engine import label_checks
from keras_aegan.engine.labels import condition_of
from keras_aegan.layers import Conditional


def weights_for_inference(model, variables) -> list:
    """Values of variables, averages where there are some.

    They belong to one moment between two steps, even if another thread
    trains, and the variables themselves stay what they are.

    Args:
        model: `AdversarialModel`.
        variables: List of variables.
    """
    if model.averages is None:
        return backend.current_values(model, variables)
    # Read in one go: averages of one step beside weights of the next would
    # belong to no moment of the training.
    averages = {id(v): average for v, average in model.averages.pairs()}
    sources = [averages.get(id(v), v) for v in variables]
    values = backend.current_values(model, sources)
    return [
        value if source is v else ops.cast(value, v.dtype)
        for v, source, value in zip(variables, sources, values)
    ]


@contextlib.contextmanager
def inference_scope(model, changes=()):
    """A context in which variables have their values for inference.

    Args:
        model: `AdversarialModel`.
        changes: Iterable of pairs of a variable and another value.
    """
    # A scope, not an assignment: another thread may train or serve.
    with model.live_state.reading():
        variables = model.variables
        values = weights_for_inference(model, variables)
        with keras.StatelessScope([*zip(variables, values), *changes]):
            yield


class NetworkRun:
    """One run of a network over arrays or a data set.

    Args:
        model: `AdversarialModel`.
        network: Keras model: a part of the model, one on its weights, or the
            model itself.
    """

    def __init__(self, model, network):
        self._model = model
        self._network = network
        self._takes_condition = isinstance(network, Conditional) or (
            network is model and condition_of(model) is not None
        )
        is_eager = model.compiled and model.run_eagerly
        self._program = program_of(
            network,
            (lambda function: function)
            if is_eager
            else backend.compile_inference,
            is_eager,
        )
        self._values = None

    def outputs(
        self,
        inputs,
        batch_size=None,
        verbose=0,
        labels=None,
        steps=None,
        callbacks=None,
    ):
        """What it returns for all samples, a NumPy array or a nest of them.

        Args:
            inputs: Array, list of arrays, or data set of batches of samples.
            batch_size: Positive integer, or `None` for 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each sample, or `None`. A
                data set has them in its batches.
            steps: Integer, how many batches to take, or `None` for all.
            callbacks: As in `keras.Model.predict`.
        """
        if batch_size is not None:
            batch_size = validation.check_integer("batch_size", batch_size)
        with self._model.live_state.reading():
            self._values = weights_for_inference(
                self._model, self._program.variables
            )
            return self._outputs(
                *(inputs, batch_size, verbose, labels, steps, callbacks)
            )

    def _outputs(self, inputs, batch_size, verbose, labels, steps, callbacks):
        if _are_arrays(inputs):
            arrays, labels = self._checked(inputs, labels)
            # Not every framework's convolution takes a batch of nothing.
            if len(arrays[0]) == 0:
                return self._nothing(arrays, labels)
            batches = ArrayBatches(
                arrays, labels, batch_size=batch_size, steps=steps
            )
        else:
            data_checks.check_stream("x", inputs)
            batches = StreamBatches(inputs, self._check_batch)
        count = batches.num_batches if steps is None else steps
        return run_in_batches(
            self._run,
            itertools.islice(batches.get_numpy_iterator(), steps),
            self._callbacks(callbacks, verbose, count),
        )

    def _checked(self, inputs, labels):
        if self._network is self._model:
            arrays = [data_checks.check_samples(self._model, inputs, minimum=0)]
        else:
            arrays = data_checks.check_inputs(self._network, inputs)
        # Labels for a network that takes none are looked at, too: they are
        # meant for something.
        if self._takes_condition or labels is not None:
            labels = label_checks.check_labels(
                self._model, labels, len(arrays[0])
            )
        return arrays, labels if self._takes_condition else None

    def _check_batch(self, batch):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        data_checks.check_samples(self._model, x)
        if self._takes_condition:
            label_checks.check_labels(self._model, y, len(x))

    def _run(self, batch):
        arrays, labels, *_ = keras.utils.unpack_x_y_sample_weight(batch)
        arrays = arrays if isinstance(arrays, (list, tuple)) else [arrays]
        if self._takes_condition:
            arrays = [*arrays, labels]
        tensors = [ops.convert_to_tensor(x) for x in arrays]
        inputs = tensors if len(tensors) > 1 else tensors[0]
        return self._program(self._values, inputs)

    def _nothing(self, arrays, labels):
        """Outputs for no samples: those for one, without it."""
        one = [np.zeros((1, *x.shape[1:]), x.dtype) for x in arrays]
        if labels is not None:
            labels = np.zeros((1, *labels.shape[1:]), labels.dtype)
        return keras.tree.map_structure(
            lambda x: ops.convert_to_numpy(x)[:0], self._run((one, labels))
        )

    def _callbacks(self, callbacks, verbose, count):
        if not verbose and not callbacks:
            return None
        if isinstance(callbacks, keras.callbacks.CallbackList):
            return callbacks
        return keras.callbacks.CallbackList(
            callbacks,
            add_progbar=verbose != 0,
            verbose=verbose,
            epochs=1,
            steps=count,
            model=self._model,
        )


def _are_arrays(inputs):
    if isinstance(inputs, (list, tuple)):
        return bool(inputs) and all(map(data_checks.is_array, inputs))
    return data_checks.is_array(inputs)

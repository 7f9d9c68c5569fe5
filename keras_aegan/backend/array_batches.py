"""Arrays in memory as batches for `fit`: in one order on every backend.

Keras turns whatever it is given into a data adapter (a private class of
Keras, as are all that this file imports from `keras.src`). This one is ours, so
that nothing of Keras need be replaced.
"""

from collections.abc import Callable

import keras
import numpy as np
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from keras_aegan import backend
from keras_aegan.backend.several_batches import fill_up


def is_adapter(x) -> bool:
    """Whether data have been through here already."""
    return isinstance(x, DataAdapter)


class ArrayBatches(ArrayDataAdapter):
    """Arrays in memory, cut by NumPy.

    Keras would shuffle by TensorFlow's or PyTorch's global generator, each in
    an order of its own, and spend up to a third of a small model's time in
    `tf.data`, which starts a thread for each epoch.

    Args:
        x, y, sample_weight: NumPy arrays, or `None`.
        group: Integer, how many batches are fetched at once.
        order: Function from the number of samples to their order in the epoch
            that begins, for `shuffle=True`.
        **options: As `ArrayDataAdapter` takes them.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray | None = None,
        sample_weight: np.ndarray | None = None,
        group: int = 1,
        order: Callable | None = None,
        **options,
    ):
        super().__init__(x, y, sample_weight, **options)
        if y is None and sample_weight is not None:
            # Keras drops the weights of samples that have no labels.
            self._inputs = (x, None, sample_weight)
        self._group = group
        self._order = order

    def get_numpy_iterator(self):
        shuffled = bool(self._shuffle) and self._order is not None
        if shuffled and self._shuffle != "batch":
            order = self._order(self._num_samples)
        for start in range(0, self._num_samples, self._batch_size):
            rows = slice(start, start + self._batch_size)
            if shuffled and self._shuffle == "batch":
                count = min(self._batch_size, self._num_samples - start)
                rows = start + self._order(count, start)
            elif shuffled:
                rows = order[rows]
            yield keras.tree.map_structure(
                lambda array: array[rows],  # noqa: B023, used at once
                self._inputs,
                none_is_leaf=False,
            )

    def get_jax_iterator(self):
        return self.get_numpy_iterator()

    def get_torch_dataloader(self):
        batches = Tensors(self.get_numpy_iterator)
        if backend.processes()[1] > 1:
            # The step takes its rows, and only these go to the device.
            batches = Again(self.get_numpy_iterator)
        return Again(lambda: fill_up(batches, self._group))

    def get_tf_dataset(self):
        return for_replicas(Tensors(self.get_numpy_iterator))


def for_replicas(batches):
    """Batches of which on TensorFlow each replica takes its rows."""
    from keras_aegan.backend.tensorflow.processes import WholeBatches

    return WholeBatches(batches)


class Again:
    """An iterable that may be read again and again."""

    def __init__(self, begin):
        self._begin = begin

    def __iter__(self):
        return iter(self._begin())


class Tensors(Again):
    """The same, of tensors in place of NumPy arrays."""

    def __iter__(self):
        for batch in self._begin():
            yield keras.tree.map_structure(
                keras.ops.convert_to_tensor, batch, none_is_leaf=False
            )

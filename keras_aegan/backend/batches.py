"""What `fit` reads its batches from: the same order and checks everywhere.

Keras turns whatever it is given into a data adapter (a private class of
Keras, as are all that this file imports from `keras.src`). These are two more,
so that nothing of Keras need be replaced.
"""

import contextlib
from collections.abc import Callable
from collections.abc import Iterator

import keras
import numpy as np
from keras.src.trainers.data_adapters import get_data_adapter
from keras.src.trainers.data_adapters import is_torch_dataloader
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter
from keras.src.trainers.data_adapters.data_adapter import DataAdapter


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
        order: Function from the number of samples to their order in the epoch
            that begins, for `shuffle=True`.
        in_graph: Boolean, whether TensorFlow fetches batches inside a graph.
        **options: As `ArrayDataAdapter` takes them.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray | None = None,
        sample_weight: np.ndarray | None = None,
        order: Callable | None = None,
        in_graph: bool = False,
        **options,
    ):
        super().__init__(x, y, sample_weight, **options)
        if y is None and sample_weight is not None:
            # Keras drops the weights of samples that have no labels.
            self._inputs = (x, None, sample_weight)
        self._order = order
        self._in_graph = in_graph

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
        return _Tensors(self.get_numpy_iterator)

    def get_tf_dataset(self):
        if not self._in_graph:
            return _Tensors(self.get_numpy_iterator)
        import tensorflow as tf

        size = None if self.has_partial_batch else self._batch_size
        signature = keras.tree.map_structure(
            lambda x: tf.TensorSpec((size, *x.shape[1:]), x.dtype),
            self._inputs,
            none_is_leaf=False,
        )
        data = tf.data.Dataset.from_generator(
            lambda: map(_without_none, self.get_numpy_iterator()),
            output_signature=_without_none(signature),
        )
        if signature != _without_none(signature):
            # TensorFlow takes no `None` from a generator.
            data = data.map(lambda x, sample_weight: (x, None, sample_weight))
        return data.prefetch(tf.data.AUTOTUNE)


class StreamBatches(DataAdapter):
    """Batches of a stream, each looked at on its way.

    Args:
        x: Anything that Keras takes batches from, but arrays.
        check: Function of a batch, which raises if it is not what it should
            be.
        in_graph: As for `ArrayBatches`.
        shapes: Tuple of the shapes of samples and of labels, without the
            batch axis, for a graph whose data set does not know them; `None`
            for one that nobody knows.
        **options: As `keras.Model.fit` takes them.

    Attributes:
        failure: What the check or a generator has raised, or `None`.
    """

    def __init__(
        self,
        x,
        check: Callable,
        in_graph: bool = False,
        shapes: tuple = (),
        **options,
    ):
        self._check = check
        self._shapes = shapes
        self.failure = None
        self._is_empty = True
        # Keras takes generators only, and looks at their first two batches:
        # they are checked before it does.
        self._is_checked = isinstance(x, Iterator)
        x = self._source(x) if self._is_checked else x
        is_foreign = keras.backend.backend() != "torch"
        if is_foreign and is_torch_dataloader(x):
            self._adapter = _LoaderBatches(x, **options)
        else:
            self._adapter = get_data_adapter(x, **options)
        self._in_graph = in_graph

    def get_numpy_iterator(self):
        return self._checked(self._adapter.get_numpy_iterator())

    def get_jax_iterator(self):
        return self._checked(self._adapter.get_jax_iterator())

    def get_torch_dataloader(self):
        loader = self._adapter.get_torch_dataloader()
        return _Again(lambda: self._checked(loader))

    def get_tf_dataset(self):
        data = self._adapter.get_tf_dataset()
        if not self._in_graph:
            return _Again(lambda: self._checked(data))
        import tensorflow as tf

        def look(*batch):
            # `None` stands for labels where there are weights alone.
            parts = tf.nest.flatten(batch)
            is_given = [tf.is_tensor(part) for part in parts]
            seen = tf.numpy_function(
                lambda *tensors: self._check_parts(is_given, tensors),
                [part for part in parts if tf.is_tensor(part)],
                [],
            )
            with tf.control_dependencies([seen]):
                parts = [x if x is None else tf.identity(x) for x in parts]
            for tensor, shape in zip(parts, self._shapes):
                if tensor is not None and shape is not None:
                    tensor.set_shape((None, *shape))
            return tuple(parts) if len(parts) > 1 else parts[0]

        return data.map(look)

    def _check_parts(self, is_given, tensors):
        rest = iter(tensors)
        batch = [next(rest) if given else None for given in is_given]
        try:
            self._check(batch if len(batch) > 1 else batch[0])
        except Exception as error:
            self.failure = error
            raise

    def _source(self, iterator):
        """The batches of a Python iterator, as a generator of tuples."""
        try:
            for batch in iterator:
                batch = _as_tuple(batch)
                self._check(batch)
                self._is_empty = False
                yield batch
            self._check_emptiness()
        except Exception as error:
            self.failure = error
            raise

    def _checked(self, batches):
        for batch in batches:
            if not self._is_checked:
                self._check(batch)
            self._is_empty = False
            yield batch
        self._check_emptiness()

    def _check_emptiness(self):
        if self._is_empty:
            raise ValueError(
                "A data set must have at least one batch. Received: none"
            )

    @property
    def num_batches(self):
        return self._adapter.num_batches

    @property
    def batch_size(self):
        return self._adapter.batch_size

    @property
    def has_partial_batch(self):
        return self._adapter.has_partial_batch

    @property
    def partial_batch_size(self):
        return self._adapter.partial_batch_size

    def on_epoch_begin(self):
        self._adapter.on_epoch_begin()

    def on_epoch_end(self):
        self._adapter.on_epoch_end()


@contextlib.contextmanager
def own_errors(*sources):
    """In this context what goes wrong with data is raised as it was.

    TensorFlow makes errors of its own out of those of Python functions that
    it calls.

    Args:
        *sources: Adapters of data, or `None`.
    """
    try:
        yield
    except Exception:
        for source in sources:
            failure = getattr(source, "failure", None)
            if failure is not None:
                raise failure from None
        raise


class _LoaderBatches(DataAdapter):
    """A `DataLoader` of PyTorch on another backend.

    Keras takes a batch that is a single tensor apart into its rows.
    """

    def __init__(self, loader, shuffle=False, **options):
        given = sorted(k for k, v in options.items() if v is not None)
        if given:
            raise ValueError(
                "A `DataLoader` must have labels and weights of samples as "
                f"second and third part of its batches. Received: {given}"
            )
        self._loader = loader

    def get_numpy_iterator(self):
        for batch in self._loader:
            yield keras.tree.map_structure(
                lambda x: np.asarray(x.cpu()), _as_tuple(batch)
            )

    def get_jax_iterator(self):
        return self.get_numpy_iterator()

    def get_tf_dataset(self):
        return _Tensors(self.get_numpy_iterator)

    @property
    def num_batches(self):
        is_sized = hasattr(self._loader.dataset, "__len__")
        return len(self._loader) if is_sized else None

    @property
    def batch_size(self):
        return self._loader.batch_size

    has_partial_batch = None
    partial_batch_size = None


def _without_none(batch):
    if not isinstance(batch, tuple):
        return batch
    return tuple(part for part in batch if part is not None)


def _as_tuple(batch):
    if isinstance(batch, (list, tuple)):
        return tuple(batch)
    return (batch,)


class _Again:
    """An iterable that may be read again and again."""

    def __init__(self, begin):
        self._begin = begin

    def __iter__(self):
        return iter(self._begin())


class _Tensors(_Again):
    """The same, of tensors in place of NumPy arrays."""

    def __iter__(self):
        for batch in self._begin():
            yield keras.tree.map_structure(
                keras.ops.convert_to_tensor, batch, none_is_leaf=False
            )

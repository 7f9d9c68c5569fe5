"""Data sets and generators as batches for `fit`, each looked at on its way.

Keras' own adapters (private, as are all that this file imports from
`keras.src`) do the reading.
"""

import contextlib
from collections.abc import Callable
from collections.abc import Iterator

import keras
import numpy as np
from keras.src.trainers.data_adapters import get_data_adapter
from keras.src.trainers.data_adapters import is_grain_dataset
from keras.src.trainers.data_adapters import is_torch_dataloader
from keras.src.trainers.data_adapters.data_adapter import DataAdapter

from keras_aegan import backend
from keras_aegan.backend.array_batches import Again
from keras_aegan.backend.array_batches import Tensors
from keras_aegan.backend.array_batches import for_replicas
from keras_aegan.backend.several_batches import fill_up

# Batches of a Grain data set that lie ready, or are being read, at a time.
_READ_AHEAD = 8


class StreamBatches(DataAdapter):
    """Batches of a stream, each looked at on its way.

    Args:
        x: Anything that Keras takes batches from, but arrays.
        check: Function of a batch, which raises if it is not what it should
            be.
        group: As for `ArrayBatches`.
        **options: As `keras.Model.fit` takes them.

    Attributes:
        failure: What the check or a generator has raised, or `None`.
    """

    def __init__(
        self,
        x,
        check: Callable,
        group: int = 1,
        **options,
    ):
        self._check = check
        self._group = group
        self.failure = None
        self._is_empty = True
        # Keras takes generators only, and looks at their first two batches:
        # they are checked before it does.
        self._is_checked = isinstance(x, Iterator)
        x = self._source(x) if self._is_checked else x
        _refuse_sampler(x)
        x = _read_few_ahead(x)
        is_foreign = keras.backend.backend() != "torch"
        if is_foreign and is_torch_dataloader(x):
            self._adapter = _LoaderBatches(x, **options)
        else:
            self._adapter = get_data_adapter(x, **options)

    def get_numpy_iterator(self):
        return self._checked(self._adapter.get_numpy_iterator())

    def get_jax_iterator(self):
        return self._checked(self._adapter.get_jax_iterator())

    def get_torch_dataloader(self):
        loader = self._adapter.get_torch_dataloader()
        return Again(lambda: fill_up(self._checked(loader), self._group))

    def get_tf_dataset(self):
        data = self._adapter.get_tf_dataset()
        return for_replicas(Again(lambda: self._checked(data)))

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


def _refuse_sampler(x):
    """Raise if each process reads another part of a data set already."""
    sampler = type(getattr(x, "sampler", None)).__name__
    if backend.processes()[1] > 1 and sampler == "DistributedSampler":
        raise ValueError(
            "Each process must read the same batches, of which the engine "
            "gives it its rows; `batch_size` is that of all together. "
            "Received: a `DataLoader` with a `DistributedSampler`"
        )


def _read_few_ahead(x):
    """A `MapDataset` of Grain, of which few elements are read ahead.

    Grain reads 500, samples as it thinks, which here are batches: of 64 images
    of 64x64x3 that is 1.6 GB. Whoever says how many by `to_iter_dataset` has
    an `IterDataset`, which is read as it is.
    """
    if not (is_grain_dataset(x) and hasattr(x, "to_iter_dataset")):
        return x
    import grain

    options = grain.ReadOptions(
        num_threads=_READ_AHEAD, prefetch_buffer_size=_READ_AHEAD
    )
    return x.to_iter_dataset(options)


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
    except Exception as error:
        # A failure of data fetched ahead is not what a callback has raised.
        is_foreign = type(error).__module__.startswith("tensorflow")
        for source in sources:
            failure = getattr(source, "failure", None)
            if failure is not None and is_foreign:
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
        return Tensors(self.get_numpy_iterator)

    @property
    def num_batches(self):
        is_sized = hasattr(self._loader.dataset, "__len__")
        return len(self._loader) if is_sized else None

    @property
    def batch_size(self):
        return self._loader.batch_size

    has_partial_batch = None
    partial_batch_size = None


def _as_tuple(batch):
    if isinstance(batch, (list, tuple)):
        return tuple(batch)
    return (batch,)

"""The one way in for data: whatever `fit`, `evaluate` or `encode` is given."""

import math

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan import validation
from keras_aegan.backend.array_batches import ArrayBatches
from keras_aegan.backend.array_batches import is_adapter
from keras_aegan.backend.stream_batches import StreamBatches
from keras_aegan.engine import data_checks
from keras_aegan.engine import label_checks


class DataFeed:
    """Makes batches for a model out of data of any kind, and checks them.

    Arrays are checked whole and at once. The batches of anything else are
    checked as they come, before a step sees them.

    Args:
        model: `AdversarialModel`.
        name: What the caller calls the samples.
        is_new: Boolean, whether the samples' scale has not been looked at.
    """

    def __init__(self, model, name: str = "x", is_new: bool = True):
        self._model = model
        self._name = name
        self._is_new = is_new
        self._last_kind = None

    def arrays(self, x, y=None, sample_weight=None, class_weight=None):
        """Samples, labels and weights as NumPy arrays, checked."""
        # Names, before the frame becomes an array: a warning is of use only
        # if it says which column.
        columns = getattr(x, "columns", None)
        x = data_checks.check_samples(self._model, x, self._name)
        if class_weight is not None and sample_weight is not None:
            raise ValueError(
                "Samples are weighed by `sample_weight` or by `class_weight`. "
                "Received: both"
            )
        if class_weight is not None:
            sample_weight = label_checks.check_class_weight(
                class_weight, y, len(x)
            )
        elif sample_weight is not None:
            sample_weight = label_checks.check_sample_weight(
                sample_weight, len(x)
            )
        is_unseen = self._is_new and self._name == "x" and class_weight is None
        y = label_checks.check_targets(self._model, x, y, warns=is_unseen)
        if self._is_new:
            data_checks.warn_of_scale(self._model, x, columns)
            self._is_new = False
        return x, y, sample_weight

    def check(self, batch):
        """Raise if a batch of a stream is not what the model takes."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(batch)
        is_plain = y is None and sample_weight is None
        kind = (x.shape, x.dtype) if data_checks.is_array(x) else None
        # Shape and type of the batch before were right: what may be wrong
        # with one like it are its numbers.
        if is_plain and kind and kind == self._last_kind:
            data_checks.as_numbers(self._name, x)
            return
        self.arrays(x, y, sample_weight)
        # Tokens are looked at each time: any number of them may be wrong.
        self._last_kind = None if self._model.is_discrete else kind

    def batches(
        self,
        x,
        y=None,
        sample_weight=None,
        batch_size=None,
        steps=None,
        shuffle=False,
        class_weight=None,
    ):
        """What Keras' `fit` takes in place of `x`."""
        # `fit` of Keras hands its validation data to `evaluate`, which comes
        # by here again.
        if is_adapter(x):
            return x
        group = self._model.steps_per_execution
        if batch_size is not None:
            batch_size = validation.check_integer("batch_size", batch_size)
        x = alone(x)
        if not data_checks.is_array(x):
            data_checks.check_stream(self._name, x)
            # Keras shuffles no other stream, and warns of it by default.
            can_shuffle = isinstance(x, keras.utils.PyDataset)
            return StreamBatches(
                x,
                self.check,
                group,
                y=y,
                sample_weight=sample_weight,
                class_weight=class_weight,
                shuffle=shuffle and can_shuffle,
            )
        return ArrayBatches(
            *self.arrays(x, y, sample_weight, class_weight),
            group=group,
            order=self._order,
            batch_size=batch_size,
            steps=steps,
            shuffle=shuffle,
        )

    def _order(self, count, start=0):
        """The order of samples in the epoch that begins.

        A function of the optimizer's seed and of the steps done, so that a
        run that goes on from a backup sees what it would have seen.
        """
        optimizer = self._model.optimizer
        # An epoch begins, so no step runs. TensorFlow may ask from a thread
        # for which the step that waits for this batch holds the lock.
        key = [
            int(keras.ops.convert_to_numpy(backend.read(v)))
            for v in (optimizer.order_seed, optimizer.iterations)
        ]
        return np.random.default_rng([*key, start]).permutation(count)


def check_counts(**counts) -> None:
    """Raise if an argument of `fit` or the like is no number of anything.

    Args:
        **counts: Values by the names of the arguments; `None` is allowed.

    Raises:
        ValueError: if one is not an integer, or too small.
    """
    for name, value in counts.items():
        may_be_zero = name in ("epochs", "initial_epoch")
        if value is not None:
            validation.check_integer(name, value, 0 if may_be_zero else 1)


def alone(x):
    """The one array of a list of one."""
    is_list = isinstance(x, (list, tuple)) and len(x) == 1
    return x[0] if is_list and data_checks.is_array(x[0]) else x


def samples_and_labels(x):
    """The two of a list of samples and labels, as `predict` takes it."""
    if isinstance(x, (list, tuple)) and len(x) == 2:
        return x
    return alone(x), None


def split_validation(x, y, sample_weight, share):
    """The last part of arrays, for validation, as Keras cuts it off.

    Args:
        x, y, sample_weight: Arrays or `None`.
        share: Float in (0, 1).

    Returns:
        The three arrays for training, and three for validation.

    Raises:
        ValueError: if `x` is not an array, or one of the parts is empty.
    """
    share = validation.check_number(
        "validation_split", share, 0, 1, open_ends="both"
    )
    x = alone(x)
    if not data_checks.is_array(x):
        raise ValueError(
            "`validation_split` is for arrays. Received: "
            f"{type(x).__name__}; give the held-out data as `validation_data`"
        )
    count = int(x.shape[0])
    cut = math.floor(count * (1 - share))
    if cut in (0, count):
        raise ValueError(
            "`validation_split` must leave samples on both sides. Received: "
            f"validation_split={share} for {count} samples"
        )
    parts = [
        (None, None) if a is None else (_rows(a, 0, cut), _rows(a, cut, count))
        for a in (x, y, sample_weight)
    ]
    return zip(*parts)


def _rows(array, start, stop):
    rows = getattr(array, "iloc", array)
    return rows[start:stop]

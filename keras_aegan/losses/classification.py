"""The cross-entropy of labels of which some are missing."""

import keras
import numpy as np
from keras import ops

from keras_aegan.arrays import array_or_tensor
from keras_aegan.arrays import weigh
from keras_aegan.backend import replicas


def masked_cross_entropy(labels, logits, sample_weight=None):
    """The mean cross-entropy of the samples that have a label.

    `-sum_known log softmax(logits)[label] / max(1, number of known)`

    Keras' `SparseCategoricalCrossentropy(ignore_class=-1)` needs labels and
    divides by their number plus 1e-7. Here `labels` may be `None`, and the
    mean is exact.

    Args:
        labels: Tensor or array `(batch_size,)` or `(batch_size, 1)` of
            integers in [0, num_classes), and exactly -1 where the label is
            not known. `None` if none is.
        logits: Tensor `(batch_size, num_classes)`.
        sample_weight: Tensor `(batch_size,)`, by which the summands are
            multiplied, or `None`. The number of known labels stays what it is.

    Returns:
        Scalar, float32; 0 if no label is known. NaN if a tensor of labels
        holds other numbers, which backends would count as classes or as
        unknown, each in its own way; the gradient is then 0.

    Raises:
        ValueError: if a shape is not as above, or an array of labels holds
            other numbers.

    Example:

    >>> logits = np.zeros((2, 4), "float32")
    >>> print(round(float(masked_cross_entropy([3, -1], logits)), 4))
    1.3863
    """
    logits = ops.cast(logits, "float32")
    if labels is None:
        return 0.0 * ops.sum(logits)
    labels = array_or_tensor("labels", labels)
    num_classes = _check_shapes(labels, logits)
    if isinstance(labels, np.ndarray):
        _check_values(labels, num_classes)
    # Casting to integers first would turn NaN and 0.7 into classes.
    labels = ops.reshape(ops.cast(labels, "float32"), (-1,))
    is_known = (labels >= 0) & (labels < num_classes)
    is_known = is_known & (labels == ops.floor(labels))
    is_valid = ops.all(is_known | (labels == -1))
    known = ops.cast(is_known, "float32")
    values = keras.losses.sparse_categorical_crossentropy(
        ops.cast(ops.where(is_known, labels, 0.0), "int32"),
        logits,
        from_logits=True,
    )
    values = weigh(known * values, sample_weight)
    # By how many the whole batch has: its parts may have other numbers.
    count = replicas.sum_over_replicas(ops.sum(known))
    mean = replicas.sum_over_replicas(ops.sum(values)) / ops.maximum(count, 1.0)
    return ops.where(is_valid, mean, float("nan"))


def _check_shapes(labels, logits):
    """The number of classes, of arguments whose shapes fit each other."""
    shape, others = tuple(labels.shape), tuple(logits.shape)
    fits = (
        len(others) == 2
        and len(shape) in (1, 2)
        and shape[1:] in ((), (1,))
        and (shape[0] == others[0] or None in (shape[0], others[0]))
    )
    if not fits:
        raise ValueError(
            "`labels` must have the shape (batch_size,) or (batch_size, 1), "
            "and `logits` (batch_size, num_classes). "
            f"Received: {shape} and {others}"
        )
    return others[1]


def _check_values(labels, num_classes):
    is_valid = np.isin(labels, np.arange(-1, num_classes))
    if not is_valid.all():
        raise ValueError(
            f"`labels` must be integers in [0, {num_classes}), or -1 where "
            f"they are not known. Received: {labels[~is_valid].ravel()[:5]}"
        )

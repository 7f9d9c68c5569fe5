"""The cross-entropy of labels of which some are missing."""

import keras
from keras import ops


def masked_cross_entropy(labels, logits):
    """The mean cross-entropy of the samples that have a label.

    `-sum_known log softmax(logits)[label] / max(1, number of known)`

    Keras' `SparseCategoricalCrossentropy(ignore_class=-1)` needs labels and
    divides by their number plus 1e-7. Here `labels` may be `None`, and the
    mean is exact.

    Args:
        labels: Tensor `(batch_size,)` or `(batch_size, 1)` of integers from
            0, and -1 where the label is not known. `None` if none is.
        logits: Tensor `(batch_size, num_classes)`.

    Returns:
        Scalar, float32; 0 if no label is known.

    Example:

    >>> logits = np.zeros((2, 4), "float32")
    >>> print(round(float(masked_cross_entropy([3, -1], logits)), 4))
    1.3863
    """
    logits = ops.cast(logits, "float32")
    if labels is None:
        return 0.0 * ops.sum(logits)
    labels = ops.reshape(ops.cast(labels, "int32"), (-1,))
    known = ops.cast(labels >= 0, "float32")
    values = keras.losses.sparse_categorical_crossentropy(
        ops.maximum(labels, 0), logits, from_logits=True
    )
    return ops.sum(known * values) / ops.maximum(ops.sum(known), 1.0)

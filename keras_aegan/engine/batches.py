"""The part of a batch that each turn of a step sees."""

import keras
from keras import ops


def split_batch(x, y, turns: int) -> list:
    """Divide a batch among turns, in order and as evenly as it goes.

    A turn for which nothing is left, in a batch of fewer samples than turns,
    sees all of it.

    Args:
        x: Tensor of samples, `(batch_size, ...)`.
        y: Tensor of labels, `(batch_size, ...)`, `None`, or a tuple of such.
        turns: Non-negative integer.

    Returns:
        List of pairs of samples and labels.
    """
    size = ops.shape(x)[0]
    parts = []
    for turn in range(turns):
        first, end = size * turn // turns, size * (turn + 1) // turns
        if isinstance(size, int):
            first, end = (first, end) if first < end else (0, size)
        else:
            # A batch of any size on TensorFlow: its size is a tensor.
            is_empty = first == end
            first = ops.where(is_empty, 0, first)
            end = ops.where(is_empty, size, end)
        parts.append((x[first:end], _rows(y, first, end)))
    return parts


def _rows(y, first, end):
    return keras.tree.map_structure(
        lambda each: None if each is None else each[first:end], y
    )

"""One step on several devices, each with its part of the batch.

On PyTorch and TensorFlow each replica runs the step on rows of its own. What
is a mean over samples is then averaged over the replicas; what looks at a
batch as a whole asks for it here. On JAX arrays are global: there is one
program, and nothing in this file has anything to do.
"""

import contextlib
import contextvars
import math
from typing import Any
from typing import NamedTuple

import keras
import numpy as np
from keras import ops

from keras_aegan import backend

# Gradients travel in buckets of at most so many numbers: few messages, and
# little memory beside the gradients themselves.
BUCKET = 2**24

_division: contextvars.ContextVar[Any] = contextvars.ContextVar(
    "division", default=None
)
_rows = contextvars.ContextVar("rows", default=None)


class ReplicaError(RuntimeError):
    """Replicas that can no longer train together."""


class Division(NamedTuple):
    """How the batch of a step is divided among replicas."""

    index: Any
    """Which of them this one is."""
    count: int  # type: ignore[assignment]  # Not a tuple's.
    """How many there are."""


class Part(NamedTuple):
    """Which of the numbers of one draw for all replicas are this one's.

    The draw consists of `blocks` runs, and each run of `count` equal parts.
    """

    blocks: Any
    index: Any
    count: int  # type: ignore[assignment]  # Not a tuple's.


def division() -> Division | None:
    """How the current batch is divided; `None` if it is not."""
    return _division.get()


def replica_count() -> int:
    """How many parts the current batch has."""
    current = _division.get()
    return 1 if current is None else current.count


@contextlib.contextmanager
def divided(current: Division | None):
    """In this context a replica has its part of a batch, or all of it."""
    token = _division.set(current)
    try:
        yield
    finally:
        _division.reset(token)


@contextlib.contextmanager
def rows_of(x):
    """In this context a batch has as many rows here as `x` has.

    What has a multiple of them consists of several batches, one after the
    other.

    Args:
        x: Nest of tensors.
    """
    if _division.get() is None:
        yield
        return
    token = _rows.set(ops.shape(keras.tree.flatten(x)[0])[0])
    try:
        yield
    finally:
        _rows.reset(token)


def part_of(shape: tuple, axis: int | None) -> Part | None:
    """This replica's part of numbers that are drawn for all of them.

    Args:
        shape: Tuple of integers, that of this replica's numbers.
        axis: Integer, that of the samples, or `None` if there is none: all
            replicas then draw the same.

    Returns:
        `None` where all replicas draw the same, or there is one.
    """
    current, rows = _division.get(), _rows.get()
    if current is None or rows is None or axis is None:
        return None
    size = shape[axis]
    both = isinstance(size, int) and isinstance(rows, int)
    # Another number of rows is not that of samples, such as of weights.
    if both and (not rows or size % rows):
        return None
    blocks = math.prod(shape[:axis]) * (size // rows)
    return Part(blocks, *current)


# === Sums and means over replicas ===


def sum_over_replicas(x):
    """The sum of a tensor over all replicas; it can be differentiated."""
    return x if _division.get() is None else backend.sum_over_replicas(x)


def mean_over_replicas(x):
    """The mean of a tensor over all replicas; it can be differentiated.

    The mean over samples of a part becomes that over the whole batch.
    """
    current = _division.get()
    if current is None:
        return x
    return backend.sum_over_replicas(x) / current.count


def every_replica(x):
    """The tensors of all replicas, stacked along a new first axis."""
    current = _division.get()
    if current is None:
        return ops.expand_dims(x, 0)
    places = ops.arange(current.count, dtype="int32")
    is_own = ops.equal(places, current.index)
    is_own = ops.reshape(is_own, (-1, *(1 for _ in x.shape)))
    # Not a product: 0 times NaN would reach the rows of others.
    own = ops.where(is_own, ops.expand_dims(x, 0), ops.zeros((), x.dtype))
    return backend.sum_over_replicas(own)


def whole_batch(x, is_flat: bool = False):
    """The rows of all replicas, in the order of the undivided batch.

    Args:
        x: Tensor `(rows, ...)`; of several batches, one after the other, each
            is put together by itself.
        is_flat: Boolean, whether each sample has several rows, all of one
            batch.

    Returns:
        Tensor with as many times the rows as there are replicas.
    """
    current = _division.get()
    if current is None:
        return x
    shape = tuple(ops.shape(x))
    blocks = 1 if is_flat else _blocks(shape[0])
    x = ops.reshape(x, (blocks, shape[0] // blocks, *shape[1:]))
    x = ops.swapaxes(every_replica(x), 0, 1)
    return ops.reshape(x, (shape[0] * current.count, *shape[1:]))


def own_rows(x):
    """This replica's rows of what `whole_batch` has put together."""
    current = _division.get()
    if current is None:
        return x
    shape = tuple(ops.shape(x))
    rows = shape[0] // current.count
    blocks = _blocks(rows)
    x = ops.reshape(x, (blocks, current.count, rows // blocks, *shape[1:]))
    own = ops.take(x, current.index, axis=1)
    return ops.reshape(own, (rows, *shape[1:]))


def _blocks(size):
    rows = _rows.get()
    both = isinstance(size, int) and isinstance(rows, int)
    if rows is None or (both and (not rows or size % rows)):
        return 1
    return size // rows


def averaged(nest):
    """Means over replicas of all float tensors of a nest, in few messages.

    Args:
        nest: Nest of tensors, the same on all replicas. Tensors that are no
            floats are left as they are.
    """
    current = _division.get()
    if current is None:
        return nest
    leaves = keras.tree.flatten(nest)
    by_type = {}
    for i, leaf in enumerate(leaves):
        kind = keras.backend.standardize_dtype(leaf.dtype)
        if "float" in kind:
            by_type.setdefault(kind, []).append(i)
    for places in by_type.values():
        for bucket in _buckets(places, leaves):
            _average(bucket, leaves, current.count)
    return keras.tree.pack_sequence_as(nest, leaves)


def _buckets(places, leaves):
    """Groups of tensors, each of `BUCKET` numbers at most if it can be."""
    groups, room = [], 0
    for i in places:
        size = math.prod(leaves[i].shape)
        if not groups or size > room:
            groups.append([])
            room = BUCKET
        groups[-1].append(i)
        room -= size
    return groups


def _average(bucket, leaves, count):
    """Replace tensors in a list by their means over replicas."""
    flat = ops.concatenate([ops.reshape(leaves[i], (-1,)) for i in bucket])
    flat = backend.sum_over_replicas(flat) / count
    start = 0
    for i in bucket:
        size = math.prod(leaves[i].shape)
        leaves[i] = ops.reshape(flat[start : start + size], leaves[i].shape)
        start += size


# === What all replicas have ===


def state_of(model) -> list:
    """All variables that a step may read or assign; the same everywhere."""
    return [
        *model.variables,
        *model.optimizer.variables,
        *model.metrics_variables,
    ]


# === Which rows ===


def own_slice(batch, current: Division, turns: int):
    """This replica's rows of a batch, or `None` if it cannot be divided.

    Args:
        batch: Nest of arrays or tensors and `None`.
        current: `Division`.
        turns: Integer, among how many turns each replica divides its rows:
            each turn then sees the rows that it sees on one device.
    """
    arrays = [x for x in keras.tree.flatten(batch) if x is not None]
    size = arrays[0].shape[0]
    if size % (turns * current.count):
        return None
    rows = size // (turns * current.count)
    starts = [
        turn * rows * current.count + current.index * rows
        for turn in range(turns)
    ]

    def own(x):
        parts = [x[start : start + rows] for start in starts]
        if len(parts) == 1:
            return parts[0]
        on = np if isinstance(x, np.ndarray) else ops
        return on.concatenate(parts)

    return keras.tree.map_structure(lambda x: x if x is None else own(x), batch)

"""Batches for one call of a step function: as many as steps per execution."""

import itertools
from collections.abc import Iterable
from collections.abc import Iterator

import keras


def fetch(iterator: Iterator, count: int) -> list:
    """The next batches, at most `count`.

    They are fetched before any of the steps begins: what goes wrong with data
    goes wrong between two steps.

    Raises:
        StopIteration: if there are none.
    """
    batches = list(itertools.islice(iterator, count))
    if not batches:
        raise StopIteration
    return batches


def in_groups(batches: list, size: int) -> list:
    """Lists of batches, each for one program: `size` of them, or one.

    The last batches of an epoch, of which there are fewer or one is smaller,
    come one by one: they need no program for each number of them.
    """
    if len(batches) == size and len({*map(_kind, batches)}) == 1:
        return [batches]
    return [[batch] for batch in batches]


def fill_up(batches: Iterable, count: int) -> Iterator:
    """Batches, and `None` for each that the last group of `count` lacks.

    Keras' trainer for PyTorch fetches whole groups, and warns of data that run
    out in the middle of one.
    """
    rest = iter(batches)
    while group := list(itertools.islice(rest, count)):
        yield from group + [None] * (count - len(group))


def _kind(batch):
    """Shapes and types of a batch, `False` for what it does not have."""
    return tuple(
        hasattr(x, "shape") and (tuple(x.shape), str(x.dtype))
        for x in keras.tree.flatten(batch)
    )

"""Replicas of `tf.distribute.MirroredStrategy`: devices of one process."""

import tensorflow as tf

from keras_aegan.backend import replicas


def processes() -> tuple:
    """Which process this one is, and how many train together: one."""
    return 0, 1


def share(variables: list) -> None:
    """Nothing to do: the strategy creates variables alike."""


def share_numbers(numbers: list) -> list:
    """The integers of all processes, one list for each process."""
    return [numbers]


def sum_over_replicas(x) -> tf.Tensor:
    """The sum of a tensor over all replicas; it can be differentiated."""
    context = tf.distribute.get_replica_context()
    return context.all_reduce(tf.distribute.ReduceOp.SUM, x)


def replica() -> replicas.Division:
    """Which replica calls, and of how many."""
    context = tf.distribute.get_replica_context()
    if context is None or context.num_replicas_in_sync == 1:
        return replicas.Division(0, 1)
    # A constant: each replica has a graph of its own.
    index = tf.get_static_value(context.replica_id_in_sync_group)
    return replicas.Division(int(index), context.num_replicas_in_sync)


def own_part(data, turns: int):
    """This replica's rows of a batch, and how the batch is divided.

    A batch that cannot be divided evenly is computed whole by every replica:
    each then moves as the one would.
    """
    division = replica()
    if division.count == 1:
        return data, None
    own = replicas.own_slice(data, division, turns)
    return (data, None) if own is None else (own, division)


class WholeBatches(tf.distribute.DistributedDataset):
    """Batches that reach all replicas whole; each takes its rows of them.

    Keras takes them for divided already, and so leaves them as they are. A
    strategy would divide an uneven one into uneven parts, whose means are not
    those of the batch.

    Args:
        batches: Iterable that may be read again.
    """

    def __init__(self, batches):
        self._batches = batches

    def __iter__(self):
        return iter(self._batches)


def check_strategy(model) -> None:
    """Raise if there are several replicas.

    Their part of the engine is here and is not finished: with some models
    replicas wait for each other for ever.

    Raises:
        ValueError: if so.
    """
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync > 1:
        raise ValueError(
            "Models of keras_aegan train on one replica on TensorFlow. "
            f"Received: {type(strategy).__name__} with "
            f"{strategy.num_replicas_in_sync} replicas"
        )

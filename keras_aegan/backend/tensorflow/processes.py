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
    """Raise where a strategy's replicas cannot train together.

    Raises:
        ValueError: if there are several processes, or `compile` is called
            outside of the scope.
    """
    strategy = model.distribute_strategy
    if strategy.num_replicas_in_sync == 1:
        return
    received = (
        f"{type(strategy).__name__} with "
        f"{strategy.num_replicas_in_sync} replicas"
    )
    if type(strategy) is not tf.distribute.MirroredStrategy:
        raise ValueError(
            "On TensorFlow several replicas train by "
            f"`tf.distribute.MirroredStrategy`. Received: {received}"
        )
    if tf.distribute.get_strategy() is not strategy:
        raise ValueError(
            "`compile` must be called in the scope of the strategy in which "
            "the model was made: `with strategy.scope(): ...`. Received: a "
            f"call outside of it, with {received}"
        )

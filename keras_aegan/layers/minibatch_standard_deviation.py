"""The standard deviation within a batch, against mode collapse."""

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.validation import check_integer

_EPSILON = 1e-8


@keras.saving.register_keras_serializable(package="keras_aegan")
class MinibatchStandardDeviation(keras.layers.Layer):
    """Appends one channel: the standard deviation within groups of a batch.

    With it a discriminator detects a generator without diversity (mode
    collapse). Of `m = batch_size / group` groups the g-th holds the samples
    `g`, `g + m`, `g + 2 m`, ...; each gets one number, repeated over its
    samples and positions:

    `mean over positions and channels of sqrt(variance over group + 1e-8)`

    The group is the largest one of at most `group_size` samples, but at least
    2, that divides the batch; where there is none, it is the whole batch.
    Models of this package call a network with this layer on real and generated
    samples separately, as `mixes_samples` asks them to.

    Args:
        group_size: Integer, at least 2.

    Input shape: `(batch_size, ..., channels)`.
    Output shape: `(batch_size, ..., channels + 1)`.

    Raises:
        ValueError: if `group_size` is below 2 or the input has one axis only.

    Example:

    >>> x = np.zeros((8, 4, 4, 16), "float32")
    >>> MinibatchStandardDeviation()(x).shape
    (8, 4, 4, 17)

    Reference: Karras et al. 2018, arXiv:1710.10196, section 3; groups as in
    the authors' program, which accepts only batches that they divide.
    """

    mixes_samples = True

    def __init__(self, group_size: int = 4, **kwargs):
        super().__init__(**kwargs)
        self.group_size = check_integer("group_size", group_size, minimum=2)
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        if len(input_shape) < 2:
            raise ValueError(
                "The input must be (batch_size, ..., channels). "
                f"Received: input_shape={tuple(input_shape)}"
            )
        *others, channels = input_shape
        return (*others, None if channels is None else channels + 1)

    def call(self, inputs):
        self.compute_output_shape(inputs.shape)
        # Variances and 1e-8 are outside the range of float16. Groups are of
        # the whole batch: its parts would have others.
        x = replicas.whole_batch(ops.cast(inputs, "float32"))
        batch_size, *others, channels = ops.shape(x)
        group = _group(batch_size, self.group_size)
        x = ops.reshape(x, (group, batch_size // group, *others, channels))
        deviation = ops.sqrt(ops.var(x, axis=0) + _EPSILON)
        axes = tuple(range(1, len(inputs.shape)))
        number = ops.mean(deviation, axis=axes, keepdims=True)
        number = ops.tile(number, (group, *(1 for _ in axes)))
        number = replicas.own_rows(number)
        channel = ops.broadcast_to(number, (*ops.shape(inputs)[:-1], 1))
        channel = ops.cast(channel, inputs.dtype)
        return ops.concatenate([inputs, channel], axis=-1)

    def get_config(self) -> dict:
        return {**super().get_config(), "group_size": self.group_size}


def _group(batch_size, group_size):
    """The size of a group: an integer, or a tensor where the batch's is."""
    group = batch_size
    for size in range(2, group_size + 1):
        divides = batch_size % size == 0
        if isinstance(divides, bool):
            group = size if divides else group
        else:
            group = ops.where(divides, size, group)
    return group

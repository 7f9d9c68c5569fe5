"""Batch normalisation over a batch that is divided among replicas."""

import keras
from keras import ops

from keras_aegan.backend.replicas import every_replica


def normalize(layer, inputs):
    """`BatchNormalization.call` in training, by the whole batch's statistics.

    Args:
        layer: `keras.layers.BatchNormalization`.
        inputs: Tensor, this replica's rows.
    """
    x = ops.cast(inputs, "float32")
    axis = layer.axis % len(x.shape)
    axes = [i for i in range(len(x.shape)) if i != axis]
    shape = [1] * len(x.shape)
    shape[axis] = x.shape[axis]
    own = ops.stack([ops.mean(x, axis=axes), ops.var(x, axis=axes)])
    means, variances = ops.unstack(every_replica(own), 2, axis=1)
    mean = ops.mean(means, axis=0)
    # Not the mean square less the squared mean, whose digits cancel.
    spread = ops.square(means - mean)
    variance = ops.mean(variances + spread, axis=0)
    for average, value in (
        (layer.moving_mean, mean),
        (layer.moving_variance, variance),
    ):
        old = keras.ops.convert_to_tensor(average)
        average.assign(value + layer.momentum * (old - value))
    scale = ops.rsqrt(variance + layer.epsilon)
    if layer.scale:
        scale = scale * ops.cast(layer.gamma, "float32")
    outputs = (x - ops.reshape(mean, shape)) * ops.reshape(scale, shape)
    if layer.center:
        beta = ops.cast(layer.beta, "float32")
        outputs = outputs + ops.reshape(beta, shape)
    return ops.cast(outputs, layer.compute_dtype)

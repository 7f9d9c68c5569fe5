"""A discriminator's trunk from an encoder's weights."""

import keras
import numpy as np
from keras import ops

from keras_aegan import backend


def trunk_pairs(encoder, discriminator):
    """Layers of two networks that stand in the same place and fit.

    Dense and convolutional layers are counted from the input; the last one of
    each network, which makes codes or logits, is left out.

    Args:
        encoder: Keras model.
        discriminator: Keras model.

    Returns:
        List of triples: a layer of the encoder, the batch normalisation that
        follows it or `None`, and the layer of the discriminator.
    """
    pairs = zip(_weighted(encoder)[:-1], _weighted(discriminator)[:-1])
    return [
        (layer, norm, other)
        for (layer, norm), (other, _) in pairs
        if layer.kernel.shape == other.kernel.shape
    ]


def copy_trunk(encoder, discriminator):
    """Let a discriminator's trunk compute what the encoder's does.

    The encoder's batch normalisation, which a discriminator does without, is
    folded into the kernel and the bias as it is at inference.

    Args:
        encoder: Keras model.
        discriminator: Keras model.
    """
    for layer, norm, other in trunk_pairs(encoder, discriminator):
        kernel, bias = _folded(layer, norm)
        other.kernel.assign(kernel)
        if other.use_bias:
            other.bias.assign(bias)


def _weighted(network):
    """Dense and convolutional layers, each with its normalisation."""
    found = []
    for layer in backend.sublayers(network):
        if isinstance(getattr(layer, "kernel", None), keras.Variable):
            found.append([layer, None])
        elif found and isinstance(layer, keras.layers.BatchNormalization):
            found[-1][1] = layer
    return found


def _folded(layer, norm):
    """Kernel and bias, NumPy arrays, of a layer and its normalisation."""
    kernel = np.array(ops.convert_to_numpy(layer.kernel))
    bias = np.zeros(kernel.shape[-1], kernel.dtype)
    if layer.use_bias:
        bias += ops.convert_to_numpy(layer.bias)
    if norm is None:
        return kernel, bias
    mean, variance = (
        ops.convert_to_numpy(v)
        for v in (norm.moving_mean, norm.moving_variance)
    )
    scale = 1 / np.sqrt(variance + norm.epsilon)
    if norm.scale:
        scale = scale * ops.convert_to_numpy(norm.gamma)
    bias = (bias - mean) * scale
    if norm.center:
        bias = bias + ops.convert_to_numpy(norm.beta)
    return kernel * scale, bias

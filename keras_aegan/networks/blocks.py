"""What dense and convolutional networks are built from."""

import keras

from keras_aegan import layers
from keras_aegan.random import VarianceScaling

_CONVOLUTIONS = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D}
_CROPPINGS = {1: keras.layers.Cropping1D, 2: keras.layers.Cropping2D}


def dense(units, **kwargs):
    """A dense layer whose initial weights are the same on every backend."""
    return keras.layers.Dense(
        units, kernel_initializer=VarianceScaling(1.0, "fan_avg"), **kwargs
    )


def convolution(axes, channels, kernel_size, strides=1, **kwargs):
    """A 1-D or 2-D convolution, padded so that only strides shrink it."""
    return _CONVOLUTIONS[axes](
        channels,
        kernel_size,
        strides=strides,
        padding="same",
        kernel_initializer=VarianceScaling(1.0, "fan_avg"),
        **kwargs,
    )


def cropping(axes, excess):
    """Cut `excess` positions off the end of each axis."""
    margins = tuple((0, e) for e in excess)
    return _CROPPINGS[axes](margins if axes > 1 else margins[0])


def finish(x, normalization, slope, dropout):
    """What follows a hidden layer: normalise, rectify, drop.

    Args:
        x: Symbolic tensor.
        normalization: `"batch"`, `"layer"` or `None`.
        slope: Float, the leaky rectifier's slope below 0; 0 cuts off.
        dropout: Float in [0, 1), the rate of Gaussian dropout.
    """
    if normalization == "batch":
        x = keras.layers.BatchNormalization(momentum=0.97)(x)
    elif normalization == "layer":
        x = keras.layers.LayerNormalization()(x)
    elif normalization is not None:
        raise ValueError(
            "`normalization` must be 'batch', 'layer' or None. "
            f"Received: normalization={normalization!r}"
        )
    x = keras.layers.LeakyReLU(slope)(x) if slope else keras.layers.ReLU()(x)
    return layers.GaussianDropout(dropout)(x) if dropout else x


def noisy(x, noise):
    """Gaussian noise of the given standard deviation, if it is above 0."""
    return layers.GaussianNoise(noise)(x) if noise else x

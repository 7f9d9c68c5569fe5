"""What dense and convolutional networks are built from."""

import keras

from keras_aegan import layers
from keras_aegan.random import VarianceScaling

_CONVOLUTIONS = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D}
_CROPPINGS = {1: keras.layers.Cropping1D, 2: keras.layers.Cropping2D}


def dense(units, **kwargs):
    """A dense layer whose initial weights are the same on every backend."""
    return keras.layers.Dense(units, **{**_initial(), **kwargs})


def convolution(axes, channels, kernel_size, strides=1, **kwargs):
    """A 1-D or 2-D convolution, padded so that only strides shrink it."""
    return _CONVOLUTIONS[axes](
        channels,
        kernel_size,
        strides=strides,
        padding="same",
        **{**_initial(), **kwargs},
    )


def _initial():
    return {"kernel_initializer": VarianceScaling(1.0, "fan_avg")}


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


def residual(x, count, normalization, slope, dropout):
    """`x + f(x)`, so many times, each with an `f` of two layers.

    The second layer begins at 0, so a block begins as the identity and needs
    no normalisation, however many there are (Zhang et al. 2019,
    arXiv:1901.09321; so do the networks of R3GAN).

    Args:
        x: Symbolic tensor, `(batch_size, features)` or
            `(batch_size, ..., channels)`.
        count: Non-negative integer, the number of blocks.
        normalization: `"batch"`, `"layer"` or `None`, inside a block.
        slope: Float, the leaky rectifier's slope below 0; 0 cuts off.
        dropout: Float in [0, 1), the rate of Gaussian dropout.
    """
    axes, size = len(x.shape) - 2, x.shape[-1]

    def layer(**kwargs):
        return (
            convolution(axes, size, 3, **kwargs)
            if axes
            else dense(size, **kwargs)
        )

    for _ in range(count):
        y = layer(use_bias=normalization != "batch")(x)
        y = finish(y, normalization, slope, dropout)
        x = keras.layers.Add()([x, layer(kernel_initializer="zeros")(y)])
    return x


def entrance(shape, noise, augmentation):
    """The input of an encoder or discriminator, and what of it is seen."""
    if augmentation and len(shape) != 3:
        raise ValueError(
            "`augmentation` changes images, of shape (height, width, "
            f"channels). Received: shape={tuple(shape)}"
        )
    x = start = keras.Input(shape)
    if augmentation:
        x = layers.DiffAugment(augmentation)(x)
    return start, noisy(x, noise)


def noisy(x, noise):
    """Gaussian noise of the given standard deviation, if it is above 0."""
    return layers.GaussianNoise(noise)(x) if noise else x

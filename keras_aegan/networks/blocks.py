"""Layers and blocks of which the default networks are built."""

import keras

from keras_aegan import layers
from keras_aegan.random import InitialWeights
from keras_aegan.validation import check_in

_CONVOLUTIONS = {1: keras.layers.Conv1D, 2: keras.layers.Conv2D}
_CROPPINGS = {1: keras.layers.Cropping1D, 2: keras.layers.Cropping2D}


def dense(units, **kwargs):
    """A dense layer whose initial weights are the same on every backend."""
    return keras.layers.Dense(units, **{**_initial(), **kwargs})


def convolution(axes, channels, kernel_size, strides=1, **kwargs):
    """A 1-D or 2-D convolution with padding `"same"`."""
    return _CONVOLUTIONS[axes](
        channels,
        kernel_size,
        strides=strides,
        padding="same",
        **{**_initial(), **kwargs},
    )


def _initial():
    return {"kernel_initializer": InitialWeights(1.0, "fan_avg")}


def depth_to_space(x):
    """`keras_aegan.layers.DepthToSpace(2)`, of layers that are Keras' own.

    A generator can then be loaded where this package is not installed.

    Args:
        x: Symbolic tensor, `(batch_size, steps, 2 * channels)` or
            `(batch_size, height, width, 4 * channels)`.
    """
    *sizes, groups = x.shape[1:]
    channels = groups // 2 ** len(sizes)
    if len(sizes) == 2:
        x = keras.layers.Reshape((*sizes, 2, 2, channels))(x)
        x = keras.layers.Permute((1, 3, 2, 4, 5))(x)
    return keras.layers.Reshape((*(2 * n for n in sizes), channels))(x)


def cropping(axes, excess):
    """A layer that removes `excess` positions from the end of each axis."""
    margins = tuple((0, e) for e in excess)
    return _CROPPINGS[axes](margins if axes > 1 else margins[0])


def normalize_and_activate(x, normalization, negative_slope, dropout):
    """What follows a hidden layer: normalisation, rectifier and dropout.

    Args:
        x: Symbolic tensor.
        normalization: `"batch"`, `"layer"` or `None`.
        negative_slope: Float, that of `LeakyReLU`; 0 for `ReLU`.
        dropout: Float in [0, 1), the rate of Gaussian dropout.
    """
    check_in("normalization", normalization, ("batch", "layer", None))
    if normalization == "batch":
        x = keras.layers.BatchNormalization(momentum=0.97)(x)
    elif normalization == "layer":
        x = keras.layers.LayerNormalization()(x)
    if negative_slope:
        x = keras.layers.LeakyReLU(negative_slope)(x)
    else:
        x = keras.layers.ReLU()(x)
    return layers.GaussianDropout(dropout)(x) if dropout else x


def activate(x, activation):
    """The activation of an output.

    Args:
        x: Symbolic tensor.
        activation: Name of an activation, or a Keras layer, of which the
            network gets a copy: several networks may be built with it.
    """
    if isinstance(activation, keras.layers.Layer):
        config = {**activation.get_config(), "name": None}
        return type(activation).from_config(config)(x)
    return keras.layers.Activation(activation)(x)


def residual(x, count, normalization, negative_slope, dropout):
    """Residual blocks `x + f(x)`, each with an `f` of two layers.

    The weights of the second layer are initially 0. So a block is initially
    the identity and needs no normalisation, however many there are (Zhang et
    al. 2019, arXiv:1901.09321, as in the networks of R3GAN).

    Args:
        x: Symbolic tensor, `(batch_size, features)` or
            `(batch_size, ..., channels)`.
        count: Non-negative integer, the number of blocks.
        normalization: `"batch"`, `"layer"` or `None`, inside a block.
        negative_slope: Float, that of `LeakyReLU`; 0 for `ReLU`.
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
        y = normalize_and_activate(y, normalization, negative_slope, dropout)
        x = keras.layers.Add()([x, layer(kernel_initializer="zeros")(y)])
    return x


def input_layers(shape, noise, augmentation):
    """The input of an encoder or discriminator, and the tensor after noise.

    Args:
        shape: Tuple of integers, the shape of one sample.
        noise: Float, standard deviation of noise in training.
        augmentation: Policy of `keras_aegan.layers.DiffAugment`, or `None`.
    """
    if augmentation and len(shape) != 3:
        raise ValueError(
            "`augmentation` is for images, of shape (height, width, "
            f"channels). Received: shape={tuple(shape)}"
        )
    x = start = keras.Input(shape)
    if augmentation:
        x = layers.DiffAugment(augmentation)(x)
    return start, add_noise(x, noise)


def add_noise(x, noise):
    """Add Gaussian noise of this standard deviation in training, 0 for none."""
    return layers.GaussianNoise(noise)(x) if noise else x

"""Networks for code maps: a code for each patch of a sample."""

import math

import keras

from keras_aegan.networks import blocks
from keras_aegan.networks.convolutional import downsample
from keras_aegan.networks.convolutional import halved_sizes
from keras_aegan.networks.convolutional import num_channels
from keras_aegan.networks.convolutional import upsample
from keras_aegan.networks.dense import dense_network
from keras_aegan.networks.for_shape import check_shape
from keras_aegan.networks.for_shape import discriminator


def _num_stages(shape):
    """How many times a sample is halved: until its shortest axis is <= 8."""
    return max(1, math.ceil(math.log2(min(shape[:-1]) / 8)))


def _code_map_sizes(shape):
    """The sizes of a code map; a row has a code for every four numbers."""
    if len(shape) == 1:
        return [math.ceil(shape[0] / 4)]
    return halved_sizes(shape, _num_stages(shape))


def code_map_encoder(
    shape: tuple[int, ...],
    code_dim: int,
    width: int = 32,
    normalization: str | None = "batch",
    noise: float = 0.0,
    dropout: float = 0.0,
    residual_blocks: int = 0,
    name: str = "encoder",
) -> keras.Model:
    """The default encoder to a map of codes.

    Args:
        shape: Shape of one sample, 1 to 3 axes. Images and series are halved
            until their shortest axis is 8 or less; rows have a code for every
            four numbers.
        code_dim: Positive integer, the size of each code.
        width: Positive integer: channels of the first stage; dense layers
            have 4 times as many units.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            at each stage with skip connections.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, *shape)` to
        `(batch_size, positions, code_dim)` or, for images, `(batch_size,
        rows, columns, code_dim)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> code_map_encoder((28, 28, 1), code_dim=16).output_shape
    (None, 7, 7, 16)
    """
    shape = check_shape(shape)
    code_map = (*_code_map_sizes(shape), code_dim)
    if len(shape) == 1:
        inner = dense_network(
            shape[0],
            math.prod(code_map),
            4 * width,
            normalization=normalization,
            noise=noise,
            dropout=dropout,
            residual_blocks=residual_blocks,
        )
        layers = [keras.Input(shape), inner, keras.layers.Reshape(code_map)]
        return keras.Sequential(layers, name=name)
    start = keras.Input(shape)
    x = blocks.add_noise(start, noise)
    count = _num_stages(shape)
    x = downsample(x, count, width, normalization, dropout, residual_blocks)
    x = blocks.convolution(len(shape) - 1, code_dim, kernel_size=1)(x)
    return keras.Model(start, x, name=name)


def code_map_generator(
    shape: tuple[int, ...],
    code_dim: int,
    width: int = 32,
    normalization: str | None = "batch",
    dropout: float = 0.0,
    residual_blocks: int = 0,
    activation: str | keras.Layer = "linear",
    name: str = "generator",
) -> keras.Model:
    """The default generator from a map of codes.

    Args:
        shape: Shape of one sample, see `code_map_encoder`.
        code_dim: Positive integer, the size of each code.
        width: Positive integer: channels before the last stage; dense layers
            have 4 times as many units.
        normalization: `"batch"`, `"layer"` or `None`.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            at each stage with skip connections.
        activation: Name of the activation of the output, or a Keras layer.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, from the output of `code_map_encoder` to
        `(batch_size, *shape)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> code_map_generator((28, 28, 1), code_dim=16).input_shape
    (None, 7, 7, 16)
    """
    shape = check_shape(shape)
    code_map = (*_code_map_sizes(shape), code_dim)
    start = keras.Input(code_map)
    if len(shape) == 1:
        inner = dense_network(
            math.prod(code_map),
            shape[0],
            4 * width,
            normalization=normalization,
            dropout=dropout,
            residual_blocks=residual_blocks,
            activation=activation,
        )
        x = inner(keras.layers.Flatten()(start))
        return keras.Model(start, x, name=name)
    count = _num_stages(shape)
    x = blocks.convolution(
        len(shape) - 1,
        num_channels(width, count - 1),
        kernel_size=3,
        use_bias=normalization != "batch",
    )(start)
    x = blocks.normalize_and_activate(x, normalization, 0.0, dropout)
    x = upsample(
        x, shape, count, width, normalization, dropout, residual_blocks
    )
    x = blocks.activate(x, activation)
    return keras.Model(start, x, name=name)


def patch_discriminator(
    shape: tuple[int, ...],
    width: int = 32,
    normalization: str | None = None,
    noise: float = 0.0,
    dropout: float = 0.0,
    residual_blocks: int = 0,
    augmentation: str | None = None,
    name: str = "discriminator",
) -> keras.Model:
    """The default discriminator with a logit for each patch of a sample.

    Args:
        shape: Shape of one sample, 1 to 3 axes; a row is one patch.
        width: Positive integer: channels of the first stage.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            at each stage with skip connections.
        augmentation: Policy of `keras_aegan.layers.DiffAugment` for images.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, *shape)` to logits
        `(batch_size, rows, columns, 1)`, `(batch_size, steps, 1)` or
        `(batch_size, 1)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> patch_discriminator((28, 28, 1)).output_shape
    (None, 7, 7, 1)

    Reference: Isola et al. 2017, arXiv:1611.07004, section 3.2.2.
    """
    shape = check_shape(shape)
    if len(shape) == 1:
        return discriminator(
            shape,
            width,
            normalization,
            noise=noise,
            dropout=dropout,
            residual_blocks=residual_blocks,
            augmentation=augmentation,
            name=name,
        )
    start, x = blocks.input_layers(shape, noise, augmentation)
    count = _num_stages(shape)
    x = downsample(x, count, width, normalization, dropout, residual_blocks)
    x = blocks.convolution(len(shape) - 1, 1, kernel_size=3)(x)
    return keras.Model(start, x, name=name)

"""Networks for series `(steps, channels)` and images."""

import math

import keras

from keras_aegan import layers
from keras_aegan.networks import blocks


def stages(shape):
    """How often a sample is halved: until its shortest axis is below 8.

    Args:
        shape: Shape of a sample, channels last.
    """
    return max(1, math.ceil(math.log2(min(shape[:-1]) / 7)))


def halved(shape, times):
    """The positions that are left of a sample's, without its channels."""
    return [math.ceil(size / 2**times) for size in shape[:-1]]


def channels(width, stage):
    """The channels after a stage of an encoder."""
    return width * 2 ** min(stage, 3)


def shrunk(x, count, width, normalization, dropout, residual_blocks=0):
    """`count` strided convolutions, each of which halves the positions."""
    for stage in range(count):
        x = blocks.convolution(
            len(x.shape) - 2,
            channels(width, stage),
            # Later kernels are the dearest, and 3 serves them as well as 4.
            kernel_size=4 if stage == 0 else 3,
            strides=2,
            use_bias=normalization != "batch",
        )(x)
        x = blocks.finish(x, normalization, 0.2, dropout)
        x = blocks.residual(x, residual_blocks, normalization, 0.2, dropout)
    return x


def grown(x, shape, count, width, normalization, dropout, residual_blocks=0):
    """`count` sub-pixel convolutions, up to samples of a shape."""
    axes = len(shape) - 1
    for stage in reversed(range(count)):
        x = blocks.residual(x, residual_blocks, normalization, 0.0, dropout)
        last = stage == 0
        wanted = shape[-1] if last else channels(width, stage - 1)
        x = blocks.convolution(
            axes,
            wanted * 2**axes,
            kernel_size=2,
            use_bias=last or normalization != "batch",
        )(x)
        x = layers.DepthToSpace(2)(x)
        if not last:
            x = blocks.finish(x, normalization, 0.0, dropout)
    excess = [n - size for n, size in zip(x.shape[1:], shape[:-1])]
    return blocks.cropping(axes, excess)(x) if any(excess) else x


def convolutional_encoder(
    shape,
    outputs,
    width,
    normalization="batch",
    noise=0.0,
    dropout=0.0,
    residual_blocks=0,
    augmentation=None,
    name=None,
):
    """Strided convolutions, their channels doubling, and a dense layer.

    Args:
        shape: `(steps, channels)` or `(height, width, channels)`.
        outputs: Positive integer: the latent dimension, or 1 for a
            discriminator's logit.
        width: Positive integer, the channels of the first stage.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            after each stage that add to what they see.
        augmentation: Policy of `keras_aegan.layers.DiffAugment` for images,
            of which a discriminator then sees changed ones in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, *shape)` to
        `(batch_size, outputs)`.

    Raises:
        ValueError: if `normalization` is unknown.

    Example:

    >>> convolutional_encoder((28, 28, 1), 16, width=32).output_shape
    (None, 16)
    """
    start, x = blocks.entrance(shape, noise, augmentation)
    count = stages(shape)
    x = shrunk(x, count, width, normalization, dropout, residual_blocks)
    x = blocks.dense(outputs)(keras.layers.Flatten()(x))
    return keras.Model(start, x, name=name)


def convolutional_generator(
    shape,
    latent_dim,
    width,
    normalization="batch",
    dropout=0.0,
    residual_blocks=0,
    activation="tanh",
    name=None,
):
    """A dense layer and sub-pixel convolutions, their channels halving.

    Sizes that are not multiples of a power of 2 are cut out of larger ones.

    Args:
        shape: `(steps, channels)` or `(height, width, channels)`.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer, the channels before the last stage.
        normalization: `"batch"`, `"layer"` or `None`.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            before each stage that add to what they see.
        activation: Name of the activation of the output.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, latent_dim)` to
        `(batch_size, *shape)`.

    Raises:
        ValueError: if `normalization` is unknown.

    Example:

    >>> convolutional_generator((28, 28, 1), 16, width=32).output_shape
    (None, 28, 28, 1)
    """
    count = stages(shape)
    start = keras.Input((latent_dim,))
    small = (*halved(shape, count), channels(width, count - 1))
    x = blocks.dense(math.prod(small), use_bias=normalization != "batch")(start)
    x = keras.layers.Reshape(small)(x)
    x = blocks.finish(x, normalization, 0.0, dropout)
    x = grown(x, shape, count, width, normalization, dropout, residual_blocks)
    x = keras.layers.Activation(activation)(x)
    return keras.Model(start, x, name=name)

"""Networks for series `(steps, channels)` and images."""

import math

import keras

from keras_aegan.networks import blocks


def num_stages(shape: tuple[int, ...]) -> int:
    """How many times a sample is halved: until its shortest axis is < 8."""
    return max(1, math.ceil(math.log2(min(shape[:-1]) / 7)))


def halved_sizes(shape: tuple[int, ...], times: int) -> list[int]:
    """The sizes of a sample after `times` halvings, without its channels."""
    return [math.ceil(size / 2**times) for size in shape[:-1]]


def num_channels(width: int, stage: int) -> int:
    """How many channels an encoder has after a stage."""
    return width * 2 ** min(stage, 3)


def downsample(
    x, count, width: int, normalization, dropout, residual_blocks: int = 0
):
    """`count` strided convolutions, each of which halves the positions."""
    for stage in range(count):
        x = blocks.convolution(
            len(x.shape) - 2,
            num_channels(width, stage),
            # The kernels of later stages are the most expensive, and size 3
            # does as well there as 4.
            kernel_size=4 if stage == 0 else 3,
            strides=2,
            use_bias=normalization != "batch",
        )(x)
        x = blocks.normalize_and_activate(x, normalization, 0.2, dropout)
        x = blocks.residual(x, residual_blocks, normalization, 0.2, dropout)
    return x


def upsample(
    x,
    shape: tuple[int, ...],
    count,
    width: int,
    normalization,
    dropout,
    residual_blocks: int = 0,
):
    """`count` sub-pixel convolutions, up to samples of a shape."""
    axes = len(shape) - 1
    for stage in reversed(range(count)):
        x = blocks.residual(x, residual_blocks, normalization, 0.0, dropout)
        last = stage == 0
        wanted = shape[-1] if last else num_channels(width, stage - 1)
        x = blocks.convolution(
            axes,
            wanted * 2**axes,
            kernel_size=2,
            use_bias=last or normalization != "batch",
        )(x)
        x = blocks.depth_to_space(x)
        if not last:
            x = blocks.normalize_and_activate(x, normalization, 0.0, dropout)
    excess = [n - size for n, size in zip(x.shape[1:], shape[:-1])]
    return blocks.cropping(axes, excess)(x) if any(excess) else x


def convolutional_encoder(
    shape: tuple[int, ...],
    outputs: int,
    width: int,
    normalization: str | None = "batch",
    noise: float = 0.0,
    dropout: float = 0.0,
    residual_blocks: int = 0,
    augmentation: str | None = None,
    name: str | None = None,
) -> keras.Model:
    """Strided convolutions with doubling channels, and a dense layer.

    Args:
        shape: `(steps, channels)` or `(height, width, channels)`.
        outputs: Positive integer: the latent dimension, or 1 for a
            discriminator's logit.
        width: Positive integer, the channels of the first stage.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            after each stage with skip connections.
        augmentation: Policy of `keras_aegan.layers.DiffAugment` for images,
            applied to the input in training.
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
    start, x = blocks.input_layers(shape, noise, augmentation)
    count = num_stages(shape)
    x = downsample(x, count, width, normalization, dropout, residual_blocks)
    x = blocks.dense(outputs)(keras.layers.Flatten()(x))
    return keras.Model(start, x, name=name)


def convolutional_generator(
    shape: tuple[int, ...],
    latent_dim: int,
    width: int,
    normalization: str | None = "batch",
    dropout: float = 0.0,
    residual_blocks: int = 0,
    activation: str | keras.Layer = "tanh",
    name: str | None = None,
) -> keras.Model:
    """A dense layer and sub-pixel convolutions with halving channels.

    Sizes that are not multiples of the power of 2 are cropped from larger
    ones.

    Args:
        shape: `(steps, channels)` or `(height, width, channels)`.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer, the channels before the last stage.
        normalization: `"batch"`, `"layer"` or `None`.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two convolutions
            before each stage with skip connections.
        activation: Name of the activation of the output, or a Keras layer.
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
    count = num_stages(shape)
    start = keras.Input((latent_dim,))
    small = (*halved_sizes(shape, count), num_channels(width, count - 1))
    x = blocks.dense(math.prod(small), use_bias=normalization != "batch")(start)
    x = keras.layers.Reshape(small)(x)
    x = blocks.normalize_and_activate(x, normalization, 0.0, dropout)
    x = upsample(
        x, shape, count, width, normalization, dropout, residual_blocks
    )
    x = blocks.activate(x, activation)
    return keras.Model(start, x, name=name)

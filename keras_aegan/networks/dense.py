"""Networks for the rows of a table, and for latent codes."""

import keras

from keras_aegan.networks import blocks


def dense_network(
    inputs,
    outputs,
    width,
    depth=2,
    normalization=None,
    noise=0.0,
    dropout=0.0,
    residual_blocks=0,
    augmentation=None,
    activation="linear",
    name=None,
):
    """`depth` hidden layers of `width` units with leaky rectifiers.

    Args:
        inputs: Positive integer, the size of a sample.
        outputs: Positive integer, the size of the output.
        width: Positive integer, units of a hidden layer.
        depth: Non-negative integer, the number of hidden layers.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        residual_blocks: Non-negative integer, blocks of two more layers after
            the hidden ones that add to what they see.
        augmentation: `None`; other networks change images with it.
        activation: Name of the activation of the output.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, inputs)` to
        `(batch_size, outputs)`.

    Raises:
        ValueError: if `normalization` is unknown or there is an
            `augmentation`.

    Example:

    >>> dense_network(64, 16, width=128).output_shape
    (None, 16)
    """
    start, x = blocks.entrance((inputs,), noise, augmentation)
    for _ in range(depth):
        x = blocks.dense(width, use_bias=normalization != "batch")(x)
        x = blocks.finish(x, normalization, 0.2, dropout)
    x = blocks.residual(x, residual_blocks, normalization, 0.2, dropout)
    x = blocks.dense(outputs, activation=activation)(x)
    return keras.Model(start, x, name=name)


def densely_connected(
    inputs, width=16, depth=16, noise=0.01, dropout=0.005, name=None
):
    """Lazarou's latent discriminator: each layer sees all layers before it.

    `depth` times a dense layer of `width` units is normalised, rectified and
    appended to its own input; then 128 units and a logit.

    Args:
        inputs: Positive integer, the size of a latent code.
        width: Positive integer, units that each layer appends.
        depth: Non-negative integer, the number of such layers.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, inputs)` to `(batch_size, 1)`.

    Example:

    >>> densely_connected(16).output_shape
    (None, 1)

    Reference: Lazarou 2020, arXiv:2004.05472, and the program that goes with
    it.
    """
    x = start = keras.Input((inputs,))
    x = blocks.noisy(x, noise)
    for _ in range(depth):
        y = blocks.finish(blocks.dense(width)(x), "layer", 0.02, dropout)
        x = keras.layers.Concatenate()([x, y])
    x = blocks.finish(blocks.dense(128)(x), "layer", 0.02, dropout)
    return keras.Model(start, blocks.dense(1)(x), name=name)

"""Networks for the rows of a table, and for latent codes."""

import keras

from keras_aegan.networks import blocks


def dense_network(
    inputs: int,
    outputs: int,
    width: int,
    depth: int = 2,
    normalization: str | None = None,
    noise: float = 0.0,
    dropout: float = 0.0,
    residual_blocks: int = 0,
    augmentation: str | None = None,
    activation: str | keras.Layer = "linear",
    name: str | None = None,
) -> keras.Model:
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
            the hidden ones with skip connections.
        augmentation: Must be `None`, since only images are augmented.
        activation: Name of the activation of the output, or a Keras layer.
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
    start, x = blocks.input_layers((inputs,), noise, augmentation)
    for _ in range(depth):
        x = blocks.dense(width, use_bias=normalization != "batch")(x)
        x = blocks.normalize_and_activate(x, normalization, 0.2, dropout)
    x = blocks.residual(x, residual_blocks, normalization, 0.2, dropout)
    if isinstance(activation, str):
        x = blocks.dense(outputs, activation=activation)(x)
    else:
        x = blocks.activate(blocks.dense(outputs)(x), activation)
    return keras.Model(start, x, name=name)


def densely_connected(
    inputs: int,
    width: int = 16,
    depth: int = 16,
    noise: float = 0.01,
    dropout: float = 0.005,
    name: str | None = None,
) -> keras.Model:
    """Lazarou's latent discriminator, densely connected as in DenseNet.

    `depth` times the output of a dense layer of `width` units is normalised,
    rectified and concatenated with its input; then a layer of 128 units and
    the logit.

    Args:
        inputs: Positive integer, the size of a latent code.
        width: Positive integer, units of each of these layers.
        depth: Non-negative integer, how many there are.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, inputs)` to `(batch_size, 1)`.

    Example:

    >>> densely_connected(16).output_shape
    (None, 1)

    Reference: Lazarou 2020, arXiv:2004.05472, and the author's program.
    """
    x = start = keras.Input((inputs,))
    x = blocks.add_noise(x, noise)
    for _ in range(depth):
        y = blocks.normalize_and_activate(
            blocks.dense(width)(x), "layer", 0.02, dropout
        )
        x = keras.layers.Concatenate()([x, y])
    x = blocks.normalize_and_activate(
        blocks.dense(128)(x), "layer", 0.02, dropout
    )
    return keras.Model(start, blocks.dense(1)(x), name=name)

"""Ways of giving a network a condition in addition to its input."""

import math

import keras

from keras_aegan.layers import Conditional
from keras_aegan.layers import Projection
from keras_aegan.network_shapes import input_shape
from keras_aegan.networks import blocks


def condition_codes(
    network: keras.Model, size: int, num_classes: int | None = None
) -> Conditional:
    """Concatenate the condition with the code that a network takes.

    Args:
        network: `keras.Model` from `(batch_size, latent_dim + size)`.
        size: Positive integer, the size of the condition.
        num_classes: See `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from `(batch_size, latent_dim)`.

    Example:

    >>> from keras_aegan import networks
    >>> generator = networks.generator((6,), latent_dim=4 + 3, width=4)
    >>> condition_codes(generator, 3, num_classes=3).input_shape
    (None, 4)

    Reference: Mirza and Osindero 2014, arXiv:1411.1784, section 3.2.
    """
    code = keras.Input((input_shape(network)[-1] - size,))
    condition = keras.Input((size,))
    x = network(keras.layers.Concatenate()([code, condition]))
    inner = keras.Model([code, condition], x, name=network.name)
    return Conditional(inner, num_classes)


def condition_samples(
    network: keras.Model, size: int, num_classes: int | None = None
) -> Conditional:
    """Concatenate the condition with the samples that a network takes.

    With rows it is concatenated as it is; for series and images a linear layer
    makes one additional channel of it.

    Args:
        network: `keras.Model` from samples with `size` additional features,
            if they are rows, or one additional channel.
        size: Positive integer, the size of the condition.
        num_classes: See `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from samples.

    Example:

    >>> from keras_aegan import networks
    >>> encoder = networks.encoder((8, 8, 1 + 1), latent_dim=4, width=4)
    >>> condition_samples(encoder, 3, num_classes=3).input_shape
    (None, 8, 8, 1)
    """
    *positions, channels = input_shape(network)[1:]
    additional = 1 if positions else size
    sample = keras.Input((*positions, channels - additional))
    condition = x = keras.Input((size,))
    if positions:
        x = blocks.dense(math.prod(positions))(x)
        x = keras.layers.Reshape((*positions, 1))(x)
    x = network(keras.layers.Concatenate()([sample, x]))
    inner = keras.Model([sample, condition], x, name=network.name)
    return Conditional(inner, num_classes)


def condition_by_projection(
    network: keras.Model, size: int, num_classes: int | None = None
) -> Conditional:
    """Make a projection discriminator: features times embedded condition.

    Args:
        network: Functional `keras.Model` whose last layer is a dense one from
            features to a logit. It is replaced by a
            `keras_aegan.layers.Projection`.
        size: Positive integer, the size of the condition.
        num_classes: See `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from the inputs of `network`.

    Example:

    >>> from keras_aegan import networks
    >>> discriminator = networks.discriminator((8, 8, 1), width=4)
    >>> condition_by_projection(discriminator, 3, num_classes=3).output_shape
    (None, 1)

    Reference: Miyato and Koyama 2018, arXiv:1802.05637, figure 1 (d); their
    features are summed over positions.
    """
    condition = keras.Input((size,))
    features = network.layers[-2].output
    logit = Projection()([condition, features])
    inner = keras.Model([*network.inputs, condition], logit, name=network.name)
    return Conditional(inner, num_classes)

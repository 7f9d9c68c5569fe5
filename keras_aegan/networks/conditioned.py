"""Ways of telling a network a condition beside its usual input."""

import math

import keras

from keras_aegan.layers import Conditional
from keras_aegan.layers import Projection
from keras_aegan.networks import blocks


def beside_codes(network, size, num_classes=None):
    """Put the condition beside the code that a network takes.

    Args:
        network: `keras.Model` from `(batch_size, latent_dim + size)`.
        size: Positive integer, how many numbers the condition has.
        num_classes: As of `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from `(batch_size, latent_dim)`.

    Example:

    >>> from keras_aegan import networks
    >>> generator = networks.generator((6,), latent_dim=4 + 3, width=4)
    >>> beside_codes(generator, 3, num_classes=3).input_shape
    (None, 4)

    Reference: Mirza and Osindero 2014, arXiv:1411.1784, section 3.2.
    """
    code = keras.Input((network.input_shape[-1] - size,))
    condition = keras.Input((size,))
    x = network(keras.layers.Concatenate()([code, condition]))
    inner = keras.Model([code, condition], x, name=network.name)
    return Conditional(inner, num_classes)


def beside_samples(network, size, num_classes=None):
    """Show the condition to a network as a further channel of its samples.

    For rows it is put beside them as it is; for series and images it becomes
    one channel by a linear layer.

    Args:
        network: `keras.Model` from samples with `size` further features, if
            they are rows, or one further channel.
        size: Positive integer, how many numbers the condition has.
        num_classes: As of `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from samples.

    Example:

    >>> from keras_aegan import networks
    >>> encoder = networks.encoder((8, 8, 1 + 1), latent_dim=4, width=4)
    >>> beside_samples(encoder, 3, num_classes=3).input_shape
    (None, 8, 8, 1)
    """
    *positions, channels = network.input_shape[1:]
    further = 1 if positions else size
    sample = keras.Input((*positions, channels - further))
    condition = x = keras.Input((size,))
    if positions:
        x = blocks.dense(math.prod(positions))(x)
        x = keras.layers.Reshape((*positions, 1))(x)
    x = network(keras.layers.Concatenate()([sample, x]))
    inner = keras.Model([sample, condition], x, name=network.name)
    return Conditional(inner, num_classes)


def by_projection(network, size, num_classes=None):
    """Let a discriminator ask how well its features go with the condition.

    Args:
        network: Functional `keras.Model` whose last layer, a dense one, makes
            a logit of features. It is replaced by a
            `keras_aegan.layers.Projection`.
        size: Positive integer, how many numbers the condition has.
        num_classes: As of `keras_aegan.layers.Conditional`.

    Returns:
        `keras_aegan.layers.Conditional` from the inputs of `network`.

    Example:

    >>> from keras_aegan import networks
    >>> discriminator = networks.discriminator((8, 8, 1), width=4)
    >>> by_projection(discriminator, 3, num_classes=3).output_shape
    (None, 1)

    Reference: Miyato and Koyama 2018, arXiv:1802.05637, figure 1 (d); their
    features are summed over positions.
    """
    condition = keras.Input((size,))
    features = network.layers[-2].output
    logit = Projection()([condition, features])
    inner = keras.Model([*network.inputs, condition], logit, name=network.name)
    return Conditional(inner, num_classes)

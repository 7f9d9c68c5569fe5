"""Discriminators of pairs: a sample and its code, or two samples."""

from typing import Any

import keras

from keras_aegan.networks import blocks
from keras_aegan.networks.dense import dense_network
from keras_aegan.networks.for_shape import encoder


def joint_discriminator(
    shape: tuple[int, ...],
    latent_dim: int,
    width: int = 32,
    normalization: str | None = None,
    noise: float = 0.0,
    dropout: float = 0.0,
) -> keras.Model:
    """The default discriminator of samples together with their codes.

    `4 * width` features of the sample and as many of the code are
    concatenated; then a hidden layer and the logit.

    Args:
        shape: Shape of one sample, 1 to 3 axes.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer: channels of the first stage.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on both inputs in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.

    Returns:
        Functional `keras.Model` from `[samples, codes]` to `(batch_size, 1)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> joint_discriminator((28, 28, 1), 16).output_shape
    (None, 1)
    """
    units = 4 * width
    inner: dict[str, Any] = {
        "noise": noise,
        "dropout": dropout,
        "name": None,
    }
    sample_features = encoder(shape, units, width, normalization, **inner)
    code_features = dense_network(latent_dim, units, units, depth=1, **inner)
    inputs = [keras.Input(tuple(shape)), keras.Input((latent_dim,))]
    x = keras.layers.Concatenate()(
        [sample_features(inputs[0]), code_features(inputs[1])]
    )
    x = blocks.normalize_and_activate(x, None, 0.2, dropout)
    x = blocks.normalize_and_activate(
        blocks.dense(units)(x), None, 0.2, dropout
    )
    return keras.Model(inputs, blocks.dense(1)(x), name="joint_discriminator")


def pair_discriminator(
    shape: tuple[int, ...],
    width: int = 32,
    normalization: str | None = None,
    noise: float = 0.0,
    dropout: float = 0.0,
    name: str | None = None,
) -> keras.Model:
    """The default discriminator of two samples (or codes) of one shape.

    The two are concatenated along the last axis. The output of the layer
    "features" is what the last layer, that of the logit, sees.

    Args:
        shape: Shape of one sample, 1 to 3 axes.
        width: Positive integer: channels of the first stage.
        normalization: `"batch"`, `"layer"` or `None`.
        noise: Float, standard deviation of noise on the input in training.
        dropout: Float in [0, 1), rate of Gaussian dropout in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model` from `[samples, samples]` to
        `(batch_size, 1)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> pair_discriminator((28, 28, 1)).output_shape
    (None, 1)
    """
    shape = tuple(shape)
    inputs = [keras.Input(shape), keras.Input(shape)]
    discriminator = encoder(
        (*shape[:-1], 2 * shape[-1]),
        1,
        width,
        normalization,
        noise=noise,
        dropout=dropout,
        name=None,
    )
    logit = discriminator.layers[-1]
    body = keras.Model(discriminator.inputs, logit.input)
    x = body(keras.layers.Concatenate()(inputs))
    # ALAD scores by these features. A layer inside an inner model, and the
    # inner model itself, would have no output here that an extractor can take.
    x = keras.layers.Identity(name="features")(x)
    return keras.Model(inputs, logit(x), name=name)

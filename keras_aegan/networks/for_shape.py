"""The default encoder, generator and discriminators for a shape."""

import keras

from keras_aegan.networks.convolutional import convolutional_encoder
from keras_aegan.networks.convolutional import convolutional_generator
from keras_aegan.networks.dense import dense_network
from keras_aegan.validation import is_integer


def check_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape as a tuple, if default networks can be built for it."""
    shape = tuple(shape)
    if len(shape) > 1 and keras.config.image_data_format() != "channels_last":
        raise ValueError(
            "Default networks for images and series have the axis of channels "
            "last: `keras.config.set_image_data_format('channels_last')`, and "
            "`np.moveaxis(x, 1, -1)` for images with channels first. Received: "
            f"shape={shape}, and 'channels_first' as Keras' data format"
        )
    valid = 1 <= len(shape) <= 3 and all(
        is_integer(size) and size > 0 for size in shape
    )
    if not valid or (len(shape) > 1 and min(shape[:-1]) < 8):
        raise ValueError(
            "`shape` must be (features,), (steps, channels) or (height, "
            "width, channels), with at least 8 steps or pixels on an axis. "
            f"Received: shape={shape}"
        )
    return shape


def encoder(
    shape: tuple[int, ...],
    latent_dim: int,
    width: int = 32,
    normalization: str | None = "batch",
    **kwargs,
) -> keras.Model:
    """The default encoder from samples to codes.

    Args:
        shape: Shape of one sample, 1 to 3 axes.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer: channels of the first stage; dense layers
            have 4 times as many units.
        normalization: `"batch"`, `"layer"` or `None`.
        **kwargs: `noise` on the input, `dropout`, `residual_blocks`, `name`.

    Returns:
        Functional `keras.Model`, `(batch_size, *shape)` to
        `(batch_size, latent_dim)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> encoder((64,), latent_dim=8).output_shape
    (None, 8)
    """
    shape = check_shape(shape)
    kwargs = {"name": "encoder", "normalization": normalization, **kwargs}
    if len(shape) == 1:
        return dense_network(shape[0], latent_dim, 4 * width, **kwargs)
    return convolutional_encoder(shape, latent_dim, width, **kwargs)


def generator(
    shape: tuple[int, ...],
    latent_dim: int,
    width: int = 32,
    normalization: str | None = "batch",
    **kwargs,
) -> keras.Model:
    """The default generator from codes to samples.

    Args:
        shape: Shape of one sample, 1 to 3 axes.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer: channels before the last stage; dense layers
            have 4 times as many units.
        normalization: `"batch"`, `"layer"` or `None`.
        **kwargs: `dropout`, `residual_blocks`, `activation` of the output (a
            name or a Keras layer), `name`.

    Returns:
        Functional `keras.Model`, `(batch_size, latent_dim)` to
        `(batch_size, *shape)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> generator((64,), latent_dim=8).output_shape
    (None, 64)
    """
    shape = check_shape(shape)
    kwargs = {"name": "generator", "normalization": normalization, **kwargs}
    if len(shape) == 1:
        return dense_network(latent_dim, shape[0], 4 * width, **kwargs)
    return convolutional_generator(shape, latent_dim, width, **kwargs)


def discriminator(
    shape: tuple[int, ...],
    width: int = 32,
    normalization: str | None = None,
    **kwargs,
) -> keras.Model:
    """The default discriminator from samples to one logit.

    Args:
        shape: Shape of one sample, 1 to 3 axes.
        width: Positive integer: channels of the first stage; dense layers
            have 4 times as many units.
        normalization: `"batch"`, `"layer"` or `None`. With batch statistics
            models of this package call it on real and generated samples
            separately.
        **kwargs: `noise` on the input, `dropout`, `residual_blocks`, `name`,
            and for images `augmentation`, a policy of
            `keras_aegan.layers.DiffAugment`.

    Returns:
        Functional `keras.Model`, `(batch_size, *shape)` to `(batch_size, 1)`.

    Raises:
        ValueError: if `shape` or `normalization` is not as above.

    Example:

    >>> discriminator((28, 28, 1)).output_shape
    (None, 1)
    """
    return encoder(
        shape, 1, width, normalization, **{"name": "discriminator", **kwargs}
    )


def latent_discriminator(
    latent_dim: int, width: int = 32, **kwargs
) -> keras.Model:
    """The default discriminator from codes to one logit.

    Args:
        latent_dim: Positive integer, the size of a code.
        width: Positive integer; hidden layers have 4 times as many units.
        **kwargs: `depth`, `normalization`, `noise`, `dropout`, `name`.

    Returns:
        Functional `keras.Model`, `(batch_size, latent_dim)` to
        `(batch_size, 1)`.

    Example:

    >>> latent_discriminator(16).output_shape
    (None, 1)
    """
    kwargs = {"name": "latent_discriminator", **kwargs}
    return dense_network(latent_dim, 1, 4 * width, **kwargs)

"""Networks for sequences of tokens."""

import keras

from keras_aegan.networks import blocks
from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_in

_CELLS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}


def _recurrent(cell, units, **kwargs):
    """A recurrent layer whose initial weights are the same on every backend."""
    return _CELLS[check_in("cell", cell, _CELLS)](
        units,
        kernel_initializer=VarianceScaling(1.0, "fan_avg"),
        recurrent_initializer=VarianceScaling(1.0, "fan_in"),
        **kwargs,
    )


def sequence_encoder(
    steps: int,
    vocabulary_size: int,
    latent_dim: int,
    width: int = 32,
    cell: str = "gru",
    name: str = "encoder",
) -> keras.Model:
    """The default encoder from sequences of tokens to codes of norm 1.

    Args:
        steps: Positive integer, the length of a sequence.
        vocabulary_size: Positive integer, how many tokens there are.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer; tokens are embedded in `2 * width` numbers,
            the recurrent layer has `4 * width` units.
        cell: `"gru"` or `"lstm"`.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, integers `(batch_size, steps)` to
        `(batch_size, latent_dim)`.

    Raises:
        ValueError: if `cell` is unknown.

    Example:

    >>> sequence_encoder(12, 256, latent_dim=16).output_shape
    (None, 16)
    """
    start = keras.Input((steps,), dtype="int32")
    x = keras.layers.Embedding(
        vocabulary_size,
        2 * width,
        # Each row is the embedding of a token, of unit variance.
        embeddings_initializer=VarianceScaling(float(vocabulary_size)),
    )(start)
    x = _recurrent(cell, 4 * width)(x)
    x = keras.layers.UnitNormalization()(blocks.dense(latent_dim)(x))
    return keras.Model(start, x, name=name)


def sequence_generator(
    steps: int,
    vocabulary_size: int,
    latent_dim: int,
    width: int = 32,
    cell: str = "gru",
    noise: float = 0.0,
    name: str = "generator",
) -> keras.Model:
    """The default generator from codes to the logits of tokens.

    A recurrent layer gets the code at every step, but no previous tokens.

    Args:
        steps: Positive integer, the length of a sequence.
        vocabulary_size: Positive integer, how many tokens there are.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer; the recurrent layer has `4 * width` units.
        cell: `"gru"` or `"lstm"`.
        noise: Float, standard deviation of noise on the code in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, latent_dim)` to
        `(batch_size, steps, vocabulary_size)`.

    Raises:
        ValueError: if `cell` is unknown.

    Example:

    >>> sequence_generator(12, 256, latent_dim=16).output_shape
    (None, 12, 256)
    """
    start = keras.Input((latent_dim,))
    x = blocks.add_noise(start, noise)
    x = keras.layers.RepeatVector(steps)(x)
    x = _recurrent(cell, 4 * width, return_sequences=True)(x)
    return keras.Model(start, blocks.dense(vocabulary_size)(x), name=name)

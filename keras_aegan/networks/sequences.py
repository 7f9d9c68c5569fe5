"""Networks for sequences of tokens."""

import keras

from keras_aegan.networks import blocks
from keras_aegan.random import InitialWeights
from keras_aegan.validation import check_in

_CELLS = {"gru": keras.layers.GRU, "lstm": keras.layers.LSTM}
LAYERS = ("convolution", *_CELLS)


def _over_time(x, layer, width):
    """Two residual convolutions, or a recurrent layer that reads both ways.

    From `(batch_size, steps, channels)` to `4 * width` channels.
    """
    if check_in("layer", layer, LAYERS) != "convolution":
        # The initial weights are the same on every backend.
        cell = _CELLS[layer](
            2 * width,
            kernel_initializer=InitialWeights(1.0, "fan_avg"),
            recurrent_initializer=InitialWeights(1.0, "fan_in"),
            return_sequences=True,
        )
        return keras.layers.Bidirectional(cell)(x)
    for is_residual in (False, True):
        y = blocks.convolution(1, 4 * width, 3)(x)
        y = blocks.normalize_and_activate(y, "layer", 0.2, 0.0)
        x = keras.layers.Add()([x, y]) if is_residual else y
    return x


def sequence_encoder(
    steps: int,
    vocabulary_size: int,
    latent_dim: int,
    width: int = 32,
    layer: str = "convolution",
    name: str = "encoder",
) -> keras.Model:
    """The default encoder from sequences of tokens to codes of norm 1.

    Args:
        steps: Positive integer, the length of a sequence.
        vocabulary_size: Positive integer, how many tokens there are.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer; tokens are embedded in `2 * width` numbers,
            layers over time have `4 * width` channels.
        layer: `"convolution"`, `"gru"` or `"lstm"`.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, integers `(batch_size, steps)` to
        `(batch_size, latent_dim)`.

    Raises:
        ValueError: if `layer` is unknown.

    Example:

    >>> sequence_encoder(12, 256, latent_dim=16).output_shape
    (None, 16)
    """
    start = keras.Input((steps,), dtype="int32")
    x = keras.layers.Embedding(
        vocabulary_size,
        2 * width,
        # Each row is the embedding of a token, of unit variance.
        embeddings_initializer=InitialWeights(float(vocabulary_size)),
    )(start)
    x = keras.layers.Flatten()(_over_time(x, layer, width))
    x = keras.layers.UnitNormalization()(blocks.dense(latent_dim)(x))
    return keras.Model(start, x, name=name)


def sequence_generator(
    steps: int,
    vocabulary_size: int,
    latent_dim: int,
    width: int = 32,
    layer: str = "convolution",
    noise: float = 0.0,
    name: str = "generator",
) -> keras.Model:
    """The default generator from codes to the logits of tokens.

    A dense layer gives each step numbers of its own. All steps are spelled at
    once: none sees the tokens before.

    Args:
        steps: Positive integer, the length of a sequence.
        vocabulary_size: Positive integer, how many tokens there are.
        latent_dim: Positive integer, the size of a code.
        width: Positive integer; layers over time have `4 * width` channels.
        layer: `"convolution"`, `"gru"` or `"lstm"`.
        noise: Float, standard deviation of noise on the code in training.
        name: Name of the model.

    Returns:
        Functional `keras.Model`, `(batch_size, latent_dim)` to
        `(batch_size, steps, vocabulary_size)`.

    Raises:
        ValueError: if `layer` is unknown.

    Example:

    >>> sequence_generator(12, 256, latent_dim=16).output_shape
    (None, 12, 256)
    """
    start = keras.Input((latent_dim,))
    x = blocks.dense(steps * 2 * width)(blocks.add_noise(start, noise))
    x = keras.layers.LeakyReLU(0.2)(x)
    x = keras.layers.Reshape((steps, 2 * width))(x)
    x = _over_time(x, layer, width)
    return keras.Model(start, blocks.dense(vocabulary_size)(x), name=name)

"""Noise that is added to a code, with a gain that starts at 0."""

import keras
from keras import ops

from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_integer


@keras.saving.register_keras_serializable(package="keras_aegan")
class CodeAndNoise(keras.layers.Layer):
    """Adds a function of noise z to a code h: `h + g tanh(W z + b)`.

    In front of a decoder it makes a generator of code and noise, `G(h, z) =
    decode(h + g tanh(W z + b))`. The gain g is one trained number that starts
    at 0, where the noise has no effect and `G(h, z) = decode(h)`: a decoder
    that was trained to reconstruct computes the same until adversarial
    training changes g.

    Args:
        latent_dim: Positive integer, the size of a code.
        noise_dim: Positive integer, the size of the noise. Defaults to
            `latent_dim`.

    Raises:
        ValueError: if a size is not a positive integer.

    Input shape: a list of two, codes `(batch_size, latent_dim)` and noise
    `(batch_size, noise_dim)`. Output shape: that of the codes.

    Example:

    >>> h, z = np.ones((2, 3), "float32"), np.ones((2, 5), "float32")
    >>> moved = CodeAndNoise(3, noise_dim=5)([h, z])
    >>> bool(keras.ops.all(moved == 1.0))
    True
    """

    def __init__(self, latent_dim: int, noise_dim: int | None = None, **kwargs):
        super().__init__(**kwargs)
        noise_dim = latent_dim if noise_dim is None else noise_dim
        self.latent_dim = check_integer("latent_dim", latent_dim)
        self.noise_dim = check_integer("noise_dim", noise_dim)
        self.kernel = self.add_weight(
            shape=(noise_dim, latent_dim),
            initializer=VarianceScaling(1.0, "fan_avg"),
            name="kernel",
        )
        self.bias = self.add_weight(
            shape=(latent_dim,), initializer="zeros", name="bias"
        )
        self.gain = self.add_weight(shape=(), initializer="zeros", name="gain")
        self.built = True

    def call(self, inputs):
        h, z = inputs
        z = ops.cast(z, self.compute_dtype)
        shift = ops.tanh(ops.matmul(z, self.kernel) + self.bias)
        return h + self.gain * shift

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return tuple(input_shape[0])

    def get_config(self) -> dict:
        sizes = {"latent_dim": self.latent_dim, "noise_dim": self.noise_dim}
        return {**super().get_config(), **sizes}

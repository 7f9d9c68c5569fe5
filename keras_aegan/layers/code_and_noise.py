"""A code that noise moves, by a gain that starts at 0."""

import keras
from keras import ops

from keras_aegan.random import VarianceScaling


@keras.saving.register_keras_serializable(package="keras_aegan")
class CodeAndNoise(keras.layers.Layer):
    """Let noise z move a code h: `h + g tanh(W z + b)`.

    Before a decoder it makes the decoder of code and noise `G(h, z) =
    decode(h + g tanh(W z + b))`. The gain g is one trained number that starts
    at 0, where the noise is off and `G(h, z) = decode(h)`: a decoder that was
    trained to reconstruct stays what it is until an adversary asks for more.

    Args:
        latent_dim: Positive integer, the size of a code.
        noise_dim: Positive integer, the size of the noise. Defaults to
            `latent_dim`.

    Raises:
        ValueError: if a size is not a positive integer.

    Input shape: a list of codes `(batch_size, latent_dim)` and noise
    `(batch_size, noise_dim)`. Output shape: that of the codes.

    Example:

    >>> h, z = np.ones((2, 3), "float32"), np.ones((2, 5), "float32")
    >>> moved = CodeAndNoise(3, noise_dim=5)([h, z])
    >>> bool(keras.ops.all(moved == 1.0))
    True
    """

    def __init__(self, latent_dim, noise_dim=None, **kwargs):
        super().__init__(**kwargs)
        noise_dim = latent_dim if noise_dim is None else noise_dim
        for size in (latent_dim, noise_dim):
            if not isinstance(size, int) or size < 1:
                raise ValueError(
                    "`latent_dim` and `noise_dim` must be positive integers. "
                    f"Received: latent_dim={latent_dim!r}, "
                    f"noise_dim={noise_dim!r}"
                )
        self.latent_dim = latent_dim
        self.noise_dim = noise_dim
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
        move = ops.tanh(ops.matmul(z, self.kernel) + self.bias)
        return h + self.gain * move

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0])

    def get_config(self):
        sizes = {"latent_dim": self.latent_dim, "noise_dim": self.noise_dim}
        return {**super().get_config(), **sizes}

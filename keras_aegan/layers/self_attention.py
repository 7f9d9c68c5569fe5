"""Self-attention over the positions of images or series."""

import math

import keras
from keras import ops

from keras_aegan.layers.spectral_normalization import SpectralNormalization
from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_integer


@keras.saving.register_keras_serializable(package="keras_aegan")
class SelfAttention(keras.layers.Layer):
    """Adds to each position a mean of all positions, weighted by attention.

    With `x` the channels of the positions, one row each, and convolutions of
    size 1 without bias, which are products with matrices,

    `y = x + gain softmax(x Wq (x Wk)^T) (x Wv) Wo`

    The softmax is over the positions attended to. `gain` is one trained number
    that starts at 0, where the layer is the identity. Time and memory grow
    with the square of the number of positions.

    Args:
        reduction: Positive integer: queries, keys and values have
            `channels / reduction` channels, at least one.
        spectral_normalization: Boolean, whether the four matrices are divided
            by their largest singular values, as the paper does in both
            networks.

    Input and output shape: `(batch_size, steps, channels)` or
        `(batch_size, height, width, channels)`.

    Raises:
        ValueError: if `reduction` is not a positive integer, or the input has
            neither one nor two spatial axes.

    Example:

    >>> SelfAttention()(np.ones((2, 8, 8, 16), "float32")).shape
    (2, 8, 8, 16)

    Reference: Zhang et al. 2019, arXiv:1805.08318, equations 1 to 3. The
    authors' program also pools keys and values, and gives values half of the
    channels.
    """

    def __init__(
        self, reduction: int = 8, spectral_normalization: bool = False, **kwargs
    ):
        super().__init__(**kwargs)
        self.reduction = check_integer("reduction", reduction)
        self.spectral_normalization = spectral_normalization

    def build(self, input_shape: tuple) -> None:
        _check(input_shape)
        channels = input_shape[-1]
        inner = max(1, channels // self.reduction)
        self.query = self._projection("query", channels, inner)
        self.key = self._projection("key", channels, inner)
        self.value = self._projection("value", channels, inner)
        self.output_projection = self._projection("output", inner, channels)
        self.gain = self.add_weight(shape=(), initializer="zeros", name="gain")
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        _check(input_shape)
        return input_shape

    def call(self, inputs):
        shape = ops.shape(inputs)
        count = math.prod(shape[1:-1])
        x = ops.reshape(inputs, (shape[0], count, shape[-1]))
        query, key, value = self.query(x), self.key(x), self.value(x)
        scores = ops.matmul(query, ops.swapaxes(key, 1, 2))
        mean = ops.matmul(ops.softmax(scores, axis=-1), value)
        attended = ops.reshape(self.output_projection(mean), shape)
        return inputs + ops.cast(self.gain, inputs.dtype) * attended

    def get_config(self) -> dict:
        config = {
            "reduction": self.reduction,
            "spectral_normalization": self.spectral_normalization,
        }
        return {**super().get_config(), **config}

    def _projection(self, name, inputs, outputs):
        layer = keras.layers.Dense(
            outputs,
            use_bias=False,
            kernel_initializer=VarianceScaling(1.0, "fan_avg"),
            dtype=self.dtype_policy,
            name=name,
        )
        if self.spectral_normalization:
            layer = SpectralNormalization(layer, name=f"normalized_{name}")
        layer.build((None, None, inputs))
        return layer


def _check(input_shape):
    if len(input_shape) not in (3, 4) or input_shape[-1] is None:
        raise ValueError(
            "The input must be (batch_size, steps, channels) or "
            "(batch_size, height, width, channels). "
            f"Received: input_shape={tuple(input_shape)}"
        )

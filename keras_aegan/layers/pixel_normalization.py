"""Feature vectors brought to one length."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_aegan")
class PixelNormalization(keras.layers.Layer):
    """Divide each position's channels by their root mean square.

    `y = x / sqrt(mean(x^2) + epsilon)`, the mean over the last axis. Nothing
    is learned, and signals in a generator cannot grow without bound.

    Args:
        epsilon: Positive float, which keeps zeros zeros.

    Input and output shape: any, `(batch_size, ..., channels)`.

    Raises:
        ValueError: if `epsilon` is not positive.

    Example:

    >>> y = PixelNormalization()(np.array([[3.0, 4.0]], "float32"))
    >>> print(np.round(keras.ops.convert_to_numpy(y), 3))  # by sqrt(12.5)
    [[0.849 1.131]]

    Reference: Karras et al. 2018, arXiv:1710.10196, section 4.2.
    """

    def __init__(self, epsilon=1e-8, **kwargs):
        super().__init__(**kwargs)
        if not epsilon > 0:
            raise ValueError(
                f"`epsilon` must be positive. Received: epsilon={epsilon!r}"
            )
        self.epsilon = epsilon
        self.supports_masking = True
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def call(self, inputs):
        # Squares and `epsilon` are beyond what float16 can hold.
        x = ops.cast(inputs, "float32")
        square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return ops.cast(x * ops.rsqrt(square + self.epsilon), inputs.dtype)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}

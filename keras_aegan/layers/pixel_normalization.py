"""Feature vectors scaled to a root mean square of 1."""

import keras
from keras import ops

from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class PixelNormalization(keras.layers.Layer):
    """Divides the channels of each position by their root mean square.

    `y = x / sqrt(mean(x^2) + epsilon)`, the mean over the last axis. It has
    no weights, and keeps signals in a generator from growing without bound.

    Args:
        epsilon: Positive float, which keeps the output of zeros at 0.

    Input and output shape: any, `(batch_size, ..., channels)`.

    Raises:
        ValueError: if `epsilon` is not positive.

    Example:

    >>> y = PixelNormalization()(np.array([[3.0, 4.0]], "float32"))
    >>> print(np.round(keras.ops.convert_to_numpy(y), 3))  # by sqrt(12.5)
    [[0.849 1.131]]

    Reference: Karras et al. 2018, arXiv:1710.10196, section 4.2.
    """

    def __init__(self, epsilon: float = 1e-8, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = check_number("epsilon", epsilon, 0, open_ends="lower")
        self.supports_masking = True
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def call(self, inputs):
        # Squares and `epsilon` are outside the range of float16.
        x = ops.cast(inputs, "float32")
        square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return ops.cast(x * ops.rsqrt(square + self.epsilon), inputs.dtype)

    def get_config(self) -> dict:
        return {**super().get_config(), "epsilon": self.epsilon}

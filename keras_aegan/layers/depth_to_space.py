"""Channels rearranged into positions, as in a sub-pixel convolution."""

import keras
from keras import ops

from keras_aegan.validation import check_integer


@keras.saving.register_keras_serializable(package="keras_aegan")
class DepthToSpace(keras.layers.Layer):
    """Rearranges channels into a finer grid of time steps or pixels.

    Each position's channels are `factor` (1-D) or `factor * factor` (2-D)
    groups, which become neighbouring positions, the last axis fastest:
    `y[b, factor * i + r, factor * j + s, c] = x[b, i, j, (r * factor + s) *
    channels + c]`. After a convolution this is a sub-pixel convolution: with a
    2x2 kernel it has as many weights as a 4x4 transposed convolution with
    stride 2, and is fast on every backend.

    Args:
        factor: Positive integer, how many times finer each axis becomes.

    Input shape: `(batch_size, steps, factor * channels)` or
        `(batch_size, height, width, factor * factor * channels)`.
    Output shape: `(batch_size, factor * steps, channels)` or
        `(batch_size, factor * height, factor * width, channels)`.

    Raises:
        ValueError: if `factor` is not a positive integer, the input has neither
            one nor two spatial axes, or its channels are not a multiple.

    Example:

    >>> DepthToSpace(2)(keras.ops.zeros((8, 7, 7, 64))).shape
    (8, 14, 14, 16)

    Reference: Shi et al. 2016, arXiv:1609.05158, equation 4. There the
    channel is the slowest index of a group, here the fastest.
    """

    def __init__(self, factor: int = 2, **kwargs):
        super().__init__(**kwargs)
        self.factor = check_integer("factor", factor)
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        axes = len(input_shape) - 2
        groups = self.factor**axes
        if axes not in (1, 2) or input_shape[-1] % groups:
            raise ValueError(
                "The input must be (batch_size, steps, channels) or "
                "(batch_size, height, width, channels), its channels a "
                f"multiple of factor ** axes (factor={self.factor}). "
                f"Received: input_shape={tuple(input_shape)}"
            )
        spatial = [
            None if size is None else size * self.factor
            for size in input_shape[1:-1]
        ]
        return (input_shape[0], *spatial, input_shape[-1] // groups)

    def call(self, inputs):
        batch_size, *spatial, _ = ops.shape(inputs)
        channels = self.compute_output_shape(inputs.shape)[-1]
        f = self.factor
        if len(spatial) == 1:
            return ops.reshape(inputs, (batch_size, spatial[0] * f, channels))
        height, width = spatial
        x = ops.reshape(inputs, (batch_size, height, width, f, f, channels))
        x = ops.transpose(x, (0, 1, 3, 2, 4, 5))
        return ops.reshape(x, (batch_size, height * f, width * f, channels))

    def get_config(self) -> dict:
        return {**super().get_config(), "factor": self.factor}

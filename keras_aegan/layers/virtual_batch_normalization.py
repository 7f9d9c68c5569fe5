"""Batch normalisation by the statistics of a reference batch."""

import keras
from keras import ops

from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class VirtualBatchNormalization(keras.layers.Layer):
    """Normalises each sample by a reference batch and its own statistics.

    The first n rows of the input are the reference batch, which
    `keras_aegan.layers.ReferenceBatch` prepends. For each channel

    `y = gamma (x - m) / sqrt(v + epsilon) + beta`, `a = 1 / (n + 1)`

    - `m = a mean(x) + (1 - a) mean_r`
    - `v = a mean(x^2) + (1 - a) mean_r(x^2) - m^2`

    with means of x over the positions of one sample and `mean_r` over those
    of all samples of the reference batch, which itself is normalised by
    `mean_r` alone. So a sample's output does not depend on the others of its
    batch, and is the same in training as at inference.

    Args:
        reference_size: Positive integer n, the rows of the reference batch.
        epsilon: Positive float.

    Input and output shape: `(reference_size + batch_size, ..., channels)`.

    Raises:
        ValueError: if `reference_size` is not a positive integer or `epsilon`
            not positive.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(8 + 2, 3)).astype("float32")
    >>> VirtualBatchNormalization(reference_size=8)(x).shape
    (10, 3)

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 3.4, with the
    weights a of the authors' program.
    """

    def __init__(self, reference_size: int, epsilon: float = 1e-5, **kwargs):
        super().__init__(**kwargs)
        self.reference_size = check_integer("reference_size", reference_size)
        self.epsilon = check_number("epsilon", epsilon, 0, open_ends="lower")

    def build(self, input_shape: tuple) -> None:
        channels = (input_shape[-1],)
        self.gamma = self.add_weight(
            shape=channels, initializer="ones", name="gamma"
        )
        self.beta = self.add_weight(
            shape=channels, initializer="zeros", name="beta"
        )
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        positions = tuple(range(1, len(x.shape) - 1))
        # Relative to the reference's mean, squares lose no digits.
        reference = x[: self.reference_size]
        x = x - ops.mean(reference, axis=(0, *positions), keepdims=True)
        reference, others = x[: self.reference_size], x[self.reference_size :]
        reference_variance = ops.mean(
            ops.square(reference), axis=(0, *positions), keepdims=True
        )
        a = 1.0 / (self.reference_size + 1)
        mean = a * _mean(others, positions)
        variance = (
            a * _mean(ops.square(others), positions)
            + (1.0 - a) * reference_variance
            - ops.square(mean)
        )
        y = ops.concatenate(
            [
                reference * ops.rsqrt(reference_variance + self.epsilon),
                (others - mean) * ops.rsqrt(variance + self.epsilon),
            ]
        )
        y = ops.cast(self.gamma, "float32") * y + ops.cast(self.beta, "float32")
        return ops.cast(y, inputs.dtype)

    def get_config(self) -> dict:
        config = {
            "reference_size": self.reference_size,
            "epsilon": self.epsilon,
        }
        return {**super().get_config(), **config}


def _mean(x, positions):
    return ops.mean(x, axis=positions, keepdims=True) if positions else x

"""Samples compared with the others of their batch, by learned features."""

import keras
from keras import ops

from keras_aegan.random import VarianceScaling


@keras.saving.register_keras_serializable(package="keras_aegan")
class MinibatchDiscrimination(keras.layers.Layer):
    """Append to each sample how close the others of its batch are.

    A discriminator that sees this notices a generator that always makes the
    same. Features `f` become `kernels` vectors of size `kernel_size`, and the
    similarities of sample `i` are appended to its features:

    `A = f T`, `o[i, k] = sum over j != i of exp(-|A[i, k] - A[j, k]|_1)`

    Time and memory grow with the square of the batch size. Real and generated
    samples belong into calls of their own; `mixes_samples` tells this to
    models of this package.

    Args:
        kernels: Positive integer, how many similarities are appended.
        kernel_size: Positive integer, the size of the vectors compared.

    Input shape: `(batch_size, features)`.
    Output shape: `(batch_size, features + kernels)`.

    Raises:
        ValueError: if an argument is not a positive integer or the input has
            other axes.

    Example:

    >>> MinibatchDiscrimination(8)(np.ones((4, 16), "float32")).shape
    (4, 24)

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 3.2.
    Departures: the sum is without `j = i`, a constant 1, as in the authors'
    program; `T` is a plain weight, which there is normalised and followed by
    a bias.
    """

    mixes_samples = True

    def __init__(self, kernels, kernel_size=5, **kwargs):
        super().__init__(**kwargs)
        sizes = {"kernels": kernels, "kernel_size": kernel_size}
        for name, size in sizes.items():
            if not isinstance(size, int) or size < 1:
                raise ValueError(
                    f"`{name}` must be a positive integer. "
                    f"Received: {name}={size!r}"
                )
        self.kernels = kernels
        self.kernel_size = kernel_size

    def build(self, input_shape):
        _check(input_shape)
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.kernels * self.kernel_size),
            initializer=VarianceScaling(),
            name="kernel",
        )
        self.built = True

    def compute_output_shape(self, input_shape):
        _check(input_shape)
        return (*input_shape[:-1], input_shape[-1] + self.kernels)

    def call(self, inputs):
        vectors = ops.reshape(
            ops.matmul(inputs, self.kernel),
            (-1, self.kernels, self.kernel_size),
        )
        # Differences of nearly equal numbers, and a sum over the batch.
        vectors = ops.cast(vectors, "float32")
        differences = ops.expand_dims(vectors, 1) - ops.expand_dims(vectors, 0)
        distances = ops.sum(ops.abs(differences), axis=-1)
        # Leaving oneself out loses less than taking 1 from the sum.
        positions = ops.arange(ops.shape(inputs)[0], dtype="int32")
        others = ops.not_equal(positions[:, None], positions[None, :])
        others = ops.cast(ops.expand_dims(others, -1), "float32")
        similarities = ops.sum(ops.exp(-distances) * others, axis=1)
        similarities = ops.cast(similarities, inputs.dtype)
        return ops.concatenate([inputs, similarities], axis=-1)

    def get_config(self):
        config = {"kernels": self.kernels, "kernel_size": self.kernel_size}
        return {**super().get_config(), **config}


def _check(input_shape):
    if len(input_shape) != 2 or input_shape[-1] is None:
        raise ValueError(
            "The input must be (batch_size, features); "
            "`keras.layers.Flatten` makes it so. "
            f"Received: input_shape={tuple(input_shape)}"
        )

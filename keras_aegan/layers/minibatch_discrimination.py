"""Minibatch discrimination, against mode collapse."""

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_integer


@keras.saving.register_keras_serializable(package="keras_aegan")
class MinibatchDiscrimination(keras.layers.Layer):
    """Appends to each sample how similar the others of its batch are.

    With it a discriminator detects a generator without diversity (mode
    collapse). Features `f` become `kernels` vectors of size `kernel_size`,
    and the similarities of sample `i` are appended to its features:

    `A = f T`, `o[i, k] = sum over j != i of exp(-|A[i, k] - A[j, k]|_1)`

    Time and memory grow with the square of the batch size. Models of this
    package call a network with this layer on real and generated samples
    separately, as `mixes_samples` asks them to.

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

    def __init__(self, kernels: int, kernel_size: int = 5, **kwargs):
        super().__init__(**kwargs)
        self.kernels = check_integer("kernels", kernels)
        self.kernel_size = check_integer("kernel_size", kernel_size)

    def build(self, input_shape: tuple) -> None:
        _check(input_shape)
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.kernels * self.kernel_size),
            initializer=VarianceScaling(),
            name="kernel",
        )
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        _check(input_shape)
        return (*input_shape[:-1], input_shape[-1] + self.kernels)

    def call(self, inputs):
        vectors = ops.reshape(
            ops.matmul(inputs, self.kernel),
            (-1, self.kernels, self.kernel_size),
        )
        # float16 is too coarse for differences of nearly equal numbers and
        # for a sum over the batch.
        vectors = ops.cast(vectors, "float32")
        vectors = replicas.whole_batch(vectors)
        differences = ops.expand_dims(vectors, 1) - ops.expand_dims(vectors, 0)
        distances = ops.sum(ops.abs(differences), axis=-1)
        # Masking j = i is more accurate than subtracting 1 from the sum.
        positions = ops.arange(ops.shape(vectors)[0], dtype="int32")
        others = ops.not_equal(positions[:, None], positions[None, :])
        others = ops.cast(ops.expand_dims(others, -1), "float32")
        similarities = ops.sum(ops.exp(-distances) * others, axis=1)
        similarities = replicas.own_rows(similarities)
        similarities = ops.cast(similarities, inputs.dtype)
        return ops.concatenate([inputs, similarities], axis=-1)

    def get_config(self) -> dict:
        config = {"kernels": self.kernels, "kernel_size": self.kernel_size}
        return {**super().get_config(), **config}


def _check(input_shape):
    if len(input_shape) != 2 or input_shape[-1] is None:
        raise ValueError(
            "The input must be (batch_size, features); "
            "`keras.layers.Flatten` makes it so. "
            f"Received: input_shape={tuple(input_shape)}"
        )

"""The output layer of a projection discriminator."""

import keras
from keras import ops

from keras_aegan.random import VarianceScaling


@keras.saving.register_keras_serializable(package="keras_aegan")
class Projection(keras.layers.Layer):
    """The logit of features given a condition, by an inner product.

    `d(f, c) = v.f + b + (V c).f`: the first two terms depend on the features
    `f` alone, the last on how well they match the condition `c`.

    Args:
        **kwargs: Arguments of `keras.layers.Layer`.

    Inputs: a list of two, conditions `(batch_size, c)` (one-hot for labels)
    and features `(batch_size, ..., f)`. Output: `(batch_size, ..., 1)`.

    Example:

    >>> layer = Projection()
    >>> layer([keras.ops.eye(3), keras.ops.ones((3, 8))]).shape
    (3, 1)

    Reference: Miyato and Koyama 2018, arXiv:1802.05637, equation 3, there
    with V spectrally normalised.
    """

    def build(self, input_shape: list[tuple]) -> None:
        condition, features = (shape[-1] for shape in input_shape)
        initializer = VarianceScaling(1.0, "fan_avg")
        self.kernel = self.add_weight(
            shape=(features, 1), initializer=initializer, name="kernel"
        )
        self.bias = self.add_weight(
            shape=(1,), initializer="zeros", name="bias"
        )
        self.embedding = self.add_weight(
            shape=(condition, features),
            initializer=initializer,
            name="embedding",
        )

    def call(self, inputs):
        condition, features = inputs
        condition = ops.cast(condition, self.compute_dtype)
        unconditional = ops.matmul(features, self.kernel) + self.bias
        embedded = ops.matmul(condition, self.embedding)
        positions = [1] * (len(features.shape) - 2)
        embedded = ops.reshape(embedded, (-1, *positions, features.shape[-1]))
        projection = ops.sum(embedded * features, axis=-1, keepdims=True)
        return unconditional + projection

    def compute_output_shape(self, input_shape: list[tuple]) -> tuple:
        return (*input_shape[1][:-1], 1)

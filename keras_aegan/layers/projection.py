"""The logit of a discriminator that is told a condition."""

import keras
from keras import ops

from keras_aegan.random import VarianceScaling


@keras.saving.register_keras_serializable(package="keras_aegan")
class Projection(keras.layers.Layer):
    """Logits that ask whether features are real, and real for a condition.

    `d(f, c) = v.f + b + (V c).f`: the first part judges the features `f`
    alone, the second how well they go with the condition `c`.

    Args:
        **kwargs: As of `keras.layers.Layer`.

    Inputs: a list of conditions `(batch_size, c)` (one-hot for labels) and
    features `(batch_size, ..., f)`. Output: `(batch_size, ..., 1)`.

    Example:

    >>> layer = Projection()
    >>> layer([keras.ops.eye(3), keras.ops.ones((3, 8))]).shape
    (3, 1)

    Reference: Miyato and Koyama 2018, arXiv:1802.05637, equation 3, there
    with V spectrally normalised.
    """

    def build(self, input_shape):
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
        alone = ops.matmul(features, self.kernel) + self.bias
        embedded = ops.matmul(condition, self.embedding)
        positions = [1] * (len(features.shape) - 2)
        embedded = ops.reshape(embedded, (-1, *positions, features.shape[-1]))
        fit = ops.sum(embedded * features, axis=-1, keepdims=True)
        return alone + fit

    def compute_output_shape(self, input_shape):
        return (*input_shape[1][:-1], 1)

"""A perceptual distance of samples, by the features of a network."""

import keras
from keras import ops

from keras_aegan.arrays import check_same_shape
from keras_aegan.arrays import weigh


def feature_distance(network: keras.Model, x, y, sample_weight=None):
    """The mean squared distance of features of unit length.

    `mean_b,positions |f(x) / |f(x)| - f(y) / |f(y)||^2`, the norms over
    channels, and the sum over all outputs `f` of the network. The network is
    called for inference, so it updates no statistics.

    Args:
        network: Keras model, samples to one tensor of features or a list of
            them, channels last.
        x: Tensor of samples, `(batch_size, ..., channels)`.
        y: Tensor of the same shape.
        sample_weight: Tensor `(batch_size,)`, by which the distances are
            multiplied, or `None`.

    Returns:
        Scalar, float32.

    Raises:
        ValueError: if the shapes differ.

    Example:

    >>> same = keras.layers.Identity()
    >>> x, y = np.array([[2.0, 0.0]]), np.array([[0.0, 1.0]])
    >>> print(round(float(feature_distance(same, x, y)), 4))
    2.0

    Reference: Zhang et al. 2018, arXiv:1801.03924, equation 1, with weights
    of 1 for all channels.
    """
    x, y = (ops.convert_to_tensor(u) for u in (x, y))
    check_same_shape(("x", "y"), x, y)
    first, second = (
        keras.tree.flatten(network(u, training=False)) for u in (x, y)
    )
    return sum(
        ops.mean(weigh(_squared_distances(f, g), sample_weight))
        for f, g in zip(first, second)
    )


def _squared_distances(f, g):
    return ops.sum(ops.square(_unit(f) - _unit(g)), axis=-1)


def _unit(features):
    features = ops.cast(features, "float32")
    squares = ops.sum(ops.square(features), axis=-1, keepdims=True)
    # The constant keeps the gradient finite where all features are 0.
    return features / ops.sqrt(squares + 1e-10)

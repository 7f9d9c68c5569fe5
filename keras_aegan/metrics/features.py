"""Networks whose features metrics compare."""

import keras
import numpy as np
from keras import layers
from keras import ops

from keras_aegan.random import VarianceScaling


def inception_v3(shape, value_range=(-1.0, 1.0), weights="imagenet"):
    """Keras' Inception v3, from images to its 2048 pooled features.

    Images are scaled and resized (bilinear) to 299 x 299, and grey ones
    repeated over three channels. The weights are those of Keras applications,
    downloaded on first use; published FIDs use another network's, so compare
    only numbers that this one gave.

    Args:
        shape: Tuple, the shape `(height, width, channels)` of an image, with
            1 or 3 channels.
        value_range: Pair of floats, the values of black and white.
        weights: `"imagenet"`, path of a file of weights, or `None` for random
            ones.

    Returns:
        `keras.Model`, for the `features` of a metric.

    Raises:
        ValueError: if the shape is not that of an image.

    Example (downloads the weights, once):

        network = inception_v3((32, 32, 3))
        metric = keras_aegan.metrics.FrechetDistance(network)

    Reference: Szegedy et al. 2016, arXiv:1512.00567.
    """
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise ValueError(
            "Inception v3 sees images of shape (height, width, channels) with "
            f"1 or 3 channels. Received: shape={tuple(shape)}"
        )
    low, high = value_range
    inputs = keras.Input(shape)
    scale = 2.0 / (high - low)
    x = layers.Rescaling(scale, -1.0 - low * scale)(inputs)
    x = layers.Resizing(299, 299, data_format="channels_last")(x)
    if shape[-1] == 1:
        x = layers.Concatenate()([x, x, x])
    network = keras.applications.InceptionV3(
        include_top=False,
        weights=weights,
        input_shape=(299, 299, 3),
        pooling="avg",
    )
    return keras.Model(inputs, network(x), name="inception_v3_features")


def train_classifier(
    x, y, epochs=5, width=32, include_top=False, seed=0, verbose=0
):
    """Train a small classifier of a data set, for features without a download.

    Images pass two convolutions, series two along time, rows a dense layer;
    then come `4 width` features and the classes. With the same seed it is the
    same network on every backend, up to rounding.

    Args:
        x: Array of samples, `(samples, ...)`, of 1 to 3 axes each.
        y: Array of integer labels `(samples,)`, from 0.
        epochs: Positive integer.
        width: Positive integer, a quarter of the number of features.
        include_top: Boolean. Whether to return the classifier itself, for
            `InceptionScore`, instead of the features below its last layer;
            see `without_top`.
        seed: Integer.
        verbose: As in `keras.Model.fit`.

    Returns:
        `keras.Model`.

    Raises:
        ValueError: if samples or labels are not as above.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(64, 8, 8, 1))
    >>> train_classifier(x, x.mean((1, 2, 3)) > 0, epochs=1).output_shape
    (None, 128)
    """
    x, y = ops.convert_to_numpy(x), np.asarray(y)
    if not 2 <= x.ndim <= 4 or y.shape != x.shape[:1] or not len(x):
        raise ValueError(
            "`x` must be an array of shape (samples, ...) with 1 to 3 axes "
            "for each sample, `y` one of shape (samples,). Received: shapes "
            f"{x.shape} and {y.shape}"
        )
    y = y.astype("int32")
    if y.min() < 0:
        raise ValueError(
            f"Labels must be integers from 0. Received: a least of {y.min()}"
        )
    order = np.random.default_rng(seed).permutation(len(x))
    spread = float(x.std()) or 1.0
    scaling = layers.Rescaling(
        1.0 / spread, -float(x.mean()) / spread, dtype="float32"
    )
    classifier = _classifier(
        scaling, x.shape[1:], int(y.max()) + 1, width, seed
    )
    classifier.compile("adam", "sparse_categorical_crossentropy")
    classifier.fit(
        x[order],
        y[order],
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=verbose,
    )
    return classifier if include_top else without_top(classifier)


def without_top(classifier):
    """The features that the last layer of a classifier sees.

    Args:
        classifier: Functional or sequential `keras.Model`.

    Returns:
        `keras.Model` on the same weights.

    Example:

    >>> classifier = keras.Sequential(
    ...     [keras.Input((4,)), layers.Dense(8), layers.Dense(2)]
    ... )
    >>> without_top(classifier).output_shape
    (None, 8)
    """
    return keras.Model(classifier.inputs, classifier.layers[-1].input)


def _classifier(scaling, shape, classes, width, seed):
    seeds = iter(range(8 * seed, 8 * seed + 8))

    def options(scale=2.0):
        initializer = VarianceScaling(scale, seed=next(seeds))
        return {"kernel_initializer": initializer, "dtype": "float32"}

    inputs = keras.Input(shape)
    x = scaling(inputs)
    axes = len(shape) - 1
    if axes == 0:
        x = layers.Dense(4 * width, "relu", **options())(x)
    else:
        convolution = layers.Conv1D if axes == 1 else layers.Conv2D
        pooling = layers.MaxPool1D if axes == 1 else layers.MaxPool2D
        kind = {"padding": "same", "data_format": "channels_last"}
        for channels in (width, 2 * width):
            x = convolution(
                channels, 3, activation="relu", **kind, **options()
            )(x)
            x = pooling(2, **kind)(x)
        x = layers.Flatten(data_format="channels_last")(x)
    x = layers.Dense(4 * width, "relu", **options())(x)
    return keras.Model(
        inputs, layers.Dense(classes, "softmax", **options(1.0))(x)
    )

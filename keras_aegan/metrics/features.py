"""Feature networks for metrics: Inception v3, and a small classifier."""

import os

import keras
import numpy as np
from keras import layers
from numpy.typing import ArrayLike

from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_labels
from keras_aegan.arrays import check_samples
from keras_aegan.arrays import real_numbers
from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_range


def inception_v3(
    shape: tuple[int, ...],
    value_range: tuple[float, float] = (-1.0, 1.0),
    weights: str | os.PathLike | None = "imagenet",
) -> keras.Model:
    """Keras' Inception v3, from images to its 2048 pooled features.

    Images are scaled and resized (bilinear) to 299 x 299, and greyscale ones
    repeated over three channels. The weights are those of Keras Applications,
    downloaded on first use; published FIDs are computed with the weights of
    another implementation, so compare only values from this network.

    Args:
        shape: Tuple, the shape `(height, width, channels)` of an image, with
            1 or 3 channels.
        value_range: Pair of floats, the values of black and white.
        weights: `"imagenet"`, path of a file of weights, or `None` for random
            ones.

    Returns:
        `keras.Model`, for the `features` of a metric.

    Raises:
        ValueError: if the shape is not that of an image, or `value_range` not
            a pair of increasing numbers.

    Example (downloads the weights, once):

        network = inception_v3((32, 32, 3))
        metric = keras_aegan.metrics.FrechetDistance(network)

    Reference: Szegedy et al. 2016, arXiv:1512.00567.
    """
    if len(shape) != 3 or shape[-1] not in (1, 3):
        raise ValueError(
            "`shape` must be (height, width, channels) with 1 or 3 channels. "
            f"Received: shape={tuple(shape)}"
        )
    low, high = check_range("value_range", value_range)
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
    x: np.ndarray,
    labels: ArrayLike,
    epochs: int = 5,
    width: int = 32,
    include_top: bool = False,
    seed: int = 0,
    verbose: str | int = 0,
) -> keras.Model:
    """Train a small classifier on a data set, for features without a download.

    Two convolutions for images, two along time for series, a dense layer for
    rows; then a dense layer of `4 width` features and the softmax. The same
    seed trains the same network on every backend, up to rounding.

    Args:
        x: Array of samples, `(samples, ...)`, of 1 to 3 axes each.
        labels: Array of integers `(samples,)`, not negative, of at least two
            classes. Class i of the softmax is the i-th smallest of the labels
            that occur.
        epochs: Positive integer.
        width: Positive integer, a quarter of the number of features.
        include_top: Boolean, whether to return the classifier itself, for
            `InceptionScore`, instead of `without_top` of it.
        seed: Non-negative integer.
        verbose: As in `keras.Model.fit`.

    Returns:
        `keras.Model`.

    Raises:
        ValueError: if an argument is not as above, or samples are not finite.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(64, 8, 8, 1))
    >>> train_classifier(x, x.mean((1, 2, 3)) > 0, epochs=1).output_shape
    (None, 128)
    """
    x = check_finite("x", check_samples("x", x, ndims=(1, 2, 3)))
    labels = check_finite("labels", real_numbers("labels", labels))
    labels = check_labels("labels", labels, len(x), of="x")
    if labels.ndim != 1 or (labels < 0).any() or (labels % 1 != 0).any():
        raise ValueError(
            "`labels` must be an array of shape (samples,) of integers from "
            f"0. Received: an array of shape {labels.shape} of {labels.dtype} "
            f"from {labels.min()} to {labels.max()}"
        )
    # Numbers without a sample, such as those between 3 and a million, would
    # be units of the last layer all the same.
    classes, labels = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            "`labels` must be of at least two classes. "
            f"Received: {classes[0]} only"
        )
    epochs = check_integer("epochs", epochs)
    seed = check_integer("seed", seed, minimum=0)
    width = check_integer("width", width)
    order = np.random.default_rng(seed).permutation(len(x))
    # In float64, as squares of float16 may be infinite.
    mean, stddev = (float(f(dtype="float64")) for f in (x.mean, x.std))
    stddev = stddev or 1.0
    scaling = layers.Rescaling(1.0 / stddev, -mean / stddev, dtype="float32")
    classifier = _classifier(scaling, x.shape[1:], len(classes), width, seed)
    classifier.compile("adam", "sparse_categorical_crossentropy")
    classifier.fit(
        x[order],
        labels[order],
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=verbose,
    )
    return classifier if include_top else without_top(classifier)


def without_top(classifier: keras.Model) -> keras.Model:
    """The network below the last layer of a classifier.

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


def _classifier(scaling, shape, num_classes, width, seed):
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
        inputs, layers.Dense(num_classes, "softmax", **options(1.0))(x)
    )

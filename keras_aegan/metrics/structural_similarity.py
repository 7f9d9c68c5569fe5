"""Structural similarity of two batches of images, on one scale or several."""

import math

import numpy as np
from keras import ops

_WINDOW = 11
_DEVIATION = 1.5
# Of the scales from fine to coarse: Wang et al. 2003.
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def structural_similarity(images, others, value_range):
    """Similarity of pairs of images, and its part without brightness.

    Args:
        images: Tensor `(samples, height, width, channels)`.
        others: Tensor of the same shape.
        value_range: Pair of floats, the values of black and white.

    Returns:
        Two tensors `(samples,)`: the similarity, and that of contrast and
        structure alone.

    Raises:
        ValueError: if the tensors have other axes.
    """
    if len(images.shape) != 4:
        raise ValueError(
            "Structural similarity compares images of shape (samples, height, "
            f"width, channels). Received: shape {tuple(images.shape)}"
        )
    low, high = value_range
    a, b = (
        ops.convert_to_tensor(x, dtype="float32") - low
        for x in (images, others)
    )
    means = blurred(a), blurred(b)
    shared = means[0] * means[1]
    squares = ops.square(means[0]) + ops.square(means[1])
    variances = blurred(ops.square(a) + ops.square(b)) - squares
    covariance = blurred(a * b) - shared
    c1, c2 = ((share * (high - low)) ** 2 for share in (0.01, 0.03))
    structure = (2.0 * covariance + c2) / (variances + c2)
    brightness = (2.0 * shared + c1) / (squares + c1)
    return (
        ops.mean(brightness * structure, axis=(1, 2, 3)),
        ops.mean(structure, axis=(1, 2, 3)),
    )


def multi_scale_similarity(images, others, value_range):
    """Similarity of pairs of images on up to five scales, multiplied.

    As many scales as leave the coarsest image a whole window; the weights of
    those add up to 1. Negative similarities count as 0.

    Args:
        images: See `structural_similarity`.
        others: See `structural_similarity`.
        value_range: See `structural_similarity`.

    Returns:
        Tensor `(samples,)`.

    Reference: Wang et al. 2003, "Multi-scale structural similarity for image
    quality assessment", equation 7.
    """
    side = min(images.shape[1:3])
    scales = min(5, 1 + max(0, int(math.log2(side / _WINDOW))))
    weights = np.array(_SCALE_WEIGHTS[:scales])
    weights = weights / weights.sum()
    result = 1.0
    for weight in weights[:-1]:
        _, structure = structural_similarity(images, others, value_range)
        result = result * ops.relu(structure) ** weight
        images, others = (
            ops.average_pool(x, 2, 2, data_format="channels_last")
            for x in (images, others)
        )
    similarity, _ = structural_similarity(images, others, value_range)
    return result * ops.relu(similarity) ** weights[-1]


def blurred(x):
    """Means under a Gaussian window, where it lies inside the images."""
    rows, columns = (_windows(size) for size in x.shape[1:3])
    x = ops.einsum("ih,nhwc->niwc", ops.cast(rows, x.dtype), x)
    return ops.einsum("jw,niwc->nijc", ops.cast(columns, x.dtype), x)


def _windows(size):
    """Weights of `size` pixels for each place of the window, float64."""
    width = min(_WINDOW, size)
    distances = np.arange(width) - (width - 1) / 2
    window = np.exp(-0.5 * (distances / _DEVIATION) ** 2)
    places = size - width + 1
    matrix = np.zeros((places, size))
    for i in range(places):
        matrix[i, i : i + width] = window / window.sum()
    return matrix

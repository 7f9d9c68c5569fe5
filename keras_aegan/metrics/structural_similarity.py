"""Structural similarity of two batches of images, on one scale or several."""

import math

import numpy as np
from keras import ops

_WINDOW = 11
_DEVIATION = 1.5
# Exponents of the scales, from fine to coarse: Wang et al. 2003.
_SCALE_WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def structural_similarity(images, others, value_range):
    """Similarity of pairs of images, and its factor without luminance.

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
    means = _blur(a), _blur(b)
    product = means[0] * means[1]
    squares = ops.square(means[0]) + ops.square(means[1])
    variances = _blur(ops.square(a) + ops.square(b)) - squares
    covariance = _blur(a * b) - product
    c1, c2 = ((factor * (high - low)) ** 2 for factor in (0.01, 0.03))
    structure = (2.0 * covariance + c2) / (variances + c2)
    luminance = (2.0 * product + c1) / (squares + c1)
    return (
        ops.mean(luminance * structure, axis=(1, 2, 3)),
        ops.mean(structure, axis=(1, 2, 3)),
    )


def multi_scale_similarity(images, others, value_range):
    """Multi-scale structural similarity (MS-SSIM) of pairs of images.

    The product over up to five scales, as many as leave the coarsest image at
    least as large as the window; their weights are normalised to sum to 1.
    Negative similarities count as 0.

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


def _blur(x):
    """Means under a Gaussian window, at positions where it fits."""
    rows, columns = (_windows(size) for size in x.shape[1:3])
    x = ops.einsum("ih,nhwc->niwc", ops.cast(rows, x.dtype), x)
    return ops.einsum("jw,niwc->nijc", ops.cast(columns, x.dtype), x)


def _windows(size):
    """Weights of `size` pixels for each position of the window, float64."""
    width = min(_WINDOW, size)
    distances = np.arange(width) - (width - 1) / 2
    window = np.exp(-0.5 * (distances / _DEVIATION) ** 2)
    positions = size - width + 1
    matrix = np.zeros((positions, size))
    for i in range(positions):
        matrix[i, i : i + width] = window / window.sum()
    return matrix

"""The maximum mean discrepancy of two batches of codes."""

from keras import ops

from keras_aegan.arrays import check_same_shape
from keras_aegan.backend import replicas


def maximum_mean_discrepancy(codes, prior):
    """Unbiased squared discrepancy with inverse multiquadratic kernels.

    The kernel is the sum over s of `C_s / (C_s + |z - z'|^2)`, `C_s = 2 k s`,
    with seven s from 0.1 to 10 and k the size of a code, which suits a prior
    of variance 1. Being unbiased, the estimate may be negative.

    Args:
        codes: Tensor `(batch_size, latent_dim)`.
        prior: Tensor of the same shape.

    Returns:
        Scalar tensor, float32.

    Raises:
        ValueError: if the shapes differ or are not as above.

    Example:

    >>> import numpy as np
    >>> z = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    >>> abs(float(maximum_mean_discrepancy(z, z + 0.0))) < 0.2
    True

    Reference: Tolstikhin et al. 2018, arXiv:1711.01558, algorithm 2, with the
    kernels of the authors' program.
    """
    codes, prior = (ops.cast(z, "float32") for z in (codes, prior))
    check_same_shape(("codes", "prior"), codes, prior)
    if len(codes.shape) != 2:
        raise ValueError(
            "`codes` must have the shape (batch_size, latent_dim). "
            f"Received: {tuple(codes.shape)}"
        )
    # Its pairs are those of the whole batch.
    codes, prior = map(replicas.whole_batch, (codes, prior))
    count = ops.cast(ops.shape(codes)[0], "float32")
    # A batch of one has no pairs.
    pairs = ops.maximum(count * (count - 1.0), 1.0)
    scales = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
    constants = [2.0 * codes.shape[-1] * s for s in scales]

    def kernel(a, b):
        distances = _squared_distances(a, b)
        return sum(c / (c + distances) for c in constants)

    def within(z):
        # The kernel of a code with itself, 1 for each constant, is left out.
        return (ops.sum(kernel(z, z)) - len(constants) * count) / pairs

    return within(codes) + within(prior) - 2.0 * ops.mean(kernel(codes, prior))


def _squared_distances(a, b):
    squares = ops.sum(a * a, -1)[:, None] + ops.sum(b * b, -1)[None]
    return ops.relu(squares - 2.0 * ops.matmul(a, ops.transpose(b)))

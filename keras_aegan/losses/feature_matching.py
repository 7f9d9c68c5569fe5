"""The distance of two batches' mean features."""

from keras import ops

from keras_aegan.arrays import check_same_shape
from keras_aegan.backend import replicas


def feature_matching(real, fake):
    """`|mean f(x) - mean f(x_hat)|^2`, the means over the batch.

    Args:
        real: Tensor of features of real samples, `(batch_size, ...)`.
        fake: Tensor of features of fakes, of the same shape except for the
            batch size.

    Returns:
        Scalar, float32.

    Raises:
        ValueError: if the shapes differ in more than the batch size.

    Example:

    >>> real, fake = np.array([[1.0, 3.0], [3.0, 3.0]]), np.array([[0.0, 2.0]])
    >>> print(float(feature_matching(real, fake)))
    5.0

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 3.1.
    """
    real, fake = (ops.cast(f, "float32") for f in (real, fake))
    check_same_shape(("real", "fake"), real, fake, start=1)
    difference = replicas.mean_over_replicas(
        ops.mean(real, axis=0) - ops.mean(fake, axis=0)
    )
    return ops.sum(ops.square(difference))

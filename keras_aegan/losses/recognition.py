"""How well a code is recognised from the sample that was generated of it."""

from keras import ops

from keras_aegan.losses.classification import masked_cross_entropy
from keras_aegan.validation import check_integer


def recognition_loss(codes, predicted, num_classes: int):
    """The negative log likelihood of the first numbers of codes.

    `mean (cross_entropy(e, softmax(l)) + |c - m|^2 / 2)` for codes that begin
    with `[e, c]` and predictions `[l, m]` of them: up to a constant the
    negative log likelihood of a class e and of normally distributed numbers c
    of standard deviation 1.

    Args:
        codes: Tensor `(batch_size, latent_dim)` whose first `num_classes`
            numbers e are one-hot.
        predicted: Tensor `(batch_size, num_classes + continuous)`, logits l
            and means m.
        num_classes: Positive integer, how many numbers e has.

    Returns:
        Scalar, float32.

    Raises:
        ValueError: if a shape is not as above, or `num_classes` is not a
            positive integer.

    Example:

    >>> codes = np.array([[1.0, 0.0, 3.0, 9.0]], "float32")
    >>> predicted = np.array([[0.0, 0.0, 1.0]], "float32")
    >>> print(round(float(recognition_loss(codes, predicted, 2)), 4))
    2.6931

    Reference: Chen et al. 2016, arXiv:1606.03657, equation 5.
    """
    codes, predicted = (ops.cast(u, "float32") for u in (codes, predicted))
    count = check_integer("num_classes", num_classes)
    shape, others = tuple(codes.shape), tuple(predicted.shape)
    fits = (
        len(shape) == len(others) == 2
        and (shape[0] == others[0] or None in (shape[0], others[0]))
        and count <= others[1] <= shape[1]
    )
    if not fits:
        raise ValueError(
            "`codes` must have the shape (batch_size, latent_dim), and "
            f"`predicted` (batch_size, at least {count} and at most "
            f"latent_dim). Received: {shape} and {others}"
        )
    labels = ops.argmax(codes[:, :num_classes], axis=-1)
    means = predicted[:, num_classes:]
    errors = codes[:, num_classes : predicted.shape[-1]] - means
    return (
        masked_cross_entropy(labels, predicted[:, :num_classes])
        + ops.mean(ops.sum(ops.square(errors), axis=-1)) / 2.0
    )

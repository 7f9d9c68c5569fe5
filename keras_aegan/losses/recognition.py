"""What is lost of a code that is told from the sample made of it."""

from keras import ops

from keras_aegan.losses.classification import known_cross_entropy


def recognition_loss(codes, told, categories):
    """How badly the first numbers of codes are told.

    `mean (cross_entropy(e, softmax(l)) + |c - m|^2 / 2)` for codes that begin
    with `[e, c]` and `[l, m]` told of them: but for a constant the negative
    log likelihood of a category and of normal numbers of deviation 1.

    Args:
        codes: Tensor `(batch_size, latent_dim)` whose first numbers e are a
            row with a single 1.
        told: Tensor `(batch_size, categories + continuous)`, logits l and
            means m.
        categories: Positive integer, how many numbers e has.

    Returns:
        Scalar, float32.

    Example:

    >>> codes = np.array([[1.0, 0.0, 3.0, 9.0]], "float32")
    >>> told = np.array([[0.0, 0.0, 1.0]], "float32")
    >>> print(round(float(recognition_loss(codes, told, 2)), 4))
    2.6931

    Reference: Chen et al. 2016, arXiv:1606.03657, equation 5.
    """
    codes, told = (ops.cast(u, "float32") for u in (codes, told))
    category = ops.argmax(codes[:, :categories], axis=-1)
    means = told[:, categories:]
    missed = ops.square(codes[:, categories : told.shape[-1]] - means)
    return (
        known_cross_entropy(category, told[:, :categories])
        + ops.mean(ops.sum(missed, axis=-1)) / 2.0
    )

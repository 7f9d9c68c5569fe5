"""Attribute vectors: latent directions that change a property of samples."""

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.arrays import check_finite
from keras_aegan.arrays import real_numbers
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet
from keras_aegan.pictures.sheet import signed


def attribute_direction(
    model: AdversarialModel,
    x: np.ndarray,
    attribute: ArrayLike,
    labels: ArrayLike | None = None,
) -> np.ndarray:
    """Attribute vector: the direction of a property in the latent space.

    The difference of mean codes, `mean E(x with) - mean E(x without)`, of
    samples with and without the property.

    Args:
        model: An `AdversarialModel` with an encoder.
        x: Array of samples, `(samples, ...)`.
        attribute: Array of one boolean for each sample.
        labels: Array, the label of each sample, for conditional models.

    Returns:
        Array, a direction in the shape of one code.

    Raises:
        ValueError: if `attribute` is not as above, or all samples or none have
            the property.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=2)
    >>> x = np.random.default_rng(0).normal(size=(32, 6))
    >>> attribute_direction(model, x, x[:, 0] > 0).shape
    (2,)

    Reference: Larsen et al. 2016, arXiv:1512.09300, section 4.1.
    """
    flags = real_numbers("attribute", attribute)
    if flags.shape != (len(x),) or not np.isin(flags, (0, 1)).all():
        raise ValueError(
            f"`attribute` must be {len(x)} booleans, one for each sample. "
            f"Received: an array of shape {flags.shape} of {flags.dtype}"
        )
    flags = flags.astype(bool)
    if flags.all() or not flags.any():
        raise ValueError(
            "There must be samples with the property and samples without. "
            f"Received: {flags.sum()} with and {(~flags).sum()} without"
        )
    codes = model.encode(np.asarray(x), labels=labels)
    return codes[flags].mean(0) - codes[~flags].mean(0)


def attribute_edits(
    model: AdversarialModel,
    x: np.ndarray,
    direction: np.ndarray,
    strengths: tuple[float, ...] = (-1.0, -0.5, 0.0, 0.5, 1.0),
    labels: ArrayLike | None = None,
):
    """Draw samples with a property weakened and strengthened.

    Each row shows `G(E(x) + strength direction)`.

    Args:
        model: An `AdversarialModel` with an encoder and a generator.
        x: Array of samples, `(samples, ...)`, one for each row.
        direction: Array in the shape of one code, as from
            `pictures.attribute_direction`.
        strengths: Tuple of floats, one for each column.
        labels: Array, the label of each sample, for conditional models.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the direction has another shape than a code, or the
            model has no encoder or generator.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=2)
    >>> figure = attribute_edits(model, np.zeros((3, 6)), np.ones(2))
    """
    edits = _edited(model, x, direction, strengths, labels)
    panel = Panel(
        "attribute edits",
        edits.reshape(-1, *edits.shape[2:]),
        columns=len(strengths),
        column_names=signed(strengths),
    )
    return sheet([panel])


def _edited(model, x, direction, strengths, labels=None):
    """Edited samples, an array `(samples, strengths, ...)`."""
    codes = model.encode(np.asarray(x), labels=labels)
    direction = real_numbers("direction", direction).astype("float32")
    if direction.shape != codes.shape[1:]:
        raise ValueError(
            f"`direction` must have the shape of a code, {codes.shape[1:]}. "
            f"Received: an array of shape {direction.shape}"
        )
    steps = check_finite("strengths", real_numbers("strengths", strengths))
    if steps.ndim != 1 or not steps.size:
        raise ValueError(
            "`strengths` must be a non-empty tuple of floats. "
            f"Received: strengths={strengths!r}"
        )
    steps = steps.astype("float32").reshape(-1, *[1] * direction.ndim)
    return decoded_rows(
        model, codes[:, None] + steps * direction, labels=labels
    )

"""Interpolations between samples, by their codes."""

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.engine.interpolation import interpolate_codes
from keras_aegan.pictures.encode_or_sample import encode_or_sample
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet


def interpolations(
    model: AdversarialModel,
    a: np.ndarray | None = None,
    b: np.ndarray | None = None,
    steps: int = 8,
    spherical: bool = False,
    labels: ArrayLike | None = None,
    num_rows: int = 8,
    seed: int = 0,
):
    """Draw interpolations in the latent space, one in each row.

    Args:
        model: An `AdversarialModel` with a generator.
        a: Array of samples `(rows, ...)` to start from, which needs an
            encoder; `None` for interpolations between codes of the prior.
        b: Array of samples to end at, as many.
        steps: Integer, at least 2, both ends included.
        spherical: Boolean, whether to interpolate spherically, which keeps
            the norm that codes of a normal prior have, instead of linearly.
        labels: Array, the label of each row, for conditional models.
        num_rows: Positive integer, the number of interpolations between codes
            of the prior.
        seed: Integer, chooses codes of the prior.

    Returns:
        Matplotlib figure; at both ends are the reconstructions of `a` and `b`.

    Raises:
        ValueError: if only one of `a` and `b` is given, they differ in shape,
            or the model lacks a part that this takes.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import GAN
    >>> model = GAN.for_shape((8, 8, 1), latent_dim=4, width=2)
    >>> figure = interpolations(model, steps=4, spherical=True)

    Reference: White 2016, arXiv:1609.04468, for spherical interpolation.
    """
    samples = _interpolated(
        model, a, b, steps, spherical, labels, num_rows, seed
    )
    kind = "spherical" if spherical else "linear"
    panel = Panel(
        f"interpolations, {kind}",
        samples.reshape(-1, *samples.shape[2:]),
        columns=steps,
        column_names=("a", *[""] * (steps - 2), "b"),
    )
    return sheet([panel])


def _interpolated(model, a, b, steps, spherical, labels, num_rows, seed):
    """Decoded interpolations, an array `(rows, steps, ...)`."""
    if (a is None) != (b is None):
        raise ValueError(
            "`a` and `b` must be given together or not at all. Received: only "
            + ("b" if a is None else "a")
        )
    if a is not None:
        return model.interpolate(
            a, b, steps, labels=labels, spherical=spherical
        )
    first, labels = encode_or_sample(model, None, labels, num_rows, seed)
    last, _ = encode_or_sample(model, None, labels, num_rows, seed + 1)
    codes = interpolate_codes(first, last, steps, spherical)
    return decoded_rows(model, codes, labels=labels)

"""Latent traversals: the effect of each dimension of a code."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.pictures.encode_or_sample import encode_or_sample
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet
from keras_aegan.pictures.sheet import signed
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number
from keras_aegan.validation import is_integer

_SHOWN = 8
_SAMPLED = 256


def traversals(
    model: AdversarialModel,
    x: np.ndarray | None = None,
    dimensions: Sequence[int] | None = None,
    extent: float = 2.0,
    steps: int = 7,
    labels: ArrayLike | None = None,
    seed: int = 0,
):
    """Draw latent traversals: one dimension of a code varies, others are fixed.

    Row d shows `G(z + t s_d e_d)` for t from -extent to extent, where `s_d`
    is the standard deviation of dimension d in the prior or, in a model
    without one, in the codes of `x`.

    Args:
        model: An `AdversarialModel` with a generator and codes `(samples,
            latent_dim)`.
        x: Array of samples `(samples, ...)`, one panel for each, which needs
            an encoder; `None` for one code of the prior.
        dimensions: List of integers, the dimensions to vary. `None` for the 8
            that change the samples most.
        extent: Positive float, in standard deviations.
        steps: Integer, at least 2. If odd, the reconstructions of `x` are in
            the middle.
        labels: Array, the label of each sample, for conditional models.
        seed: Integer, chooses codes of the prior.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if an argument is not as above or the model lacks a part
            that this takes.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((8, 8, 1), latent_dim=2, width=2)
    >>> figure = traversals(model, np.zeros((1, 8, 8, 1)), dimensions=[1])
    """
    codes, labels = encode_or_sample(model, x, labels, 1, seed)
    if codes.ndim != 2:
        raise ValueError(
            "Traversals need a model whose codes are vectors. Received: "
            f"{type(model).__name__} with codes of shape {codes.shape[1:]}"
        )
    steps = check_integer("steps", steps, minimum=2)
    extent = check_number("extent", extent, 0.0, open_ends="lower")
    positions = np.linspace(-extent, extent, steps, dtype="float32")
    stddev = _standard_deviations(model, codes, seed)
    varied = _check_dimensions(dimensions, codes)
    moved = moved_codes(codes, varied, positions * stddev)
    rows = moved.reshape(-1, steps, codes.shape[-1])
    if labels is not None:
        labels = np.repeat(labels, moved.shape[1], axis=0)
    decoded = decoded_rows(model, rows, labels=labels)
    decoded = decoded.reshape(*moved.shape[:3], *decoded.shape[2:])
    shown = np.arange(decoded.shape[1])
    if dimensions is None:
        shown = _most_changing(decoded)
        dimensions = shown
    return sheet(
        [
            Panel(
                "latent traversals, in standard deviations",
                each[shown].reshape(-1, *each.shape[2:]),
                columns=steps,
                row_names=tuple(f"z{d}" for d in dimensions),
                column_names=signed(positions),
            )
            for each in decoded
        ]
    )


def moved_codes(
    codes: np.ndarray, dimensions: Sequence[int], moves: np.ndarray
) -> np.ndarray:
    """Codes moved along one dimension.

    Args:
        codes: Array `(samples, latent_dim)`.
        dimensions: List of integers.
        moves: Array `(latent_dim, steps)`.

    Returns:
        Array `(samples, dimensions, steps, latent_dim)`.
    """
    size = len(codes), len(dimensions), moves.shape[1], codes.shape[1]
    moved = np.broadcast_to(codes[:, None, None], size).copy()
    for i, dimension in enumerate(dimensions):
        moved[:, i, :, dimension] += moves[dimension]
    return moved


def _check_dimensions(dimensions, codes):
    size = codes.shape[1]
    if dimensions is None:
        return range(size)
    fits = [is_integer(d) and 0 <= d < size for d in dimensions]
    if not fits or not all(fits):
        raise ValueError(
            f"`dimensions` must be a list of integers in [0, {size}). "
            f"Received: dimensions={dimensions!r}"
        )
    return dimensions


def _standard_deviations(model, codes, seed):
    """Standard deviation of each dimension of a code, `(latent_dim, 1)`."""
    if hasattr(model, "prior"):
        codes, _ = encode_or_sample(model, None, None, _SAMPLED, seed)
    elif len(codes) < 2:
        raise ValueError(
            f"{type(model).__name__} has no prior, so that the standard "
            "deviations are those of the codes of at least 2 samples `x`. "
            "Received: 1"
        )
    return codes.std(0)[:, None]


def _most_changing(decoded):
    """The dimensions that change samples most, in order.

    Args:
        decoded: Array of samples `(samples, dimensions, steps, ...)`.
    """
    change = decoded.std(axis=2).mean(axis=(0, *range(2, decoded.ndim - 1)))
    return np.sort(np.argsort(-change, kind="stable")[:_SHOWN])

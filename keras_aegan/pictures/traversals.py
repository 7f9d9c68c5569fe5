"""What each number of a code does."""

import numpy as np

from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.pictures.codes import codes_of
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet
from keras_aegan.pictures.sheet import signed

_SHOWN = 8
_DRAWS = 256


def traversals(
    model, x=None, dimensions=None, extent=2.0, steps=7, labels=None, seed=0
):
    """Draw what one number of a code does, while all others stay.

    Row d shows `G(z + t s_d e_d)` for t from -extent to extent, where `s_d`
    is the standard deviation of number d in the prior or, in a model without
    one, in the codes of `x`.

    Args:
        model: An `AdversarialModel` with a generator and codes `(samples,
            latent_dim)`.
        x: Array of samples `(samples, ...)`, one panel for each, which takes
            an encoder; `None` for one code of the prior.
        dimensions: List of integers, which numbers of the code. `None` for
            the 8 that change the samples most.
        extent: Positive float, in standard deviations.
        steps: Integer, at least 2. If odd, the reconstructions of `x` are in
            the middle.
        labels: Array, the label of each sample, for models that take any.
        seed: Integer, chooses codes of the prior.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if an argument is not as above or the model cannot do it.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((8, 8, 1), latent_dim=2, width=2)
    >>> figure = traversals(model, np.zeros((1, 8, 8, 1)), dimensions=[1])
    """
    codes, labels = codes_of(model, x, labels, 1, seed)
    if codes.ndim != 2:
        raise ValueError(
            "Traversals need a model whose codes are vectors. Received: "
            f"{type(model).__name__} with codes of shape {codes.shape[1:]}"
        )
    if not isinstance(steps, int) or steps < 2 or not extent > 0:
        raise ValueError(
            "`steps` must be an integer of at least 2 and `extent` positive. "
            f"Received: steps={steps!r}, extent={extent!r}"
        )
    shares = np.linspace(-extent, extent, steps, dtype="float32")
    spread = _spread(model, codes, seed)
    moved = moved_codes(codes, _checked(dimensions, codes), shares * spread)
    rows = moved.reshape(-1, steps, codes.shape[-1])
    told = None if labels is None else np.repeat(labels, moved.shape[1], 0)
    found = decoded_rows(model, rows, labels=told)
    found = found.reshape(*moved.shape[:3], *found.shape[2:])
    shown = np.arange(found.shape[1])
    if dimensions is None:
        shown = _strongest(found)
        dimensions = shown
    return sheet(
        [
            Panel(
                "latent traversals, in standard deviations",
                each[shown].reshape(-1, *each.shape[2:]),
                columns=steps,
                row_names=tuple(f"z{d}" for d in dimensions),
                column_names=signed(shares),
            )
            for each in found
        ]
    )


def moved_codes(codes, dimensions, moves):
    """Codes of which one number is moved.

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


def _checked(dimensions, codes):
    size = codes.shape[1]
    if dimensions is None:
        return range(size)
    if not len(dimensions) or not all(0 <= d < size for d in dimensions):
        raise ValueError(
            f"`dimensions` must be a list of integers in [0, {size}). "
            f"Received: dimensions={dimensions!r}"
        )
    return dimensions


def _spread(model, codes, seed):
    """Standard deviation of each number of a code, `(latent_dim, 1)`."""
    if hasattr(model, "prior"):
        codes, _ = codes_of(model, None, None, _DRAWS, seed)
    elif len(codes) < 2:
        raise ValueError(
            f"{type(model).__name__} has no prior: how far codes are spread "
            "must come from at least 2 samples `x`. Received: 1"
        )
    return codes.std(0)[:, None]


def _strongest(found):
    """The dimensions that change samples most, in order.

    Args:
        found: Array of samples `(samples, dimensions, steps, ...)`.
    """
    change = found.std(axis=2).mean(axis=(0, *range(2, found.ndim - 1)))
    return np.sort(np.argsort(-change, kind="stable")[:_SHOWN])

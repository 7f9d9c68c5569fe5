"""Samples, and samples beside their reconstructions."""

import math

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.arrays import check_samples
from keras_aegan.engine import AdversarialModel
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet


def samples(x: np.ndarray):
    """Draw samples: images as tiles, rows and series as lines.

    Args:
        x: Array of samples, `(samples, ...)` with 1 to 3 axes after the
            first. Values of images are in [-1, 1] or, if none is negative, in
            [0, 1].

    Returns:
        Matplotlib figure, to show in a notebook or for `pictures.save`.

    Raises:
        ValueError: if `x` is not as above.
        ImportError: if Matplotlib is missing.

    Example:

    >>> figure = samples(np.zeros((4, 8, 8, 1)))
    >>> figure.savefig("four.png")
    """
    return overview({"samples": check_samples("x", x, ndims=(1, 2, 3))})


def reconstructions(
    model: AdversarialModel, x: np.ndarray, labels: ArrayLike | None = None
):
    """Draw samples beside their reconstructions, or lines over each other.

    Args:
        model: An `AdversarialModel` with an encoder.
        x: Array of samples, as of `pictures.samples`.
        labels: Array, the label of each sample, for conditional models.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the model cannot reconstruct, or `x` or `labels` are
            not what it takes.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((8, 8, 1), latent_dim=2, width=2)
    >>> figure = reconstructions(model, np.zeros((4, 8, 8, 1)))
    """
    x = check_samples("x", x, ndims=(1, 2, 3))
    return overview(
        {
            "originals": x,
            "reconstructions": model.reconstruct(x, labels=labels),
        }
    )


def overview(arrays: dict):
    """A figure of panels of samples.

    Args:
        arrays: Dict from title to array of samples; with
            `originals` there must be `reconstructions`.
    """
    rows = math.ceil(math.sqrt(max(map(len, arrays.values()))))
    panels = {
        title: Panel(title, x, math.ceil(len(x) / rows))
        for title, x in arrays.items()
    }
    is_image = next(iter(arrays.values())).ndim == 4
    if "originals" in panels and not is_image:
        panels["reconstructions"].behind = panels.pop("originals").samples
        panels["reconstructions"].title += " over originals (grey)"
    return sheet(list(panels.values()))


def finite(x: np.ndarray) -> np.ndarray:
    """An array with 0 for NaN and infinity.

    So that pictures of a model that has diverged can still be drawn.
    """
    return np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0)

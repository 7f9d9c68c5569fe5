"""Samples, and originals beside their reconstructions."""

import math

import keras
import numpy as np

from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet


def samples(x):
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
    return overview({"samples": checked("x", x)})


def reconstructions(model, x, labels=None):
    """Draw samples beside, or as lines behind, their reconstructions.

    Args:
        model: An `AdversarialModel` with an encoder.
        x: Array of samples, as of `pictures.samples`.
        labels: Array, the label of each, for models that take any.

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
    x = checked("x", x)
    return overview(
        {
            "originals": x,
            "reconstructions": model.reconstruct(x, labels=labels),
        }
    )


def overview(arrays):
    """A figure of panels of samples.

    Args:
        arrays: Dict from title to array of samples; `originals` and
            `reconstructions` go together.
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


def checked(name, x, axes=(1, 2, 3)):
    """Samples as an array.

    Args:
        name: What the caller calls them.
        x: Array or tensor `(samples, ...)`.
        axes: How many axes may follow the first, a tuple of integers.

    Raises:
        ValueError: if there is no sample or another number of axes.
    """
    x = keras.ops.convert_to_numpy(x)
    if len(x.shape) - 1 not in axes or x.size == 0:
        counts = " or ".join(map(str, axes))
        raise ValueError(
            f"`{name}` must be a non-empty array (samples, ...) with {counts} "
            f"axes after the first. Received: an array of shape {x.shape}"
        )
    return x


def finite(x):
    """An array with 0 for NaN and infinity.

    So that a model which has gone astray can be looked at.
    """
    return np.nan_to_num(x, nan=0.0, posinf=0.0, neginf=0.0)

"""A scatter plot of the latent space, by principal components."""

import numpy as np
from numpy.typing import ArrayLike

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import labels as label_kinds
from keras_aegan.pages.principal_plane import principal_plane
from keras_aegan.pictures.encode_or_sample import encode_or_sample
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import legend
from keras_aegan.pictures.figures import plots
from keras_aegan.pictures.samples import finite

_SIDE = 480
_MOST_COLORS = 20  # With more distinct labels, colours are a scale.


def latent_map(
    model: AdversarialModel,
    x: np.ndarray,
    labels: ArrayLike | None = None,
    seed: int = 0,
):
    """Draw the codes of samples and codes of the prior in one plane.

    The plane of their first two principal components (PCA of both together).
    Where codes of the prior and of data do not overlap, samples generated
    from the prior are unlike data.

    Args:
        model: An `AdversarialModel` with an encoder.
        x: Array of samples, `(samples, ...)`, best 500 to 2000.
        labels: Array of one number for each sample, for the colours, and for
            the encoder of a conditional model.
        seed: Integer, chooses codes of the prior.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the model cannot encode, or `labels` are not one number
            for each sample.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=3, width=2)
    >>> x = np.random.default_rng(0).normal(size=(20, 6))
    >>> figure = latent_map(model, x, labels=[0, 1] * 10)
    """
    if labels is not None:
        labels = np.asarray(labels)
    conditioning = labels if label_kinds.condition_of(model) else None
    codes, _ = encode_or_sample(model, x, conditioning, None, seed)
    groups = {"data": codes}
    if hasattr(model, "prior"):
        groups["prior"], _ = encode_or_sample(
            model, None, conditioning, len(x), seed
        )
    places, shares = projected(groups)
    figure, (axes,) = plots(1, _SIDE, int(0.8 * _SIDE))
    if "prior" in places:
        _dots(axes, places["prior"], c="0.8", label="prior")
    # A condition may be a vector, which is no colour.
    is_vector = conditioning is not None and conditioning.ndim > 1
    colors = None if is_vector else labels
    _draw_data(figure, axes, places["data"], colors)
    names = [f"{100 * share:.0f} % of the variance" for share in shares]
    label(axes, "the latent space", *names)
    axes.set_aspect("equal", "datalim")
    beside = {"loc": "center left", "bbox_to_anchor": (1, 0.5)}
    legend(axes, markerscale=2, **beside)
    return figure


def projected(groups):
    """Codes in the plane of the first two principal components of all.

    Args:
        groups: Dict from name to array of codes, `(samples, ...)`.

    Returns:
        Tuple of a dict from name to array `(samples, 2)`, and the shares of
        the variance that the two components have.
    """
    rows = np.concatenate([z.reshape(len(z), -1) for z in groups.values()])
    rows = finite(np.float64(rows))
    axes, shares = principal_plane(rows)
    plane = (rows - rows.mean(axis=0)) @ axes
    ends = np.cumsum([len(z) for z in groups.values()])[:-1]
    return dict(zip(groups, np.split(plane, ends))), shares


def _draw_data(figure, axes, places, labels):
    if labels is None:
        _dots(axes, places, label="data")
        return
    if labels.shape != (len(places),):
        raise ValueError(
            f"`labels` must be {len(places)} numbers, one for each sample. "
            f"Received: an array of shape {labels.shape}"
        )
    kinds = np.unique(labels)
    if len(kinds) > _MOST_COLORS:
        dots = _dots(axes, places, c=labels)
        figure.colorbar(dots, ax=axes).ax.tick_params(labelsize=6)
        return
    for i, kind in enumerate(kinds):
        color = f"C{i}" if len(kinds) <= 10 else _colors(len(kinds))[i]
        _dots(axes, places[labels == kind], color=color, label=str(kind))


def _colors(count):
    import matplotlib

    return matplotlib.colormaps["turbo"](np.linspace(0.05, 0.95, count))


def _dots(axes, places, **options):
    return axes.scatter(*places.T, s=6, linewidths=0, **options)

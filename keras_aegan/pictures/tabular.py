"""Tabular data: marginal distributions and correlations of columns."""

from collections.abc import Sequence

import numpy as np

from keras_aegan.arrays import check_samples
from keras_aegan.pictures.figures import CHARACTER
from keras_aegan.pictures.figures import FONT
from keras_aegan.pictures.figures import LINE
from keras_aegan.pictures.figures import MARGIN
from keras_aegan.pictures.figures import axes_at
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import legend
from keras_aegan.pictures.figures import new_figure
from keras_aegan.pictures.figures import plots
from keras_aegan.pictures.figures import shortened
from keras_aegan.pictures.samples import finite
from keras_aegan.validation import check_integer

_MOST_HISTOGRAMS = 24
_MOST_NAMES = 40  # That fit beside a matrix.
_SIDE = 240


def marginals(
    real: np.ndarray,
    generated: np.ndarray,
    names: Sequence[str] | None = None,
    bins: int = 30,
):
    """Draw the marginal distribution of each column, real and generated.

    Args:
        real: Array `(rows, columns)`.
        generated: Array of as many columns.
        names: List of strings, the names of the columns.
        bins: Positive integer, the number of bins of a histogram.

    Returns:
        Matplotlib figure of at most 24 histograms, as densities, over the
        range of the real values; generated values outside are not shown.

    Raises:
        ValueError: if the numbers of columns differ.
        ImportError: if Matplotlib is missing.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(50, 3))
    >>> figure = marginals(x, x + 1, names=["a", "b", "c"])
    """
    real, generated, names = _check_tables(real, generated, names)
    bins = check_integer("bins", bins)
    shown = names[:_MOST_HISTOGRAMS]
    figure, all_axes = plots(len(shown), 220, 160, columns=6)
    for i, (axes, name) in enumerate(zip(all_axes, shown)):
        ends = np.histogram_bin_edges(finite(real[:, i]), bins)
        for x, options in (
            (real, {"fill": True, "color": "0.75", "label": "real"}),
            (generated, {"label": "generated"}),
        ):
            counts, _ = np.histogram(x[np.isfinite(x[:, i]), i], ends)
            # Values outside count, too, so that less area is inside.
            axes.stairs(counts / len(x) / np.diff(ends), ends, **options)
        axes.set_yticks([])
        label(axes, name)
    legend(all_axes[0])
    return figure


def correlations(
    real: np.ndarray,
    generated: np.ndarray,
    names: Sequence[str] | None = None,
):
    """Draw the correlations of columns: real, generated, and the difference.

    Args:
        real: Array `(rows, columns)`, with at least 2 rows and 2 columns.
        generated: Array of as many columns.
        names: List of strings, the names of the columns.

    Returns:
        Matplotlib figure; a column without variance is grey.

    Raises:
        ValueError: if the numbers of columns differ, or there are too few.
        ImportError: if Matplotlib is missing.

    Example:

    >>> x = np.random.default_rng(0).normal(size=(50, 3))
    >>> figure = correlations(x, x + 1)
    """
    real, generated, names = _check_tables(real, generated, names)
    if real.shape[1] < 2 or min(len(real), len(generated)) < 2:
        raise ValueError(
            "Correlations need at least 2 rows and 2 columns. Received: "
            f"arrays of shapes {real.shape} and {generated.shape}"
        )
    first, second = _correlations(real), _correlations(generated)
    titles = ("real", "generated", "generated - real")
    matrices = dict(zip(titles, (first, second, second - first)))
    names = names if len(names) <= _MOST_NAMES else []
    indent = CHARACTER * max(map(len, names), default=0) + 2 * MARGIN
    side = max(_SIDE, LINE * len(names))
    width = indent + 3 * (side + MARGIN) + 4 * MARGIN
    figure = new_figure(width, LINE + side + indent + MARGIN)
    for i, (title, matrix) in enumerate(matrices.items()):
        left = indent + i * (side + MARGIN)
        axes = axes_at(figure, left, LINE + MARGIN, side, side)
        axes.set_facecolor("0.7")
        image = axes.imshow(matrix, "RdBu_r", vmin=-1, vmax=1)
        label(axes, title)
        axes.set_xticks(range(len(names)), names, rotation=90)
        axes.set_yticks(range(len(names)), [] if i else names)
    bar = axes_at(figure, left + side + MARGIN, LINE + MARGIN, MARGIN, side)
    figure.colorbar(image, cax=bar, ticks=(-1, 0, 1)).ax.tick_params(
        labelsize=FONT - 1
    )
    return figure


def _correlations(rows):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.corrcoef(rows, rowvar=False)


def _check_tables(real, generated, names):
    """The arrays and as many names."""
    real = check_samples("real", real, ndims=(1,))
    generated = check_samples("generated", generated, ndims=(1,))
    columns = real.shape[1]
    if names is None:
        names = [f"column {i}" for i in range(columns)]
    if generated.shape[1] != columns or len(names) != columns:
        raise ValueError(
            f"`generated` and `names` must have {columns} columns, like "
            f"`real`. Received: {generated.shape[1]} columns and {len(names)} "
            "names"
        )
    return real, generated, [shortened(str(name)) for name in names]

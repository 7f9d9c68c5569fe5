"""Matplotlib figures, measured in pixels from the upper left corner."""

import io
import os
from typing import Any

from keras_aegan import extras
from keras_aegan import files

DPI = 128  # A power of 2: a pixel is an exact fraction of an inch.
MARGIN = 12
LINE = 18  # Height of a line of text.
CHARACTER = 7  # Width of a character.
FONT = 7  # Size of the font, in points.


def matplotlib_classes():
    """Matplotlib's classes of a figure and of a canvas without a display.

    Raises:
        ImportError: if Matplotlib is missing.
    """
    with extras.required("Pictures need Matplotlib", "keras_aegan[plot]"):
        from matplotlib import figure
        from matplotlib.backends import backend_agg
    return figure.Figure, backend_agg.FigureCanvasAgg


def new_figure(width: int, height: int, **kwargs):
    """A Matplotlib figure of a size in pixels.

    Args:
        width: Integer.
        height: Integer.
        **kwargs: Further arguments of `matplotlib.figure.Figure`.
    """
    figure_class, canvas_class = matplotlib_classes()
    inches = (width / DPI, height / DPI)
    figure = figure_class(inches, DPI, facecolor="white", **kwargs)
    canvas_class(figure)
    return figure


def png(figure) -> bytes:
    """The content of a PNG file of a figure."""
    figure.savefig(file := io.BytesIO(), format="png", dpi=DPI)
    return file.getvalue()


def write(figure, left: float, top: float, text: str, **kwargs):
    """Write a line of text, with its upper left corner at a position."""
    width, height = figure.bbox.size
    kwargs = {"fontsize": FONT, "va": "top", **kwargs}
    figure.text(left / width, 1 - top / height, text, **kwargs)


def axes_at(figure, left, top, width, height, **kwargs):
    """Add axes that fill a rectangle."""
    whole = figure.bbox.size
    corner = left / whole[0], 1 - (top + height) / whole[1]
    size = width / whole[0], height / whole[1]
    return figure.add_axes((*corner, *size), **kwargs)


def plots(
    count: int, width: int = 300, height: int = 210, columns: int = 4
) -> tuple:
    """A figure with a grid of plots, and a list of their axes.

    Args:
        count: Positive integer, the number of plots.
        width: Integer, width of one plot in pixels.
        height: Integer, height of one plot in pixels.
        columns: Integer, the largest number of plots side by side.
    """
    columns = min(count, columns)
    rows = -(-count // columns)
    size = columns * width, rows * height
    figure = new_figure(*size, layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).flatten()
    for unused in grid[count:]:
        unused.remove()
    return figure, list(grid[:count])


def label(axes, title=None, x=None, y=None):
    """Set the title and the names of the axes, in the package's style."""
    axes.set_title(title or "", fontsize=FONT + 1)
    axes.set_xlabel(x or "", fontsize=FONT)
    axes.set_ylabel(y or "", fontsize=FONT)
    axes.tick_params(labelsize=FONT - 1)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def legend(axes, *args, **kwargs):
    """Add a translucent legend."""
    options = {"fontsize": FONT - 1, "framealpha": 0.7, "edgecolor": "none"}
    axes.legend(*args, **{**options, **kwargs})


def shortened(text: str, length: int = 24) -> str:
    """A text with an ellipsis in place of its middle if it is long."""
    if len(text) <= length:
        return text
    half = (length - 1) // 2
    return f"{text[:half]}\u2026{text[-half:]}"


def save(figure: Any, filepath: str | os.PathLike):
    """Write a picture to a PNG file, atomically.

    Args:
        figure: Matplotlib figure, as `pictures` returns it.
        filepath: Path of the file, in a folder that exists.

    Raises:
        OSError: if the file cannot be written.

    Example:

    >>> from keras_aegan import pictures
    >>> figure = pictures.samples(np.zeros((4, 8, 8, 1)))
    >>> pictures.save(figure, "samples.png")
    """
    files.write_atomically(filepath, png(figure))

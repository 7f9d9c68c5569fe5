"""Figures without a screen, measured in pixels from the upper left corner."""

import io

from keras_aegan import extras
from keras_aegan import files

DPI = 128  # A power of 2: a pixel is an exact fraction of an inch.
MARGIN = 12
LINE = 18  # The height of a line of text,
CHARACTER = 7  # the width of a letter,
FONT = 7  # and its size in points.


def matplotlib_classes():
    """Matplotlib's classes of figures and canvases, which need no screen.

    Raises:
        ImportError: if Matplotlib is missing.
    """
    with extras.required("Pictures need Matplotlib", "keras_aegan[plot]"):
        from matplotlib import figure
        from matplotlib.backends import backend_agg
    return figure.Figure, backend_agg.FigureCanvasAgg


def new_figure(width, height, **kwargs):
    """A Matplotlib figure of so many pixels.

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


def png(figure):
    """The bytes of a PNG file of a figure."""
    figure.savefig(file := io.BytesIO(), format="png", dpi=DPI)
    return file.getvalue()


def write(figure, left, top, text, **kwargs):
    """A line of text whose corner is at a place."""
    width, height = figure.bbox.size
    kwargs = {"fontsize": FONT, "va": "top", **kwargs}
    figure.text(left / width, 1 - top / height, text, **kwargs)


def axes_at(figure, left, top, width, height, **kwargs):
    """Axes that fill a rectangle."""
    whole = figure.bbox.size
    corner = left / whole[0], 1 - (top + height) / whole[1]
    size = width / whole[0], height / whole[1]
    return figure.add_axes((*corner, *size), **kwargs)


def plots(count, width=300, height=210, columns=4):
    """A figure with room for plots, and a list of their axes.

    Args:
        count: Positive integer, how many.
        width: Integer, that of one plot.
        height: Integer, that of one plot.
        columns: Integer, how many stand side by side at most.
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
    """Title and names of axes, in the size of all pictures."""
    axes.set_title(title or "", fontsize=FONT + 1)
    axes.set_xlabel(x or "", fontsize=FONT)
    axes.set_ylabel(y or "", fontsize=FONT)
    axes.tick_params(labelsize=FONT - 1)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def legend(axes, *args, **kwargs):
    """A legend through which lines can be seen."""
    options = {"fontsize": FONT - 1, "framealpha": 0.7, "edgecolor": "none"}
    axes.legend(*args, **{**options, **kwargs})


def shortened(text, length=24):
    """A text that leaves out its middle if it is long."""
    if len(text) <= length:
        return text
    half = (length - 1) // 2
    return f"{text[:half]}\u2026{text[-half:]}"


def save(figure, path):
    """Write a picture to a PNG file that is never there by half.

    Args:
        figure: Matplotlib figure, as the functions of this folder give it.
        path: Path of the file, in a folder that exists.

    Raises:
        OSError: if the file cannot be written.

    Example:

    >>> from keras_aegan import pictures
    >>> figure = pictures.samples(np.zeros((4, 8, 8, 1)))
    >>> pictures.save(figure, "samples.png")
    """
    files.write_atomically(path, png(figure))

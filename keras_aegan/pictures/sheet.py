"""A grid of samples: images as tiles, rows and series as lines."""

import dataclasses
import math

import numpy as np

from keras_aegan import pages
from keras_aegan.pictures.figures import CHARACTER
from keras_aegan.pictures.figures import LINE
from keras_aegan.pictures.figures import MARGIN
from keras_aegan.pictures.figures import axes_at
from keras_aegan.pictures.figures import new_figure
from keras_aegan.pictures.figures import write

_TILE = 60
_GREY = 160
_LESS = 1e-4


@dataclasses.dataclass
class Panel:
    """Samples under a title, row after row.

    Args:
        title: String.
        samples: Array `(samples, ...)`.
        columns: Positive integer, how many samples stand in a row.
        behind: Array of samples to draw in grey behind lines, or `None`.
        row_names: Strings, one for each row, or none.
        column_names: Strings, one for each column, or none.
    """

    title: str
    samples: np.ndarray
    columns: int
    behind: np.ndarray | None = None
    row_names: tuple[str, ...] = ()
    column_names: tuple[str, ...] = ()

    def __post_init__(self):
        self.samples = np.asarray(self.samples, "float32")

    @property
    def rows(self) -> int:
        return math.ceil(len(self.samples) / self.columns)

    @property
    def indent(self) -> tuple[int, int]:
        """Pixels to the left of the first sample, and above it."""
        longest = max(map(len, self.row_names), default=-1) + 1
        return longest * CHARACTER, LINE * bool(self.column_names)


def signed(numbers) -> tuple[str, ...]:
    """Numbers as names of columns: `-2`, `0`, `+0.67`."""
    return tuple(f"{x:+.2g}" if x else "0" for x in numbers)


def sheet(panels: list[Panel], plot: tuple | None = None):
    """A figure of panels side by side.

    Args:
        panels: List of `Panel`s of samples of one shape. Values of images are
            in [-1, 1] or, if none is negative, in [0, 1].
        plot: `None` or a tuple `(title, width, height, draw)` of a plot to
            the right of the panels, where `draw` takes Matplotlib's axes.

    Returns:
        Matplotlib figure.
    """
    is_image = panels[0].samples.ndim == 4
    painter = (_Images if is_image else _Lines)(panels)
    titles = [panel.title for panel in panels]
    sizes = [
        np.add(panel.indent, painter.tile * (panel.columns, panel.rows))
        for panel in panels
    ]
    if plot:
        titles.append(plot[0])
        # A line below the plot holds the numbers of its axis.
        sizes.append(np.add(plot[1:3], (0, LINE)))
    figure, lefts = _page(titles, sizes)
    top = MARGIN + LINE
    for panel, left in zip(panels, lefts):
        corner = np.add(panel.indent, (left, top))
        _write_names(figure, panel, corner, painter.tile)
        painter.paint(figure, panel, *corner)
    if plot:
        plot[3](axes_at(figure, lefts[-1], top, *plot[1:3]))
    return figure


def _page(titles, sizes):
    """A figure with titles, and the left edges of panels of given sizes."""
    widths = [max(w, CHARACTER * len(t)) for t, (w, _) in zip(titles, sizes)]
    width = sum(widths) + MARGIN * (len(widths) + 1)
    height = max(h for _, h in sizes) + LINE + 2 * MARGIN
    figure = new_figure(int(width), int(height))
    lefts = MARGIN + np.cumsum([0, *np.add(widths, MARGIN)])
    for title, left in zip(titles, lefts):
        write(figure, left, MARGIN, title)
    return figure, [int(left) for left in lefts[:-1]]


def _write_names(figure, panel, corner, tile):
    for i, name in enumerate(panel.row_names):
        x, y = corner + tile * (0, i + 0.5) - (CHARACTER, 0)
        write(figure, x, y, name, ha="right", va="center")
    for i, name in enumerate(panel.column_names):
        x, y = corner + tile * (i + 0.5, 0) - (0, LINE)
        write(figure, x, y, name, ha="center")


class _Images:
    """Images, each of whose pixels is a square of pixels of the figure."""

    def __init__(self, panels):
        shape = panels[0].samples.shape
        self.scale = math.ceil(_TILE / max(shape[1:3]))
        self.tile = np.array([shape[2] + 1, shape[1] + 1]) * self.scale
        self.is_signed = any(pages.is_signed(p.samples) for p in panels)

    def paint(self, figure, panel, left, top):
        pixels = self._sheet_of(panel)
        height, width = pixels.shape[:2]
        axes = axes_at(figure, left, top, width, height)
        axes.axis("off")
        # Matplotlib before 3.11 draws an image of 208.000001 pixels over 209.
        extent = (0, width - _LESS, height - _LESS, 0)
        axes.imshow(
            pixels, interpolation="nearest", aspect="auto", extent=extent
        )
        axes.set(xlim=(0, width), ylim=(height, 0))

    def _sheet_of(self, panel):
        """All images of a panel as one of RGBA bytes."""
        images = panel.samples
        if images.shape[-1] not in (1, 3, 4):
            images = images[..., :1]
        images = (images + 1) / 2 if self.is_signed else images
        images = np.clip(np.nan_to_num(images), 0, 1)
        images = np.uint8(images * 255 + 0.5)
        (width, height), scale = self.tile, self.scale
        size = panel.rows * height, panel.columns * width, 4
        pixels = np.full(size, 255, "uint8")
        for i, image in enumerate(images):
            y, x = i // panel.columns * height, i % panel.columns * width
            tile = pixels[y : y + height, x : x + width]
            # Grey remains where the image, drawn next, leaves a gap: one of
            # its pixels to the right and below.
            tile[..., :3] = _GREY
            large = image.repeat(scale, 0).repeat(scale, 1)
            tile[:-scale, :-scale, : max(3, large.shape[-1])] = large
        return pixels[:-scale, :-scale]


class _Lines:
    """Small line plots with the same range of values in all."""

    tile = np.array([144, 96])
    gap = 6

    def __init__(self, panels):
        self.first = None

    def paint(self, figure, panel, left, top):
        for i in range(len(panel.samples)):
            place = (i % panel.columns, i // panel.columns)
            corner = (left, top) + self.tile * place
            options = {"sharey": self.first, "xticks": [], "yticks": []}
            size = self.tile - self.gap
            axes = axes_at(figure, *corner, *size, **options)
            self.first = self.first or axes
            marker = "." if len(panel.samples[i]) == 1 else ""
            if panel.behind is not None:
                axes.plot(panel.behind[i], marker, color="0.7", linewidth=0.8)
            axes.plot(panel.samples[i], marker, linewidth=0.8)

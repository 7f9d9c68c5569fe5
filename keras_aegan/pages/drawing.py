"""Samples as elements of a page: images as tiles, series as lines, texts.

Each function returns a string of HTML without references to other files.
"""

import base64

import numpy as np

from keras_aegan.pages import images
from keras_aegan.pages.page import template

_POINTS = 128  # A line has no more.
_CELL = (100, 56)  # Width and height of one plot of several,
_OVERLAY = (320, 90)  # and of one plot for all.
_GAP = 10
_MARGIN = 3
_IN_A_ROW = 4


def tiles(
    samples, originals=None, signed=None, gap=1, side=None, height=0, columns=8
):
    """Images in rows and columns.

    Args:
        samples: Array of images `(samples, height, width, channels)`.
        originals: Array of as many images, which stand above, or `None`.
        signed: Boolean, whether values lie in [-1, 1] or in [0, 1]. `None`
            for what `is_signed` says of the samples.
        gap: Integer, how many white pixels lie between two images.
        side: Positive integer: larger images are made smaller, so that no
            side has more pixels. `None` for any size.
        height: Integer. Pixels are enlarged, by a whole number, until all
            rows together have about this height.
        columns: Positive integer, how many images are in a row.
    """
    shown = [samples] if originals is None else [originals, samples]
    if signed is None:
        signed = images.is_signed(samples)
    sheets = []
    for x in shown:
        x = x if side is None else images.reduced(x, side)
        x = images.pixels(x, signed)
        x = images.tiled(x, min(columns, len(samples)), gap)
        below = ((0, gap), (0, 0), (0, 0))
        sheets.append(np.pad(x, below, constant_values=255))
    sheet = np.concatenate(sheets)
    scale = max(1, round(height / len(sheet)))
    return _element(
        "image",
        label=f"{len(samples)} images",
        width=scale * sheet.shape[1],
        png=base64.b64encode(images.png(sheet)).decode(),
    )


def lines(samples, originals=None, is_overlaid=False):
    """Rows of a table, and series, as lines of one scale.

    Each sample has a small plot of its own, with a line for each channel.

    Args:
        samples: Array `(samples, steps)` or `(samples, steps, channels)`.
        originals: Array of as many samples, which lie behind, or `None`.
        is_overlaid: Boolean, whether the first channels of all samples are
            in one plot instead.
    """
    layers = {"front": np.asarray(samples, "float64")}
    if originals is not None:
        layers = {"behind": np.asarray(originals, "float64"), **layers}
    layers = {k: x.reshape(*x.shape[:2], -1) for k, x in layers.items()}
    if is_overlaid:
        layers = {k: x[..., :1] for k, x in layers.items()}
    known = np.concatenate([x.ravel() for x in layers.values()])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    count = len(samples)
    columns, rows = (1, 1) if is_overlaid else _grid(count)
    width, height = cell = _OVERLAY if is_overlaid else _CELL
    polylines = []
    for kind, x in layers.items():
        steps = np.linspace(0, x.shape[1] - 1, min(_POINTS, x.shape[1]))
        x = x[:, np.round(steps).astype(int)]
        y = height - (x - low) / max(high - low, 1e-12) * height
        across = np.linspace(0, width, x.shape[1]) if x.shape[1] > 1 else [0.0]
        for i, channel in np.ndindex(count, x.shape[2]):
            place = 0 if is_overlaid else i
            left = place % columns * (width + _GAP)
            top = place // columns * (height + _GAP)
            points = _points(np.add(left, across), top + y[i, :, channel])
            polylines.append((f"{kind} channel{channel % 4}", points))
    return _element(
        "lines",
        label=f"{count} samples, from {low:.3g} to {high:.3g}",
        margin=_MARGIN,
        width=columns * (cell[0] + _GAP),
        height=rows * (cell[1] + _GAP),
        polylines=polylines,
    )


def _grid(count):
    """Columns and rows of small plots."""
    return min(count, _IN_A_ROW), -(-count // _IN_A_ROW)


def _points(x, y):
    """The attribute of a line, without what is no number."""
    pairs = [f"{a:.4g},{b:.4g}" for a, b in zip(x, y) if np.isfinite(b)]
    # A single point becomes a dot.
    return " ".join(pairs if len(pairs) > 1 else pairs * 2)


def texts(samples, originals=None, vocabulary_size=256):
    """Sequences of tokens in a table: bytes as text, or numbers.

    Args:
        samples: Array of integers `(samples, tokens)`.
        originals: Array of as many sequences, in a column to the left, or
            `None`.
        vocabulary_size: Positive integer; tokens are bytes if it is 256.
    """
    shown = [samples] if originals is None else [originals, samples]
    rows = [[_text(x, vocabulary_size) for x in row] for row in zip(*shown)]
    return _element("texts", rows=rows)


def _text(tokens, vocabulary_size):
    if vocabulary_size == 256:
        return bytes(map(int, tokens)).decode("utf-8", "replace")
    return " ".join(str(int(token)) for token in tokens)


def _element(macro, **values):
    macros = template(__package__, "drawing.html").module
    return str(vars(macros)[macro](**values))

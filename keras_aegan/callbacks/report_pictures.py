"""Samples of any kind as elements of a page."""

import html

import numpy as np

from keras_aegan.pages import images

LINES = 16  # Rows or series in one picture.
_COLUMNS = 8
_SIDE = 64  # Larger images are made smaller: the page holds many.
_POINTS = 128  # A curve has no more.
_CELL = (100, 56)
_IN_A_ROW = 4


def images_of(signed):
    """A function that draws images: `draw(samples, originals=None)`.

    Originals stand above the samples.

    Args:
        signed: Boolean, whether values lie in [-1, 1] or in [0, 1].
    """

    def draw(samples, originals=None):
        shown = [samples]
        if originals is not None:
            shown = [originals, samples]
        columns = min(_COLUMNS, len(samples))
        sheets = [_sheet(x, columns, signed) for x in shown]
        sheet = np.concatenate(sheets)
        return images.element(sheet, f"{len(samples)} images")

    return draw


def _sheet(samples, columns, signed):
    samples = np.asarray(samples, "float32")
    by = -(-max(samples.shape[1:3]) // _SIDE)
    if by > 1:
        count, height, width, channels = samples.shape
        # Means of squares of pixels; what is left over at the ends is cut.
        high, wide = height // by, width // by
        samples = samples[:, : high * by, : wide * by]
        samples = samples.reshape(count, high, by, wide, by, channels)
        samples = samples.mean(axis=(2, 4))
    tiles = images.pixels(samples, signed)
    sheet = images.tiled(tiles, columns, gap=1)
    return np.pad(sheet, ((0, 1), (0, 0), (0, 0)), constant_values=255)


def lines(samples, originals=None):
    """Rows of a table, and series, each in a small plot of its own.

    Originals lie behind the samples. All have one scale.
    """
    layers = [np.asarray(samples[:LINES], "float64")]
    if originals is not None:
        layers.insert(0, np.asarray(originals[:LINES], "float64"))
    known = np.concatenate([x.ravel() for x in layers])
    known = known[np.isfinite(known)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    width, height = _CELL
    count = len(layers[-1])
    drawn = []
    for name, x in zip(("behind", "front")[-len(layers) :], layers):
        x = x.reshape(*x.shape[:2], -1)
        steps = np.linspace(0, x.shape[1] - 1, min(_POINTS, x.shape[1]))
        x = x[:, np.round(steps).astype(int)]
        y = height - (x - low) / max(high - low, 1e-12) * height
        across = np.linspace(0, width, x.shape[1]) if x.shape[1] > 1 else [0.0]
        for i, channel in np.ndindex(count, x.shape[2]):
            left = i % _IN_A_ROW * (width + 10)
            top = i // _IN_A_ROW * (height + 10)
            points = _points(left + across, top + y[i, :, channel])
            kind = f"{name} channel{channel % 4}"
            drawn.append(f'<polyline class="{kind}" points="{points}"/>')
    columns = min(count, _IN_A_ROW)
    size = (columns * (width + 10), -(-count // _IN_A_ROW) * (height + 10))
    label = f"{count} samples, from {low:.3g} to {high:.3g}"
    return (
        f'<svg class="curves" viewBox="-3 -3 {size[0]} {size[1]}" role="img" '
        f'aria-label="{label}"><title>{label}</title>{"".join(drawn)}</svg>'
    )


def _points(x, y):
    """The attribute of a line, without what is no number."""
    pairs = [f"{a:.4g},{b:.4g}" for a, b in zip(x, y) if np.isfinite(b)]
    # A single point becomes a dot.
    return " ".join(pairs if len(pairs) > 1 else pairs * 2)


def texts_of(vocabulary_size):
    """A function that draws sequences of tokens: bytes as text, or numbers.

    Args:
        vocabulary_size: Integer; 256 for bytes.
    """

    def draw(samples, originals=None):
        shown = [samples] if originals is None else [originals, samples]
        rows = "".join(
            "<tr>" + "".join(f"<td>{_text(x)}</td>" for x in row) + "</tr>"
            for row in zip(*shown)
        )
        return f'<div class="scroll"><table>{rows}</table></div>'

    def _text(tokens):
        if vocabulary_size == 256:
            text = bytes(int(token) for token in tokens).decode(
                "utf-8", "replace"
            )
        else:
            text = " ".join(str(int(token)) for token in tokens)
        return html.escape(text)

    return draw

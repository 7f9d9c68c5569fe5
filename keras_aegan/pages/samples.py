"""Generated samples as pictures inside a page."""

import html

import numpy as np

from keras_aegan.pages import images

_ROWS = 4
_COLUMNS = 8
_LINES = 8
_WIDTH = 320
_HEIGHT = 90
_SIDE = 256


def picture(samples):
    """An HTML element that shows samples: tiles of images, or lines.

    Args:
        samples: Array `(samples, ...)` with 1 to 3 axes after the first.
            Images have values in [-1, 1], or in [0, 1] if none is negative.

    Returns:
        String of HTML without references to other files.
    """
    return _tiles(samples) if np.ndim(samples) == 4 else _lines(samples)


def needed(model):
    """How many samples of a model one picture shows."""
    images = len(model.sample_shape) == 3
    return _ROWS * _COLUMNS if images else _LINES


def _tiles(samples):
    tiles = images.pixels(samples, signed=samples.min() < 0)
    sheet = images.tiled(tiles[: _ROWS * _COLUMNS], _COLUMNS)
    scale = max(1, round(_SIDE / sheet.shape[0]))
    return images.element(sheet, f"{len(samples)} samples", scale)


def _lines(samples):
    """Rows of a table and series as lines, one over the other."""
    curves = np.asarray(samples[:_LINES], "float64")
    curves = curves.reshape(len(curves), len(curves[0]), -1)[:, :, 0]
    low, high = curves.min(), curves.max()
    y = _HEIGHT - (curves - low) / max(high - low, 1e-12) * _HEIGHT
    x = np.linspace(0, _WIDTH, curves.shape[1])
    drawn = "".join(
        '<polyline points="'
        + " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, curve))
        + '"/>'
        for curve in y
    )
    label = html.escape(f"{len(curves)} samples, from {low:.3g} to {high:.3g}")
    return (
        f'<svg class="lines" viewBox="-2 -2 {_WIDTH + 4} {_HEIGHT + 4}" '
        f'role="img" aria-label="{label}"><title>{label}</title>{drawn}</svg>'
    )

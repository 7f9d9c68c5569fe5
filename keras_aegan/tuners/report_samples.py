"""Generated samples as pictures inside a page."""

import base64
import html
import struct
import zlib

import numpy as np

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
    low = -1.0 if samples.min() < 0 else 0.0
    pixels = np.clip((samples - low) / (1.0 - low), 0, 1) * 255
    pixels = np.round(pixels).astype("uint8")
    if pixels.shape[-1] != 3:
        pixels = np.repeat(pixels[..., :1], 3, axis=-1)
    count, height, width, _ = pixels.shape
    grid = pixels[: _ROWS * _COLUMNS].reshape(_ROWS, -1, height, width, 3)
    grid = grid.transpose(0, 2, 1, 3, 4).reshape(_ROWS * height, -1, 3)
    data = base64.b64encode(_png(grid)).decode()
    scale = max(1, round(_SIDE / grid.shape[0]))
    return (
        f'<img alt="{count} samples" width="{scale * grid.shape[1]}" '
        f'src="data:image/png;base64,{data}">'
    )


def _png(pixels):
    """The bytes of a PNG file, from an array `(height, width, 3)`."""
    height, width, _ = pixels.shape
    # Each row starts with 0: it is stored as it is.
    rows = np.zeros((height, 1 + 3 * width), "uint8")
    rows[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows.tobytes()))
        + chunk(b"IEND", b"")
    )


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

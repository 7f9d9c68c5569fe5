"""Images inside a page, without any library of images."""

import base64
import html
import struct
import zlib

import numpy as np

# PNG's number for what the channels of a pixel are.
_COLOURS = {1: 0, 3: 2, 4: 6}


def pixels(samples, signed):
    """Samples as bytes, `(samples, height, width, channels)`.

    Args:
        samples: Array of images; of channels other than 1, 3 or 4 the first
            is taken. NaN becomes black.
        signed: Boolean, whether values lie in [-1, 1] or in [0, 1].
    """
    samples = np.asarray(samples, "float32")
    if samples.shape[-1] not in _COLOURS:
        samples = samples[..., :1]
    samples = np.nan_to_num((samples + 1) / 2 if signed else samples)
    return np.round(np.clip(samples, 0, 1) * 255).astype("uint8")


def tiled(tiles, columns, gap=0):
    """Tiles, row after row, as one image.

    Args:
        tiles: Array of bytes, `(samples, height, width, channels)`.
        columns: Positive integer.
        gap: Integer, how many white pixels lie between two.
    """
    count, height, width, channels = tiles.shape
    rows = -(-count // columns)
    sheet = np.full(
        (rows * columns, height + gap, width + gap, channels), 255, "uint8"
    )
    sheet[:count, :height, :width] = tiles
    sheet = sheet.reshape(rows, columns, *sheet.shape[1:]).swapaxes(1, 2)
    sheet = sheet.reshape(rows * (height + gap), -1, channels)
    return sheet[: len(sheet) - gap, : sheet.shape[1] - gap]


def element(image, label, scale=1):
    """The `<img>` of an image of bytes, each pixel `scale` wide."""
    data = base64.b64encode(png(image)).decode()
    return (
        f'<img alt="{html.escape(label)}" width="{scale * image.shape[1]}" '
        f'src="data:image/png;base64,{data}">'
    )


def png(image):
    """The bytes of a PNG file, from an array `(height, width, channels)`."""
    height, width, channels = image.shape
    # Each row starts with 0: it is stored as it is.
    rows = np.zeros((height, 1 + channels * width), "uint8")
    rows[:, 1:] = image.reshape(height, -1)

    def chunk(kind, data):
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = (width, height, 8, _COLOURS[channels], 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", *header))
        + chunk(b"IDAT", zlib.compress(rows.tobytes()))
        + chunk(b"IEND", b"")
    )

"""Images as bytes, and PNG files without any library of images."""

import struct
import zlib

import numpy as np

# PNG's number for what the channels of a pixel are.
_COLOURS = {1: 0, 3: 2, 4: 6}


def is_signed(images):
    """Whether images have values in [-1, 1], or in [0, 1].

    They are signed if one of them is below -0.01: a generator of images in
    [0, 1] whose output has no bound falls a little below 0.

    Args:
        images: Array.
    """
    return bool(np.any(np.asarray(images) < -0.01))


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


def reduced(samples, side):
    """Images of at most `side` pixels in a row or column.

    A pixel is the mean of a square of pixels; what is left over at the lower
    and right edges is cut off.

    Args:
        samples: Array `(samples, height, width, channels)`.
        side: Positive integer.
    """
    samples = np.asarray(samples, "float32")
    count, height, width, channels = samples.shape
    by = -(-max(height, width) // side)
    if by <= 1:
        return samples
    high, wide = height // by, width // by
    samples = samples[:, : high * by, : wide * by]
    samples = samples.reshape(count, high, by, wide, by, channels)
    return samples.mean(axis=(2, 4))


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

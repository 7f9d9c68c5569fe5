"""Images in files, by Pillow."""

import pathlib

import numpy as np

from keras_aegan import extras
from keras_aegan import files

SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def pillow():
    """The module `PIL.Image`, or an error that says how to install it."""
    with extras.required("Image files need Pillow", "keras_aegan[data]"):
        from PIL import Image
    return Image


def read(path: pathlib.Path) -> np.ndarray:
    """The bytes of an image, `(height, width, channels)`.

    There are 1, 3 or 4 channels: grey, colours, or colours and opacity.

    Args:
        path: Path of a file.

    Raises:
        ValueError: if it is not an image.
    """
    image_module = pillow()
    try:
        with image_module.open(path) as image:
            return _as_bytes(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise ValueError(
            f"A file must be an image. Received: {str(path)!r} ({error})"
        ) from error


def _as_bytes(image):
    if image.mode.startswith("I"):
        # Of 16 bits, which Pillow would cut off above 255.
        return (np.asarray(image)[..., None] >> 8).astype("uint8")
    is_transparent = "transparency" in image.info or image.mode[-1:] in "Aa"
    if is_transparent:
        return np.asarray(image.convert("RGBA"))
    is_grey = image.mode in ("1", "L")
    pixels = np.asarray(image.convert("L" if is_grey else "RGB"))
    return pixels[..., None] if is_grey else pixels


def resize(pixels: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image of another size, by bicubic interpolation.

    Args:
        pixels: Array `(height, width, channels)`.
        size: Height and width.
    """
    if pixels.shape[:2] == tuple(size):
        return pixels
    image_module = pillow()
    height, width = size
    is_bytes = pixels.dtype == "uint8"
    pixels = pixels if is_bytes else pixels.astype("float32")
    channels = [
        image_module.fromarray(np.ascontiguousarray(pixels[..., i]))
        for i in range(pixels.shape[-1])
    ]
    channels = [np.asarray(c.resize((width, height))) for c in channels]
    resized = np.stack(channels, axis=-1)
    # Next to an edge an interpolation goes beyond the values of the image.
    return resized if is_bytes else resized.clip(pixels.min(), pixels.max())


def write(folder, images: np.ndarray) -> list[pathlib.Path]:
    """Write each image to a PNG file of its own.

    Args:
        folder: Path of a folder, made if it is missing.
        images: Array of uint8, `(samples, height, width, channels)`.

    Returns:
        List of paths.

    Raises:
        ValueError: if nothing can be written there.
    """
    image_module = pillow()
    files.make_folder("folder", folder)
    digits = len(str(len(images) - 1))
    paths = []
    for i, pixels in enumerate(images):
        path = pathlib.Path(folder) / f"{i:0{digits}d}.png"
        pixels = pixels[..., 0] if pixels.shape[-1] == 1 else pixels
        with files.replacing(path, ".png") as unfinished:
            image_module.fromarray(pixels).save(unfinished)
        paths.append(path)
    return paths

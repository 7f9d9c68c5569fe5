"""Images of files or arrays."""

import os
import pathlib

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_samples
from keras_aegan.arrays import real_numbers
from keras_aegan.data import image_files
from keras_aegan.data import paths
from keras_aegan.data.transformation import Transformation

_BLOCK = 256


@keras.saving.register_keras_serializable(package="keras_aegan")
class Images(Transformation):
    """Images of one size, with values in [-1, 1].

    `x = 2 (value - black) / (white - black) - 1`. Images of another size are
    resized without regard to their proportions. Colours become grey by the
    weights of Rec. 601; grey is repeated for 3 channels; transparent images
    are laid on white unless 4 channels are asked for.

    Args:
        size: Height and width, or one integer for both. Defaults to those of
            the first image.
        channels: 1, 3 or 4 for colours and opacity. Defaults to 1 where all
            images are grey and 3 otherwise; arrays keep the channels they
            have.
        value_range: Pair of numbers, black and white. Defaults to (0, 255) for
            files and arrays of bytes; for other arrays to (-1, 1) or (0, 1) if
            all values are there, else to the least and the largest one.

    Raises:
        ValueError: if an argument is not as above; in methods, if a file is
            not an image, a folder has none, or an array is not one of images.
        ImportError: if Pillow is missing, for files and other sizes.

    Example:

    >>> images = Images()
    >>> x = images.fit_transform(np.full((4, 8, 8), 255, "uint8"))
    >>> x.shape, float(x.max())
    ((4, 8, 8, 1), 1.0)
    >>> images.inverse_transform(x).dtype
    dtype('uint8')
    """

    def __init__(
        self,
        size: int | tuple[int, int] | None = None,
        channels: int | None = None,
        value_range: tuple[float, float] | None = None,
    ):
        super().__init__()
        if size is not None:
            size = validation.check_shape(
                "size", size if np.ndim(size) else (size, size)
            )
            if len(size) != 2:
                raise ValueError(
                    "`size` must be an integer, or height and width. "
                    f"Received: size={size}"
                )
        if value_range is not None:
            value_range = validation.check_range("value_range", value_range)
        self.size = size
        self.channels = validation.check_in(
            "channels", channels, (None, 1, 3, 4)
        )
        self.value_range = value_range

    def fit(self, x) -> "Images":
        """Find the size, the channels and the range.

        Args:
            x: Path of a folder, whose images and those of its subfolders are
                in the order of their names; path of a file, or list of paths;
                array `(samples, height, width)` or `(samples, height, width,
                channels)`, or list of arrays of single images.

        Returns:
            The transformation itself.
        """
        found = _Statistics()
        for pixels in _blocks(x):
            found.add(pixels)
        if not found.shapes:
            raise ValueError("`x` must be images. Received: none")
        self._fitted = {
            "size": list(self.size or found.shapes[0][:2]),
            "channels": self.channels or found.channels(_is_files(x)),
            "range": list(self.value_range or found.range()),
            "dtype": np.result_type(*found.dtypes).name,
        }
        return self

    def transform(self, x) -> np.ndarray:
        """Images of the size and the channels of `fit`, in [-1, 1].

        Args:
            x: As in `fit`.

        Returns:
            Array of float32, `(samples, height, width, channels)`.
        """
        fitted = self._require_fitted()
        low, high = fitted["range"]
        size = fitted["size"]
        blocks = [np.empty((0, *self.network_options["shape"]), "float32")]
        for pixels in _blocks(x):
            pixels = _convert(pixels, fitted["channels"], low, high)
            if pixels.shape[1:3] != tuple(size):
                pixels = np.stack([image_files.resize(p, size) for p in pixels])
            # By numbers of 64 bits, after which bytes come back exactly.
            scaled = (pixels - float(low)) * (2 / (high - low)) - 1
            blocks.append(scaled.astype("float32"))
        return np.concatenate(blocks)

    def inverse_transform(self, x: np.ndarray) -> np.ndarray:
        """Images with the values that those of `fit` had.

        Args:
            x: Array `(samples, height, width, channels)`; what is outside
                [-1, 1] is clipped.

        Returns:
            Array of the same shape, of uint8 after a fit on files or bytes.
        """
        fitted = self._require_fitted()
        x = self._clipped(x)
        low, high = fitted["range"]
        values = (x + 1) / 2 * (high - low) + low
        dtype = np.dtype(fitted["dtype"])
        return (np.rint(values) if dtype.kind in "iub" else values).astype(
            dtype
        )

    def write(
        self, folder: str | os.PathLike, x: np.ndarray
    ) -> list[pathlib.Path]:
        """Write each image to a PNG file of its own.

        Args:
            folder: Path of a folder, made if it is missing.
            x: As in `inverse_transform`.

        Returns:
            List of paths.
        """
        pixels = np.rint((self._clipped(x) + 1) * 127.5)
        return image_files.write(folder, pixels.astype("uint8"))

    def _clipped(self, x):
        x = check_samples("x", x, self.network_options["shape"])
        return check_finite("x", x).astype("float64").clip(-1, 1)

    @property
    def network_options(self) -> dict:
        fitted = self._require_fitted()
        shape = (*fitted["size"], fitted["channels"])
        return {"shape": shape, "activation": "tanh"}

    def get_config(self) -> dict:
        size, ends = self.size, self.value_range
        return {
            "size": None if size is None else list(size),
            "channels": self.channels,
            "value_range": None if ends is None else list(ends),
            **super().get_config(),
        }


class _Statistics:
    """What `fit` looks for in blocks of images."""

    def __init__(self):
        self.shapes, self.dtypes, self.ends = [], set(), []

    def add(self, pixels):
        self.shapes.append(pixels.shape[1:])
        self.dtypes.add(pixels.dtype)
        self.ends += [float(pixels.min()), float(pixels.max())]

    def channels(self, is_files):
        counts = {shape[-1] for shape in self.shapes}
        if len(counts) == 1 and (counts == {1} or not is_files):
            return counts.pop()
        return 3

    def range(self):
        low, high = min(self.ends), max(self.ends)
        if self.dtypes == {np.dtype("uint8")}:
            return 0.0, 255.0
        if -1 <= low and high <= 1:
            return (0.0, 1.0) if low >= 0 else (-1.0, 1.0)
        return low, high if high > low else low + 1


def _is_files(x):
    is_list = isinstance(x, (list, tuple)) and len(x) > 0
    return paths.is_path(x) or (is_list and all(map(paths.is_path, x)))


def _blocks(x):
    """Arrays `(samples, height, width, channels)`, one after another."""
    if _is_files(x):
        for path in paths.list_files(x, image_files.SUFFIXES):
            yield image_files.read(path)[None]
        return
    is_list = isinstance(x, (list, tuple))
    if is_list and all(np.ndim(each) in (2, 3) for each in x):
        for pixels in x:
            yield _checked(real_numbers("x", pixels)[None])
        return
    x = real_numbers("x", x)
    if x.ndim not in (3, 4):
        raise ValueError(
            "`x` must be images: files, or an array of shape (samples, "
            "height, width) or (samples, height, width, channels). "
            f"Received: an array of shape {x.shape}"
        )
    x = _checked(x)
    # What is computed in between takes more memory than bytes.
    for i in range(0, len(x), _BLOCK):
        yield x[i : i + _BLOCK]


def _checked(pixels):
    pixels = pixels if pixels.ndim == 4 else pixels[..., None]
    shape = pixels.shape[1:]
    has_channels_first = shape[0] in (1, 3, 4) and shape[-1] > 4
    if 0 in shape or has_channels_first:
        hint = ": `np.moveaxis(x, 1, -1)`" if has_channels_first else ""
        raise ValueError(
            "An image must have the shape (height, width, channels), without "
            f"a 0{hint}. Received: shape {shape}"
        )
    return check_finite("x", pixels)


def _convert(pixels, channels, black, white):
    """Images with another number of channels."""
    count = pixels.shape[-1]
    if count == channels:
        return pixels
    if not {count, channels} <= {1, 3, 4}:
        raise ValueError(
            f"An image must have {channels} channels, as at `fit`. "
            f"Received: {count}"
        )
    values, dtype = pixels.astype("float64"), pixels.dtype
    if count == 4:
        opacity = (values[..., 3:] - black) / (white - black)
        values = values[..., :3] * opacity + white * (1 - opacity)
    if channels == 1 and count > 1:
        values = values @ np.array([[0.299], [0.587], [0.114]])
    elif channels > 1 and count == 1:
        values = np.repeat(values, 3, axis=-1)
    if channels == 4:
        values = np.concatenate(
            [values, np.full_like(values[..., :1], white)], axis=-1
        )
    is_integer = dtype.kind in "iu"
    return np.rint(values).astype(dtype) if is_integer else values

"""Sound in files and arrays, by soundfile and SciPy."""

import math
import os
import pathlib
from collections.abc import Iterator

import numpy as np

from keras_aegan import extras
from keras_aegan import files
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import real_numbers
from keras_aegan.data import paths
from keras_aegan.validation import check_integer

SUFFIXES = (
    *(".aif", ".aiff", ".flac", ".mp3", ".oga", ".ogg", ".opus", ".wav"),
)
# Zero and full scale of sound as integers.
_SCALES = {
    "uint8": (2**7, 2**7),
    "int16": (0, 2**15),
    "int32": (0, 2**31),
}
_MOST_CHANNELS = 32


def recordings(x, rate: int | None) -> Iterator[tuple[np.ndarray, int]]:
    """Recordings with one channel and their rates, one after another.

    Args:
        x: Path of a file or a folder, list of paths, array `(samples, steps)`
            or `(samples, steps, channels)`, or list of arrays `(steps,)` or
            `(steps, channels)`.
        rate: Positive integer, steps per second of arrays; `None` for files.

    Raises:
        ValueError: if something is not a recording, or is empty.
        ImportError: if soundfile is missing, for files.
    """
    is_list = isinstance(x, (list, tuple))
    if paths.is_path(x) or (is_list and any(map(paths.is_path, x))):
        if rate is not None:
            raise ValueError(
                "`rate` is for arrays; files say theirs. "
                f"Received: rate={rate!r}"
            )
        for path in paths.list_files(x, SUFFIXES):
            sound, own = read(path)
            yield _one_channel(sound, f"file {str(path)!r}"), own
        return
    if rate is None:
        raise ValueError(
            "Arrays do not say how many steps a second has: `fit(x, rate=...)`,"
            " `transform(x, rate=...)`. Received: rate=None"
        )
    rate = check_integer("rate", rate)
    if not is_list:
        x = real_numbers("x", x)
        if x.ndim not in (2, 3):
            raise ValueError(
                "`x` must be recordings: files, an array of shape (samples, "
                "steps) or (samples, steps, channels), or a list of arrays. "
                f"Received: an array of shape {x.shape}"
            )
    for i, sound in enumerate(x):
        what = f"recording {i}"
        yield _one_channel(_scaled(real_numbers("x", sound), what), what), rate


def read(path: pathlib.Path) -> tuple[np.ndarray, int]:
    """A recording `(steps, channels)` in [-1, 1], and its rate.

    Args:
        path: Path of a file.

    Raises:
        ValueError: if it is not a sound file.
    """
    with extras.required("Sound files need soundfile", "keras_aegan[data]"):
        import soundfile
    try:
        return soundfile.read(path, dtype="float32", always_2d=True)
    except (RuntimeError, OSError) as error:
        raise ValueError(
            "A file must be sound, such as WAV, FLAC or Ogg Vorbis. "
            f"Received: {str(path)!r} ({error})"
        ) from error


def resample(sound: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """A recording at another rate, by a polyphase filter.

    Args:
        sound: Array `(steps,)`.
        rate: Positive integer, its steps per second.
        wanted: Positive integer, those of the result.
    """
    if rate == wanted:
        return sound
    with extras.required("Other rates need SciPy", "keras_aegan[data]"):
        from scipy.signal import resample_poly
    divisor = math.gcd(rate, wanted)
    return resample_poly(sound, wanted // divisor, rate // divisor)


def write(
    folder: str | os.PathLike, waves: np.ndarray, rate: int
) -> list[pathlib.Path]:
    """Write each waveform to a WAV file of 16 bits of its own.

    Args:
        folder: Path of a folder, made if it is missing.
        waves: Array `(samples, steps)`. A waveform that exceeds [-1, 1] is
            made as much quieter as it takes.
        rate: Positive integer, steps per second.

    Returns:
        List of paths.
    """
    with extras.required("Sound files need soundfile", "keras_aegan[data]"):
        import soundfile
    files.make_folder("folder", folder)
    digits, written = len(str(len(waves) - 1)), []
    for i, wave in enumerate(waves):
        path = pathlib.Path(folder) / f"{i:0{digits}d}.wav"
        wave = wave / max(1.0, float(np.abs(wave).max()))
        with files.replacing(path, ".wav") as unfinished:
            soundfile.write(unfinished, wave, rate, subtype="PCM_16")
        written.append(path)
    return written


def _scaled(sound, what):
    """Numbers of 16 bits and the like as floats in [-1, 1]."""
    if sound.dtype.kind == "f":
        return sound
    if sound.dtype.name not in _SCALES:
        raise ValueError(
            "Sound must be floats in [-1, 1], or integers of type "
            f"{', '.join(_SCALES)}. Received: {what} of {sound.dtype}"
        )
    zero, full = _SCALES[sound.dtype.name]
    return (sound.astype("float64") - zero) / full


def _one_channel(sound, what):
    """The mean of all channels, `(steps,)`."""
    sound = sound if sound.ndim != 1 else sound[:, None]
    fits = sound.ndim == 2 and sound.size and sound.shape[1] <= _MOST_CHANNELS
    if not fits:
        raise ValueError(
            "A recording must have the shape (steps,) or (steps, channels), "
            f"and not be empty. Received: {what} of shape {sound.shape}"
        )
    return check_finite(what, sound).mean(axis=1)

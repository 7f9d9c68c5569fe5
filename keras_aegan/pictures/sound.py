"""Audio: spectrograms and WAV files."""

import io
import os
import wave

import numpy as np

from keras_aegan.arrays import check_samples
from keras_aegan.arrays import real_numbers
from keras_aegan.files import write_atomically
from keras_aegan.pictures.figures import FONT
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import plots
from keras_aegan.validation import check_integer

_MOST = 16
_WINDOW = 256
_LOUDEST = 2**15 - 1
_RANGE = -80  # Decibels.


def spectrograms(x: np.ndarray, sample_rate: int):
    """Draw the spectrograms of the first 16 sounds.

    Levels are in decibels, 0 for a sine of amplitude 1, with Hann windows of
    256 steps, or of the whole sound if it is shorter. Channels are averaged.

    Args:
        x: Array `(samples, steps, channels)`.
        sample_rate: Positive integer, steps per second.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if an argument is not as above.
        ImportError: if Matplotlib is missing.

    Example:

    >>> time = np.arange(800) / 8000
    >>> figure = spectrograms(np.sin(6283 * time)[None, :, None], 8000)
    """
    x = check_samples("x", x, ndims=(2,))[:_MOST].mean(-1)
    rate = check_integer("sample_rate", sample_rate)
    figure, all_axes = plots(len(x), 300, 170)
    for i, (axes, sound) in enumerate(zip(all_axes, x)):
        image = axes.imshow(
            decibels(sound),
            origin="lower",
            aspect="auto",
            extent=(0, len(sound) / rate, 0, rate / 2000),
            vmin=_RANGE,
            vmax=0,
        )
        label(axes, x="seconds", y="" if i % 4 else "kHz")
    bar = figure.colorbar(image, ax=all_axes, aspect=40)
    bar.set_label("dB", fontsize=FONT)
    bar.ax.tick_params(labelsize=FONT - 1)
    return figure


def decibels(sound: np.ndarray) -> np.ndarray:
    """Levels of frequencies over time.

    Args:
        sound: Array `(steps,)`.

    Returns:
        Array `(frequencies, times)`, from 0 to half the sample rate.
    """
    size = min(_WINDOW, len(sound))
    window = np.hanning(size + 1)[:-1] if size > 1 else np.ones(1)
    frames = np.lib.stride_tricks.sliding_window_view(sound, size)
    frames = np.nan_to_num(frames[:: max(1, size // 4)])
    amplitudes = np.abs(np.fft.rfft(frames * window)) * 2 / window.sum()
    return 20 * np.log10(np.maximum(amplitudes, 1e-10)).T


def write_wav(filepath: str | os.PathLike, sound: np.ndarray, sample_rate: int):
    """Write a sound to a 16-bit WAV file, atomically.

    Args:
        filepath: Path of the file, in a folder that exists.
        sound: Array `(steps,)` or `(steps, channels)` of values in [-1, 1];
            values outside are clipped.
        sample_rate: Positive integer, steps per second.

    Raises:
        ValueError: if an argument is not as above or there are NaNs.
        OSError: if the file cannot be written.

    Example:

    >>> write_wav("tone.wav", np.sin(np.arange(8000) / 3), sample_rate=8000)
    """
    sound = real_numbers("sound", sound)
    if sound.ndim not in (1, 2) or not sound.size or np.isnan(sound).any():
        raise ValueError(
            "`sound` must be a non-empty array (steps,) or (steps, channels) "
            f"without NaN. Received: an array of shape {sound.shape}"
            + (" with NaN" if np.isnan(sound).any() else "")
        )
    rate = check_integer("sample_rate", sample_rate)
    whole = np.round(np.clip(sound, -1, 1) * _LOUDEST).astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1 if sound.ndim == 1 else sound.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.tobytes())
    write_atomically(filepath, content.getvalue())

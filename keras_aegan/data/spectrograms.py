"""Recordings as images of their levels over time and frequency."""

import math
import os
import pathlib

import keras
import numpy as np
from keras import ops

from keras_aegan import validation
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_samples
from keras_aegan.data import griffin_lim
from keras_aegan.data import sound_files
from keras_aegan.data.transformation import Transformation
from keras_aegan.data.waves import Waves

_BATCH = 64
_LOWEST_HERTZ = 20.0
_SILENCE = -200.0  # Decibels.


@keras.saving.register_keras_serializable(package="keras_aegan")
class Spectrograms(Transformation):
    """Recordings as log-mel spectrograms: images with values in [-1, 1].

    A recording becomes a waveform by `Waves`, which
    `keras.layers.MelSpectrogram` turns into amplitudes `a` of bands over time.
    With `L = 20 log10(a)` and `M`, the highest level at `fit`,
    `x = 1 - 2 (M - L) / decibels`, and -1 for all levels below.

    The way to sound again is by estimation: amplitudes of frequencies by
    non-negative least squares, and phases by the algorithm of Griffin and Lim.

    Args:
        rate: As in `Waves`.
        seconds: As in `Waves`.
        bands: Positive integer, bands on the mel scale from 20 Hz to half the
            rate, the width of an image.
        frames: Positive integer, points in time, the height of an image. Their
            distance is the length over `frames`; a window is the least power
            of 2 that is 4 distances or more and leaves no band empty.
        decibels: Positive float, the range of levels.
        level: As in `Waves`.
        iterations: Non-negative integer, those that look for phases.

    Raises:
        ValueError: as `Waves`; or if recordings are too short for as many
            bands or as few frames.
        ImportError: as `Waves`.

    Example:

    >>> sine = np.sin(np.arange(2000) / 2)[None]
    >>> spectrograms = Spectrograms(bands=16, frames=16)
    >>> x = spectrograms.fit_transform(sine, rate=8000)
    >>> x.shape, float(x.max())
    ((1, 16, 16, 1), 1.0)
    >>> spectrograms.inverse_transform(x).shape
    (1, 2000)

    Departure: `MelSpectrogram` itself limits levels by the loudest of a batch,
    which here is that of `fit`.
    """

    def __init__(
        self,
        rate: int | None = None,
        seconds: float | None = None,
        bands: int = 64,
        frames: int = 64,
        decibels: float = 80.0,
        level: str | None = "peak",
        iterations: int = 32,
    ):
        super().__init__()
        waves = Waves(rate, seconds, level)
        self.rate, self.seconds = waves.rate, waves.seconds
        self.level = waves.level
        self.bands = validation.check_integer("bands", bands)
        self.frames = validation.check_integer("frames", frames, 2)
        self.decibels = validation.check_number(
            "decibels", decibels, 0, open_ends="lower"
        )
        self.iterations = validation.check_integer("iterations", iterations, 0)

    def fit(self, x, rate: int | None = None) -> "Spectrograms":
        """Find the rate, the length and the highest level.

        Args:
            x: As in `Waves.fit`.
            rate: As in `Waves.fit`.

        Returns:
            The transformation itself.
        """
        waves = Waves(self.rate, self.seconds, self.level).fit(x, rate)
        steps = waves.network_options["shape"][0]
        fitted = waves.get_config()["fitted"]
        layer = self._layer(fitted["rate"], steps)
        levels = _levels(layer, waves.transform(x, rate), self._padded(steps))
        # Silence is -1, also where there is nothing else.
        highest = max(float(levels.max()), _SILENCE + self.decibels)
        self._fitted = {**fitted, "highest": highest}
        return self

    def transform(self, x, rate: int | None = None) -> np.ndarray:
        """Log-mel spectrograms in [-1, 1].

        Args:
            x: As in `Waves.fit`.
            rate: As in `Waves.fit`.

        Returns:
            Array of float32, `(samples, frames, bands, 1)`.
        """
        fitted = self._require_fitted()
        steps = fitted["steps"]
        layer = self._layer(fitted["rate"], steps)
        waves = self._waves().transform(x, rate)
        if not len(waves):
            return np.empty((0, *self.network_options["shape"]), "float32")
        levels = _levels(layer, waves, self._padded(steps))
        scaled = 1 - (fitted["highest"] - levels) * (2 / self.decibels)
        return scaled.clip(-1, 1).astype("float32")[..., None]

    def inverse_transform(self, x: np.ndarray) -> np.ndarray:
        """Waveforms that sound like spectrograms.

        Args:
            x: Array `(samples, frames, bands, 1)`; what is outside [-1, 1] is
                clipped.

        Returns:
            Array of float32, `(samples, steps)`, the same each time.
        """
        fitted = self._require_fitted()
        x = check_samples("x", x, self.network_options["shape"])
        x = check_finite("x", x)[..., 0].astype("float64").clip(-1, 1)
        steps, padded = fitted["steps"], self._padded(fitted["steps"])
        layer = self._layer(fitted["rate"], steps)
        filters = _filters(layer)
        waves = np.zeros((len(x), max(steps, padded)), "float32")
        for i in range(0, len(x), _BATCH):
            batch = x[i : i + _BATCH]
            levels = fitted["highest"] - (1 - batch) * (self.decibels / 2)
            # -1 stands for all that is quieter, and mostly for silence.
            bands = np.where(batch > -1, 10 ** (levels / 20), 0.0)
            bands = bands.astype("float32")
            waves[i : i + _BATCH, :padded] = griffin_lim.griffin_lim(
                griffin_lim.from_bands(bands, filters),
                layer.fft_length,
                layer.sequence_stride,
                padded,
                self.iterations,
            )
        return waves[:, :steps]

    def write(
        self, folder: str | os.PathLike, x: np.ndarray
    ) -> list[pathlib.Path]:
        """Write the waveform of each spectrogram to a WAV file of its own.

        Args:
            folder: Path of a folder, made if it is missing.
            x: As in `inverse_transform`.

        Returns:
            List of paths.
        """
        waves = self.inverse_transform(x)
        return sound_files.write(folder, waves, self._fitted["rate"])

    @property
    def network_options(self) -> dict:
        self._require_fitted()
        shape = self.frames, self.bands, 1
        return {"shape": shape, "activation": "tanh"}

    def get_config(self) -> dict:
        return {
            "rate": self.rate,
            "seconds": self.seconds,
            "bands": self.bands,
            "frames": self.frames,
            "decibels": self.decibels,
            "level": self.level,
            "iterations": self.iterations,
            **super().get_config(),
        }

    def _waves(self):
        fitted = {key: self._fitted[key] for key in ("rate", "steps")}
        config = {"rate": self.rate, "seconds": self.seconds}
        return Waves.from_config(
            {**config, "level": self.level, "fitted": fitted}
        )

    def _layer(self, rate, steps):
        """Keras' layer with the shortest windows that serve all bands."""
        stride = math.ceil(steps / self.frames)
        fft_length = 2 ** math.ceil(math.log2(4 * stride))
        # A window can be reflected at the ends of what is longer than it.
        while fft_length // 2 < self._padded(steps):
            layer = keras.layers.MelSpectrogram(
                fft_length=fft_length,
                sequence_stride=stride,
                sampling_rate=rate,
                num_mel_bins=self.bands,
                min_freq=_LOWEST_HERTZ,
                mag_exp=1.0,
                power_to_db=False,
                dtype="float32",
            )
            empty = int((_filters(layer).sum(0) == 0).sum())
            if not empty:
                return layer
            fft_length *= 2
        raise ValueError(
            "Each of `bands` must have a frequency of a Fourier transform that "
            f"is no longer than recordings, of {steps} steps. Received: "
            f"bands={self.bands}, frames={self.frames}"
        )

    def _padded(self, steps):
        """The least length of which there are `frames` frames, less one."""
        return math.ceil(steps / self.frames) * self.frames - 1


def _filters(layer):
    """The amplitudes of bands for those of frequencies, as a matrix."""
    matrix = layer.linear_to_mel_weight_matrix(
        layer.num_mel_bins,
        layer.fft_length // 2 + 1,
        layer.sampling_rate,
        layer.min_freq,
        layer.max_freq,
    )
    return ops.convert_to_numpy(matrix)


def _levels(layer, waves, padded):
    """Levels in decibels, `(samples, frames, bands)`."""
    missing = max(0, padded - waves.shape[1])
    waves = np.pad(waves[:, :padded, 0], ((0, 0), (0, missing)))
    bands = [
        ops.convert_to_numpy(layer(waves[i : i + _BATCH]))
        for i in range(0, len(waves), _BATCH)
    ]
    levels = np.maximum(np.concatenate(bands), 10 ** (_SILENCE / 20))
    return np.swapaxes(20 * np.log10(levels.astype("float64")), 1, 2)

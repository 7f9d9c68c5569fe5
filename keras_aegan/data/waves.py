"""Recordings as waveforms of one length."""

import os
import pathlib
from typing import Any

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_samples
from keras_aegan.data import sound_files
from keras_aegan.data.transformation import Transformation

_LOUDNESS = 0.1  # 20 dB below full scale.


@keras.saving.register_keras_serializable(package="keras_aegan")
class Waves(Transformation):
    """Recordings as waveforms of one rate, length and level.

    A recording's channels are averaged, it is resampled, cut at the end or
    padded with silence, and brought to its level. How loud it was, and what
    was cut off, is lost: `inverse_transform` gives waveforms of that level.

    Args:
        rate: Positive integer, steps per second. Defaults to the rate of the
            first recording.
        seconds: Positive float, the length. Defaults to that of the longest
            recording.
        level: `"peak"`: the largest amplitude is 1. `"loudness"`: the root of
            the mean square is 0.1 (-20 dB), or less where amplitudes would
            exceed 1. `None`: recordings keep theirs. Silence stays silence.

    Raises:
        ValueError: if an argument is not as above; in methods, if a file is
            missing, empty or not sound, or an array is not sound, has NaN or
            comes without its rate.
        ImportError: if soundfile is missing, for files, or SciPy, for other
            rates.

    Example:

    >>> sine = np.sin(np.arange(800) / 5)[None] / 3
    >>> waves = Waves(rate=8000, seconds=0.2)
    >>> x = waves.fit_transform(sine, rate=8000)
    >>> x.shape, round(float(x.max()), 3)
    ((1, 1600, 1), 1.0)
    >>> [path.name for path in waves.write("sounds", x)]
    ['0.wav']
    """

    def __init__(
        self,
        rate: int | None = None,
        seconds: float | None = None,
        level: str | None = "peak",
    ):
        super().__init__()
        if rate is not None:
            rate = validation.check_integer("rate", rate)
        if seconds is not None:
            seconds = validation.check_number(
                "seconds", seconds, 0, open_ends="lower"
            )
        self.rate = rate
        self.seconds = seconds
        self.level = validation.check_in(
            "level", level, ("peak", "loudness", None)
        )

    def fit(self, x, rate: int | None = None) -> "Waves":
        """Find the rate and the length.

        Args:
            x: Path of a folder, whose sound files and those of its subfolders
                are in the order of their names; path of a file, or list of
                paths; array `(samples, steps)` or `(samples, steps,
                channels)`, or list of arrays of single recordings. Floats in
                [-1, 1], or integers of type int16, int32 or uint8.
            rate: Positive integer, steps per second of arrays. Files say
                theirs.

        Returns:
            The transformation itself.
        """
        lengths = []
        own: Any = self.rate
        for sound, its_rate in sound_files.recordings(x, rate):
            own = own or its_rate
            lengths.append(len(sound) / its_rate)
        if not lengths:
            raise ValueError("`x` must be recordings. Received: none")
        seconds = self.seconds or max(lengths)
        steps = max(1, round(seconds * own))
        self._fitted = {"rate": own, "steps": steps}
        return self

    def transform(self, x, rate: int | None = None) -> np.ndarray:
        """Waveforms in [-1, 1].

        Args:
            x: As in `fit`, of any rate.
            rate: As in `fit`.

        Returns:
            Array of float32, `(samples, steps, 1)`.
        """
        fitted = self._require_fitted()
        steps = fitted["steps"]
        waves = []
        for sound, own in sound_files.recordings(x, rate):
            sound = sound_files.resample(sound, own, fitted["rate"])[:steps]
            sound = self._at_level(sound)
            waves.append(np.pad(sound, (0, steps - len(sound))))
        return np.array(waves, "float32").reshape(-1, steps, 1)

    def inverse_transform(self, x: np.ndarray) -> np.ndarray:
        """Waveforms as sound is usually kept, without an axis of channels.

        Args:
            x: Array `(samples, steps, 1)`.

        Returns:
            Array of float32, `(samples, steps)`, clipped to [-1, 1].
        """
        self._require_fitted()
        x = check_samples("x", x, self.network_options["shape"])
        return check_finite("x", x)[..., 0].astype("float32").clip(-1, 1)

    def write(
        self, folder: str | os.PathLike, x: np.ndarray
    ) -> list[pathlib.Path]:
        """Write each waveform to a WAV file of its own.

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
        shape = self._require_fitted()["steps"], 1
        return {"shape": shape, "activation": "tanh"}

    def get_config(self) -> dict:
        return {
            "rate": self.rate,
            "seconds": self.seconds,
            "level": self.level,
            **super().get_config(),
        }

    def _at_level(self, sound):
        peak = float(np.abs(sound).max())
        if self.level is None or peak == 0:
            return sound
        if self.level == "peak":
            return sound / peak
        # Not the padding: silence would make short recordings louder.
        loudness = float(np.sqrt(np.mean(np.square(sound, dtype="float64"))))
        return sound * min(_LOUDNESS / loudness, 1 / peak)

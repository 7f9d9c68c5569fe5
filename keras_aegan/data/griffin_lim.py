"""Waveforms of spectrograms: amplitudes of bands, and then phases.

All functions take and give batches. A short-time Fourier transform here is
that of `keras.layers.MelSpectrogram`: Hann windows, whose centres begin at
step 0 and go beyond the ends by reflection.
"""

import numpy as np

_SMALL = 1e-8
_MOMENTUM = 0.99


def transform(waves: np.ndarray, fft_length: int, stride: int) -> np.ndarray:
    """The short-time Fourier transform.

    Args:
        waves: Array `(samples, steps)`.
        fft_length: Even integer, steps in a window.
        stride: Positive integer, steps from one window to the next.

    Returns:
        Array of complex numbers, `(samples, frames, fft_length // 2 + 1)`.
    """
    half = fft_length // 2
    waves = np.pad(waves, ((0, 0), (half, half)), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(waves, fft_length, axis=1)
    return np.fft.rfft(frames[:, ::stride] * _window(fft_length))


def inverse(
    spectra: np.ndarray, fft_length: int, stride: int, steps: int
) -> np.ndarray:
    """Waveforms whose transform is closest to spectra, by least squares.

    `sum_m w(n - mS) y_m(n - mS) / sum_m w^2(n - mS)`, equation 6 of the paper.

    Args:
        spectra: Array `(samples, frames, fft_length // 2 + 1)`.
        fft_length: As in `transform`.
        stride: As in `transform`.
        steps: Positive integer, the length of waveforms.

    Returns:
        Array `(samples, steps)`.
    """
    window = _window(fft_length)
    frames = np.fft.irfft(spectra, fft_length) * window
    count = frames.shape[1]
    length = (count - 1) * stride + fft_length
    length = max(length, fft_length // 2 + steps)
    waves = np.zeros((len(frames), length), "float32")
    weights = np.zeros(length, "float32")
    for i in range(count):
        place = slice(i * stride, i * stride + fft_length)
        waves[:, place] += frames[:, i]
        weights[place] += window**2
    waves /= np.maximum(weights, _SMALL)
    return waves[:, fft_length // 2 :][:, :steps]


def griffin_lim(
    amplitudes: np.ndarray,
    fft_length: int,
    stride: int,
    steps: int,
    iterations: int,
) -> np.ndarray:
    """Waveforms of the amplitudes of a transform, whose phases are lost.

    From random phases, the transform of the closest waveforms gives the next
    ones. With momentum that takes fewer iterations.

    Args:
        amplitudes: Array `(samples, frames, fft_length // 2 + 1)`.
        fft_length: As in `transform`.
        stride: As in `transform`.
        steps: Positive integer, the length of waveforms.
        iterations: Non-negative integer.

    Returns:
        Array `(samples, steps)`, the same each time.

    Reference: Griffin and Lim 1984, Signal Estimation from Modified Short-Time
    Fourier Transform, section III; the momentum: Perraudin et al. 2013, A Fast
    Griffin-Lim Algorithm.
    """
    size = fft_length, stride
    angles = np.random.default_rng(0).uniform(
        0, 2 * np.pi, amplitudes.shape[1:]
    )
    phases = np.exp(1j * angles).astype("complex64")
    amplitudes, last = amplitudes.astype("float32"), 0.0
    for _ in range(iterations):
        waves = inverse(amplitudes * phases, *size, steps)
        spectra = transform(waves, *size)
        ahead = spectra + _MOMENTUM * (spectra - last)
        phases = ahead / np.maximum(np.abs(ahead), _SMALL)
        last = spectra
    return inverse(amplitudes * phases, *size, steps)


def from_bands(
    bands: np.ndarray, filters: np.ndarray, iterations: int = 20
) -> np.ndarray:
    """Non-negative amplitudes of frequencies whose bands are closest.

    `min |A F - B|^2` over `A >= 0`, by multiplicative updates.

    Args:
        bands: Array `B`, `(samples, frames, bands)`, non-negative.
        filters: Array `F`, `(frequencies, bands)`, non-negative.
        iterations: Positive integer.

    Returns:
        Array `A`, `(samples, frames, frequencies)`.

    Reference: Lee and Seung 2000, Algorithms for Non-negative Matrix
    Factorization, equation 4.
    """
    shape = *bands.shape[:2], len(filters)
    # One product of two matrices, not one for each sample.
    wanted = bands.reshape(-1, bands.shape[-1]) @ filters.T
    amplitudes = wanted / np.maximum(filters.sum(1), _SMALL)
    for _ in range(iterations):
        now = (amplitudes @ filters) @ filters.T
        amplitudes *= wanted / np.maximum(now, _SMALL)
    return amplitudes.reshape(shape)


def _window(length):
    angles = 2 * np.pi * np.arange(length) / length
    return (0.5 - 0.5 * np.cos(angles)).astype("float32")

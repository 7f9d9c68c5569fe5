"""Sound: beside SciPy, soundfile, Keras' own layer and a formula."""

import keras
import numpy as np
import pytest
import scipy.signal
import soundfile

from keras_aegan.data import Spectrograms
from keras_aegan.data import Waves
from keras_aegan.data import griffin_lim
from keras_aegan.models import VAE

RATE = 8000


def sine(hertz=440.0, seconds=0.25, rate=RATE, amplitude=0.5):
    return amplitude * np.sin(
        2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate
    )


def sweep(seconds=0.5):
    """A tone that rises, and gets louder and quieter: as in speech."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = scipy.signal.chirp(time, 200, seconds, 2500)
    return tone * np.sin(np.pi * time / seconds) ** 2


# === Waveforms ===


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg"])
def test_files_are_read(suffix, tmp_path):
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, sine(), RATE)
    found = Waves().fit_transform(path)
    assert found.shape == (1, 2000, 1) and found.dtype == "float32"
    # Vorbis loses something, and peaks are 1 instead of 0.5.
    atol = 0.05 if suffix == "ogg" else 2**-13
    np.testing.assert_allclose(found[0, :, 0], sine() * 2, atol=atol)


def test_a_folder_by_names_and_a_list_in_its_order(tmp_path):
    (tmp_path / "more").mkdir()
    paths = [tmp_path / "b.wav", tmp_path / "a.wav", tmp_path / "more/c.WAV"]
    for path, seconds in zip(paths, (0.1, 0.2, 0.3)):
        soundfile.write(path, sine(seconds=seconds), RATE)
    (tmp_path / "notes.txt").write_text("none")
    waves = Waves().fit(tmp_path)
    assert waves.network_options == {"shape": (2400, 1), "activation": "tanh"}

    def lengths(x):
        return [(np.nonzero(w)[0].max() + 1) / RATE for w in waves.transform(x)]

    np.testing.assert_allclose(lengths(tmp_path), [0.2, 0.1, 0.3], atol=1e-3)
    np.testing.assert_allclose(lengths(paths), [0.1, 0.2, 0.3], atol=1e-3)


@pytest.mark.parametrize("rate", [16000, 44100, 5000])
def test_other_rates_are_resampled(rate):
    """Beside the same tone at the wanted rate, away from the ends."""
    waves = Waves(rate=RATE, seconds=0.25, level=None)
    tone = sine(rate=rate)[None]
    found = waves.fit_transform(tone, rate=rate)[0, :, 0]
    assert len(found) == 2000
    np.testing.assert_allclose(found[200:1800], sine()[200:1800], atol=0.01)
    up, down = {16000: (1, 2), 44100: (80, 441), 5000: (8, 5)}[rate]
    expected = scipy.signal.resample_poly(tone[0], up, down)[:2000]
    np.testing.assert_allclose(found[: len(expected)], expected, atol=1e-6)


def test_stereo_is_averaged(tmp_path):
    both = np.stack([sine(), np.zeros(2000)], -1)
    path = tmp_path / "stereo.wav"
    soundfile.write(path, both, RATE, subtype="FLOAT")
    waves = Waves(level=None)
    for found in (
        waves.fit_transform(path),
        waves.transform([both], rate=RATE),
        waves.transform(both[None], rate=RATE),
    ):
        np.testing.assert_allclose(found[0, :, 0], sine() / 2, atol=1e-6)


@pytest.mark.parametrize(
    "dtype, zero, full",
    [("int16", 0, 32768), ("int32", 0, 2**31), ("uint8", 128, 128)],
)
def test_integers_are_scaled(dtype, zero, full):
    x = (sine() * full + zero).astype(dtype)[None]
    found = Waves(level=None).fit_transform(x, rate=RATE)[0, :, 0]
    np.testing.assert_allclose(found, sine(), atol=1.01 / full + 1e-6)


def test_cut_padded_and_levelled():
    x = [sine(seconds=1.0, amplitude=0.1), sine(seconds=0.1), np.zeros(900)]
    found = Waves(rate=RATE, seconds=0.5).fit_transform(x, rate=RATE)[..., 0]
    np.testing.assert_allclose(found[0], x[0][:4000] * 10, atol=2e-3)
    np.testing.assert_allclose(found[1, :800], x[1] * 2, atol=2e-3)
    assert (found[1, 800:] == 0).all() and (found[2] == 0).all()
    loud = Waves(rate=RATE, seconds=0.5, level="loudness")
    found = loud.fit_transform(x, rate=RATE)[..., 0]
    # The root of the mean square of what is not padding.
    for wave, count in ((found[0], 4000), (found[1], 800)):
        assert np.sqrt((wave[:count] ** 2).mean()) == pytest.approx(0.1, 1e-4)
    click = np.zeros(4000)
    click[7] = 1e-3  # Would need a peak of 6.3.
    assert loud.transform([click], rate=RATE).max() == pytest.approx(1)


def test_what_is_written_is_read(tmp_path):
    waves = Waves(level=None)
    x = waves.fit_transform([sine(), -sine()], rate=RATE)
    paths = waves.write(tmp_path / "new", x)
    assert [path.name for path in paths] == ["0.wav", "1.wav"]
    sound, rate = soundfile.read(paths[1])
    assert rate == RATE
    np.testing.assert_allclose(sound, -sine(), atol=2**-14)
    np.testing.assert_array_equal(waves.inverse_transform(x), x[..., 0])


def test_bad_files(tmp_path):
    (tmp_path / "text.wav").write_text("no sound")
    (tmp_path / "nothing.wav").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    broken = sine()
    broken[5] = np.nan
    soundfile.write(tmp_path / "nan.wav", broken, RATE, subtype="FLOAT")
    for name, message in (
        ("text.wav", "must be sound"),
        ("nothing.wav", "must be sound"),
        ("empty.wav", "not be empty"),
        ("nan.wav", "NaN"),
        ("nowhere.wav", "which is none"),
        ("folder", "files that end in .aif"),
    ):
        for kind in (Waves(), Spectrograms()):
            with pytest.raises(ValueError, match=message) as found:
                kind.fit(tmp_path / name)
            assert name in str(found.value) and "Received" in str(found.value)
    with pytest.raises(ValueError, match="files say theirs"):
        Waves().fit(tmp_path, rate=RATE)


@pytest.mark.parametrize(
    "x, rate, message",
    [
        (sine()[None], None, "Arrays do not say"),
        (sine()[None], 0, "rate=0"),
        (sine()[None], 8000.5, "rate=8000.5"),
        (sine(), RATE, r"\(samples, steps\)"),
        ([], RATE, "Received: none"),
        ([np.zeros(0)], RATE, r"recording 0 of shape \(0, 1\)"),
        (np.zeros((2, 2, 900)), RATE, "recording 0 of shape"),
        ([sine(), np.full(9, np.inf)], RATE, "`recording 1` must be finite"),
        ([[1, 2, 3]], RATE, "int16"),
        (None, RATE, "Received"),
    ],
)
def test_bad_arrays(x, rate, message):
    with pytest.raises(ValueError, match=message):
        Waves().fit(x, rate=rate)


def test_clear_errors():
    for arguments in (
        {"rate": 0},
        {"rate": 8000.0},
        {"seconds": 0},
        {"level": "rms"},
    ):
        for kind in (Waves, Spectrograms):
            with pytest.raises(ValueError, match="Received"):
                kind(**arguments)
    for arguments in ({"bands": 0}, {"frames": 1}, {"decibels": 0}):
        with pytest.raises(ValueError, match="Received"):
            Spectrograms(**arguments)
    for kind in (Waves(), Spectrograms()):
        with pytest.raises(ValueError, match="fit"):
            kind.transform(sine()[None], rate=RATE)
        kind.fit(sine()[None], rate=RATE)
        with pytest.raises(ValueError, match="shape"):
            kind.inverse_transform(np.zeros((2, 7, 1)))
    with pytest.raises(ValueError, match="bands=64, frames=8"):
        Spectrograms(frames=8).fit(sine(seconds=0.0125)[None], rate=RATE)
    # Longer windows than those of 4 distances have a frequency in each band.
    Spectrograms(bands=64, frames=64).fit(sine(seconds=0.1)[None], rate=RATE)


# === Spectrograms ===


def test_levels_are_those_of_keras_own_layer():
    """`MelSpectrogram` in decibels of amplitude is `20 log10`, too."""
    x = np.stack([sweep(), sweep()[::-1]])
    spectrograms = Spectrograms(rate=RATE, bands=32, frames=32, level=None)
    found = spectrograms.fit_transform(x, rate=RATE)
    assert found.shape == (2, 32, 32, 1)
    assert spectrograms.network_options["shape"] == (32, 32, 1)
    layer = keras.layers.MelSpectrogram(
        fft_length=512,  # 4 times 4000 / 32 = 125 are 500.
        sequence_stride=125,
        sampling_rate=RATE,
        num_mel_bins=32,
        mag_exp=2.0,
        top_db=80.0,
    )
    # Levels of powers of bands are not those of their amplitudes, but for a
    # tone alone nearly so: the same within a few decibels.
    expected = keras.ops.convert_to_numpy(layer(x[:, :3999].astype("float32")))
    expected = np.swapaxes(expected, 1, 2) - expected.max()
    correlation = np.corrcoef(found.ravel(), expected.ravel())[0, 1]
    assert correlation > 0.99
    # The same amplitudes, exactly, by SciPy and the layer's filters.
    _, _, spectra = scipy.signal.stft(
        np.pad(x[:, :3999], ((0, 0), (256, 256)), mode="reflect"),
        window="hann", nperseg=512, noverlap=512 - 125,
        boundary=None, padded=False, scaling="spectrum",
    )  # fmt: skip
    filters = keras.ops.convert_to_numpy(
        layer.linear_to_mel_weight_matrix(32, 257, RATE, 20.0, RATE / 2)
    )
    amplitudes = np.swapaxes(np.abs(spectra), 1, 2) * 256  # The window's sum.
    levels = 20 * np.log10(np.maximum(amplitudes @ filters, 1e-10))
    expected = ((levels - levels.max()) / 40 + 1).clip(-1, 1)
    np.testing.assert_allclose(found[..., 0], expected, atol=2e-3)


@pytest.mark.parametrize("steps", [4000, 4001, 4031, 63 * 64])
def test_there_are_as_many_frames_as_asked_for(steps):
    x = np.random.default_rng(0).normal(size=(1, steps))
    for frames in (32, 64):
        spectrograms = Spectrograms(bands=16, frames=frames)
        found = spectrograms.fit_transform(x, rate=RATE)
        assert found.shape == (1, frames, 16, 1)
        assert spectrograms.inverse_transform(found).shape == (1, steps)


def test_the_inverse_transform_is_that_of_scipy():
    """A transform comes back as its waveform, as by `scipy.signal.istft`."""
    x = np.random.default_rng(0).normal(size=(2, 1023))
    spectra = griffin_lim.transform(x, 256, 64)
    assert spectra.shape == (2, 16, 129)
    _, _, expected = scipy.signal.stft(
        np.pad(x, ((0, 0), (128, 128)), mode="reflect"), window="hann",
        nperseg=256, noverlap=192, boundary=None, padded=False,
    )  # fmt: skip
    np.testing.assert_allclose(
        spectra, np.swapaxes(expected, 1, 2) * 128, atol=1e-4
    )
    found = griffin_lim.inverse(spectra, 256, 64, 1023)
    np.testing.assert_allclose(found, x, atol=1e-4)


def test_amplitudes_of_bands_are_those_of_non_negative_least_squares():
    rng = np.random.default_rng(0)
    filters = rng.uniform(size=(6, 4))
    bands = rng.uniform(size=(1, 3, 4))
    found = griffin_lim.from_bands(bands, filters, iterations=5000)
    assert (found >= 0).all()
    for own, wanted in zip(found[0], bands[0]):
        _, residual = scipy.optimize.nnls(filters.T, wanted)
        distance = np.linalg.norm(own @ filters - wanted)
        assert distance == pytest.approx(residual, abs=1e-3)


def test_phases_get_consistent():
    """Amplitudes of the waveform that is found come near those asked for."""
    amplitudes = np.abs(griffin_lim.transform(sweep()[None], 512, 125))

    def distance(iterations):
        wave = griffin_lim.griffin_lim(amplitudes, 512, 125, 4000, iterations)
        again = np.abs(griffin_lim.transform(wave, 512, 125))
        return np.linalg.norm(again - amplitudes) / np.linalg.norm(amplitudes)

    assert distance(32) < 0.2 < distance(0) / 2


def test_sound_comes_back_as_it_sounds():
    """The log-mel spectrogram of the estimate is that of the original."""
    x = np.stack([sweep(), sweep()[::-1]])
    spectrograms = Spectrograms(rate=RATE, bands=64, frames=64)
    found = spectrograms.fit_transform(x, rate=RATE)
    waves = spectrograms.inverse_transform(found)
    assert waves.shape == x.shape and waves.dtype == "float32"
    again = spectrograms.transform(waves, rate=RATE)
    for own, other in zip(found, again):
        assert np.corrcoef(own.ravel(), other.ravel())[0, 1] > 0.97
    assert np.corrcoef(found[0].ravel(), again[1].ravel())[0, 1] < 0.6
    np.testing.assert_array_equal(waves, spectrograms.inverse_transform(found))


def test_silence():
    x = np.zeros((2, 4000))
    x[1] = sweep()
    spectrograms = Spectrograms()
    found = spectrograms.fit_transform(x, rate=RATE)
    assert (found[0] == -1).all()
    waves = spectrograms.inverse_transform(found)
    assert np.abs(waves[0]).max() < 1e-6 < np.abs(waves[1]).max()
    assert (Spectrograms().fit_transform(x[:1], rate=RATE) == -1).all()
    assert spectrograms.transform([], rate=RATE).shape == (0, 64, 64, 1)


@pytest.mark.every_backend
@pytest.mark.parametrize("kind", [Waves, Spectrograms])
def test_sound_through_a_model(kind, tmp_path):
    """A tone that is on for half the time, learnt and written to files."""
    rng = np.random.default_rng(0)
    x = sine(seconds=0.256) * rng.uniform(0.5, 1, (64, 1))
    x[:, 1024:] = 0
    options = {"bands": 16, "frames": 16} if kind is Spectrograms else {}
    sound = kind(rate=4000, **options)
    found = sound.fit_transform(x, rate=RATE)
    model = VAE.for_shape(**sound.network_options, latent_dim=2, width=4)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    model.fit(found, epochs=10, verbose=0)
    [path] = sound.write(tmp_path, model.generate(1, seed=1))
    wave, rate = soundfile.read(path)
    assert rate == 4000 and wave.shape == (1024,)
    if kind is Spectrograms:
        assert (wave[:400] ** 2).mean() > 10 * (wave[600:] ** 2).mean()

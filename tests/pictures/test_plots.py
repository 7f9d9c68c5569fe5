"""History, tables, series and sound: the numbers in the plots."""

import keras
import numpy as np
import pytest
from scipy import signal
from scipy.io import wavfile

from keras_aegan import pictures
from keras_aegan.pictures.figures import shortened
from keras_aegan.pictures.history import grouped
from keras_aegan.pictures.sound import decibels

RNG = np.random.default_rng(0)


def lines(axes):
    return [line for line in axes.lines if len(line.get_ydata())]


def test_what_players_have_in_common_is_in_one_plot():
    names = [
        "generator_loss",
        "latent_discriminator_loss",
        "latent_loss",
        "reconstruction",
        "val_reconstruction",
        "latent_reconstruction",
        "latent_discriminator_gradient_norm",
        "generator_gradient_norm",
        "val_generator_loss",
        "loss",
    ]
    found = {title: list(group) for title, group in grouped(names).items()}
    assert found == {
        "loss": [*names[:3], "val_generator_loss", "loss"],
        "reconstruction": names[3:6],
        "gradient_norm": names[6:8],
    }
    assert grouped(names)["loss"]["val_generator_loss"] == "generator"


def test_history_draws_its_numbers():
    history = keras.callbacks.History()
    history.epoch = [4, 5, 6]
    history.history = {"loss": [3.0, 2.0, 1.0], "val_loss": [4.0, 3.5, 3.0]}
    figure = pictures.history(history)
    (axes,) = figure.axes
    training, validation = lines(axes)
    np.testing.assert_array_equal(training.get_xdata(), [5, 6, 7])
    np.testing.assert_array_equal(training.get_ydata(), [3, 2, 1])
    np.testing.assert_array_equal(validation.get_ydata(), [4, 3.5, 3])
    assert training.get_color() == validation.get_color()
    assert (training.get_linestyle(), validation.get_linestyle()) == ("-", "--")


def test_history_of_lists():
    figure = pictures.history({"a_loss": [1.0, 2.0], "b_loss": [np.nan] * 2})
    (axes,) = figure.axes
    np.testing.assert_array_equal(lines(axes)[0].get_xdata(), [1, 2])
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names == ["a", "b"]
    for wrong in ({}, {"loss": []}):
        with pytest.raises(ValueError, match="Received"):
            pictures.history(wrong)


def test_correlations_are_those_of_numpy():
    real, generated = RNG.normal(size=(40, 5)), RNG.normal(size=(30, 5))
    real[:, 1] += real[:, 0]
    axes = pictures.correlations(real, generated).axes[:3]
    matrices = [a.images[0].get_array() for a in axes]
    a, b = np.corrcoef(real.T), np.corrcoef(generated.T)
    for found, expected in zip(matrices, (a, b, b - a)):
        np.testing.assert_allclose(found, expected, atol=1e-12)


def test_a_column_without_variance_has_no_correlation():
    real = RNG.normal(size=(40, 3))
    generated = real.copy()
    generated[:, 1] = 2.0
    figure = pictures.correlations(real, generated, ["a", "b", "c"])
    matrix = figure.axes[1].images[0].get_array()
    assert np.ma.getmaskarray(matrix)[1].all()
    assert abs(matrix[0, 2] - np.corrcoef(real.T)[0, 2]) < 1e-12
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert labels == ["a", "b", "c"]


def test_marginals_are_densities():
    real = RNG.normal(size=(60, 2))
    generated = np.concatenate([real[:30], real[:30] + 100])
    figure = pictures.marginals(real, generated, bins=10)
    for i, axes in enumerate(figure.axes):
        density, ends = np.histogram(real[:, i], 10, density=True)
        filled, outline = (patch.get_data() for patch in axes.patches)
        np.testing.assert_allclose(filled.values, density)
        np.testing.assert_allclose(filled.edges, ends)
        # Half of the generated values lie outside: half of the area.
        counts, _ = np.histogram(real[:30, i], ends)
        expected = counts / 60 / (ends[1] - ends[0])
        np.testing.assert_allclose(outline.values, expected)


def test_tables_with_many_columns_and_nan():
    real = RNG.normal(size=(20, 50))
    generated = np.full((20, 50), np.nan)
    assert len(pictures.marginals(real, generated).axes) == 24
    figure = pictures.correlations(real, generated)
    assert not figure.axes[0].get_yticklabels()


def test_wrong_tables():
    x = RNG.normal(size=(10, 3))
    for draw in (pictures.marginals, pictures.correlations):
        for wrong in (
            (x, x[:, :2]),
            (x, x, ["a"]),
            (x[None], x),
            (x[:0], x),
        ):
            with pytest.raises(ValueError, match="Received"):
                draw(*wrong)
    for wrong in ((x[:1], x), (x[:, :1], x[:, :1])):
        with pytest.raises(ValueError, match="Received"):
            pictures.correlations(*wrong)


def test_long_names_lose_their_middle():
    assert shortened("od280/od315_of_diluted_wines") == (
        "od280/od315\u2026luted_wines"
    )
    assert shortened("ash") == "ash"


def test_series():
    x = RNG.normal(size=(3, 20, 2))
    figure = pictures.series(x, sample_rate=10, names=["a", "b"])
    for axes, sample in zip(figure.axes, x):
        for line, channel in zip(axes.lines, sample.T):
            np.testing.assert_allclose(line.get_xdata(), np.arange(20) / 10)
            np.testing.assert_allclose(line.get_ydata(), channel)
    plain = pictures.series(x[:1]).axes[0].lines[0]
    np.testing.assert_array_equal(plain.get_xdata(), np.arange(20))
    for wrong in ({"names": ["a"]}, {"x": x[0]}, {"sample_rate": 0}):
        with pytest.raises(ValueError, match="Received"):
            pictures.series(**{"x": x, **wrong})


def test_levels_are_those_of_scipy():
    sound = RNG.normal(size=1000)
    found = decibels(sound)
    window = signal.windows.hann(256, sym=False)
    transform = signal.ShortTimeFFT(window, 64, 1.0, fft_mode="onesided")
    # Of SciPy's windows those that lie within the sound.
    times = range(2, 2 + found.shape[1])
    spectrum = np.abs(transform.stft(sound))[
        :, [t - transform.p_min for t in times]
    ]
    expected = 20 * np.log10(2 * spectrum / window.sum())
    np.testing.assert_allclose(found, expected, atol=1e-6)


def test_a_sine_of_amplitude_1_has_0_decibels():
    time = np.arange(1024)
    found = decibels(np.sin(2 * np.pi * time * 32 / 256))
    assert found.argmax(0).tolist() == [32] * found.shape[1]
    np.testing.assert_allclose(found[32], 0, atol=1e-6)
    assert found[40].max() < -80
    assert decibels(np.ones(5)).shape == (3, 1)


def test_spectrograms():
    x = RNG.uniform(-1, 1, (2, 600, 2))
    figure = pictures.spectrograms(x, 8000)
    image = figure.axes[1].images[0]
    np.testing.assert_allclose(image.get_array(), decibels(x[1].mean(-1)))
    np.testing.assert_allclose(image.get_extent(), (0, 600 / 8000, 0, 4))
    for rate in (0, 1.5, None):
        with pytest.raises(ValueError, match="Received"):
            pictures.spectrograms(x, rate)


@pytest.mark.parametrize("shape", [(100,), (100, 1), (100, 2)], ids=str)
def test_a_wav_file_is_the_sound_to_16_bits(shape, tmp_path):
    sound = RNG.uniform(-1, 1, shape)
    sound[:2] = [[-1.0], [1.0]] if sound.ndim == 2 else [-1.0, 1.0]
    pictures.write_wav(tmp_path / "sound.wav", sound, 8000)
    rate, found = wavfile.read(tmp_path / "sound.wav")
    assert rate == 8000 and found.dtype == np.int16
    found = found.reshape(shape) / 32767
    np.testing.assert_allclose(found, sound, atol=0.5001 / 32767)


def test_what_is_too_loud_is_cut_off(tmp_path):
    pictures.write_wav(tmp_path / "loud.wav", np.array([2.0, -3.0, 0.5]), 8000)
    found = wavfile.read(tmp_path / "loud.wav")[1]
    assert found.tolist() == [32767, -32767, 16384]


def test_wrong_sounds(tmp_path):
    path = tmp_path / "sound.wav"
    for wrong in (
        np.zeros(0),
        np.zeros((1, 2, 3)),
        np.array([0, np.nan]),
        np.zeros(3, complex),
        ["a", "b"],
    ):
        with pytest.raises(ValueError, match="Received"):
            pictures.write_wav(path, wrong, 8000)
    with pytest.raises(ValueError, match="sample_rate"):
        pictures.write_wav(path, np.zeros(4), 0.5)
    with pytest.raises(OSError):
        pictures.write_wav(tmp_path / "missing" / "x.wav", np.zeros(4), 8000)
    assert not list(tmp_path.iterdir())

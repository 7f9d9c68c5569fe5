"""Tiles show what they should, pixel by pixel."""

import sys

import numpy as np
import pytest
from figure_contents import LEFT
from figure_contents import STEP
from figure_contents import assert_shows
from figure_contents import grey

from keras_aegan import pictures
from keras_aegan.pictures import sheet

WITHOUT_NAMES = 30


def test_every_tile_is_its_sample(images):
    figure = pictures.samples(images[:7])
    for i in range(7):  # 3 rows of 3.
        assert_shows(figure, i // 3, i % 3, images[i], top=WITHOUT_NAMES)
    rest = grey(figure)[WITHOUT_NAMES + 2 * STEP :, LEFT + STEP :]
    assert (rest[:64, :64] == 255).all()


def test_images_without_negative_values_lie_in_0_to_1():
    x = np.full((1, 8, 8, 1), 0.5)
    assert grey(pictures.samples(x))[40, 40] == 128
    # -1 in one image makes 0.5 a light grey in all.
    assert grey(pictures.samples(np.concatenate([x, -2 * x])))[40, 40] == 191


def test_colours_channels_and_shapes():
    x = np.zeros((2, 16, 9, 3))
    x[..., 0] = 1
    figure = pictures.samples(x)
    figure.canvas.draw()
    pixels = np.asarray(figure.canvas.buffer_rgba())
    np.testing.assert_array_equal(pixels[40, 20], [255, 0, 0, 255])
    # Of two channels the first is shown; NaN is black.
    x = np.full((1, 8, 8, 2), np.nan)
    assert grey(pictures.samples(x))[40, 40] == 0


def test_reconstructions_are_those_of_the_originals(model, images):
    figure = pictures.reconstructions(model, images[:4])
    rebuilt = model.reconstruct(images[:4])
    right = LEFT + 2 * STEP + 12  # Two tiles and a margin.
    for i in range(4):
        place = (i // 2, i % 2)
        assert_shows(figure, *place, images[i], top=WITHOUT_NAMES)
        assert_shows(figure, *place, rebuilt[i], right, WITHOUT_NAMES)


@pytest.mark.parametrize("shape", [(5, 6), (5, 16, 2)], ids=str)
def test_rows_and_series_are_lines(shape):
    x = np.random.default_rng(0).normal(size=shape)
    figure = pictures.samples(x)
    assert len(figure.axes) == 5
    for axes, sample in zip(figure.axes, x):
        lines = np.stack([line.get_ydata() for line in axes.lines], -1)
        np.testing.assert_allclose(lines.reshape(sample.shape), sample, 1e-6)
        assert axes.get_ylim() == figure.axes[0].get_ylim()


def test_originals_are_grey_lines_behind():
    class Halving:
        def reconstruct(self, x, labels):
            return x / 2

    x = np.arange(6.0).reshape(1, 6)
    (axes,) = pictures.reconstructions(Halving(), x).axes
    original, rebuilt = axes.lines
    np.testing.assert_allclose(original.get_ydata(), x[0])
    np.testing.assert_allclose(rebuilt.get_ydata(), x[0] / 2)
    assert original.get_color() == "0.7"


def test_a_notebook_crops_figures_without_losing_any(images):
    """Notebooks save with `bbox_inches="tight"`."""
    figure = pictures.samples(images[:4])
    figure.savefig("/dev/null", format="png", bbox_inches="tight")
    box = figure.get_tightbbox()
    assert box.width >= 136 / 128 and box.height > 136 / 128


def test_numbers_as_names():
    assert sheet.signed([-2, 0, 2 / 3]) == ("-2", "0", "+0.67")


def test_saving_is_all_or_nothing(images, tmp_path):
    figure = pictures.samples(images[:1])
    path = tmp_path / "one.png"
    pictures.save(figure, path)
    before = path.read_bytes()
    assert before[:4] == b"\x89PNG"
    path.unlink()
    path.mkdir()
    with pytest.raises(OSError):
        pictures.save(figure, path)
    assert [p.name for p in tmp_path.iterdir()] == ["one.png"]
    with pytest.raises(OSError):
        pictures.save(figure, tmp_path / "missing" / "one.png")


@pytest.mark.parametrize("shape", [(0, 8, 8, 1), (8,), (1, 2, 3, 4, 5)])
def test_what_is_no_sample(shape):
    with pytest.raises(ValueError, match="Received"):
        pictures.samples(np.zeros(shape))


def test_a_missing_matplotlib_is_one_clear_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install .keras_aegan\[plot\]"):
        pictures.samples(np.zeros((1, 8, 8, 1)))

"""Samples as elements of a page: tiles, lines and texts."""

import numpy as np
import pytest
from embedded import pixels_of

from keras_aegan.pages import drawing
from keras_aegan.pages import images
from keras_aegan.pages import is_signed


def test_tiles_stand_row_after_row():
    samples = np.linspace(-1, 1, 11 * 4 * 5 * 3).reshape(11, 4, 5, 3)
    element = drawing.tiles(samples)
    sheet = pixels_of(element)
    # White lines lie between the tiles and below the rows.
    assert sheet.shape == (2 * 5, 8 * 6 - 1, 3)
    # The tenth sample is the second of the second row.
    expected = np.round((samples[9] + 1) / 2 * 255)
    np.testing.assert_array_equal(sheet[5:9, 6:11], expected)
    assert (sheet[4] == 255).all() and (sheet[:, 5] == 255).all()
    assert (sheet[5:, 18:] == 255).all()
    assert 'width="47"' in element and 'alt="11 images"' in element


def test_pixels_are_enlarged_by_whole_numbers():
    samples = np.zeros((32, 20, 30, 1))
    element = drawing.tiles(samples, gap=0, height=256)
    # 80 pixels become 240: three times is nearest to 256.
    assert 'width="720"' in element
    assert pixels_of(element).shape == (80, 240)
    assert 'width="240"' in drawing.tiles(samples, gap=0)


def test_large_images_are_made_smaller():
    x = np.tile(np.linspace(0, 1, 96)[:, None, None], (2, 1, 70, 3))
    sheet = pixels_of(drawing.tiles(x, x, signed=False, side=64))
    assert sheet.shape == (2 * 49, 2 * 36 - 1, 3)
    # Means of two rows at a time.
    expected = np.linspace(0, 1, 96).reshape(48, 2).mean(axis=1) * 255
    assert np.abs(sheet[:48, 3, 0] - expected).max() <= 1
    np.testing.assert_array_equal(images.reduced(x, 96), x.astype("float32"))


@pytest.mark.parametrize(
    "values, expected",
    [
        ([0.0, 1.0], False),
        # The output of a generator without a bound, of data from 0 to 1.
        ([-0.005, 1.0], False),
        ([-0.02, 1.0], True),
        ([np.nan, 0.5], False),
        ([np.nan, -1.0], True),
    ],
)
def test_one_rule_says_from_where_images_are_shown(values, expected):
    assert is_signed(np.array(values)) is expected
    image = np.array(values).reshape(1, 1, 2, 1)
    dark = 255 * (values[1] + expected) / (1 + expected)
    assert abs(int(pixels_of(drawing.tiles(image))[0, 1]) - dark) <= 1


def test_curves_of_series():
    x = np.random.default_rng(0).uniform(-1, 1, (3, 16, 2))
    drawn = drawing.lines(x[:, ::-1], x)
    # Three series of two channels, and their originals behind them.
    assert drawn.count("<polyline") == 12 and drawn.count("behind") == 6
    assert drawn.index("behind") < drawn.index("front")
    drawn = drawing.lines(np.array([[0.0, np.nan, 1.0, 0.5]]))
    # From the lower end of a plot of 100 x 56 to the upper, without NaN.
    assert 'points="0,56 66.67,0 100,28"' in drawn


def test_small_plots_stand_in_a_grid():
    drawn = drawing.lines(np.tile([0.0, 1.0], (6, 1)))
    # The sixth is the second of the second row; plots lie 110 and 66 apart.
    assert 'points="110,122 210,66"' in drawn
    assert 'viewBox="-3 -3 440 132"' in drawn


def test_lines_over_each_other_share_a_plot():
    samples = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]])
    drawn = drawing.lines(samples, is_overlaid=True)
    assert drawn.count("<polyline") == 2
    assert 'points="0,90 160,0 320,45"' in drawn
    # The first channels only.
    series = np.stack([samples, samples], axis=-1)
    assert drawing.lines(series, is_overlaid=True) == drawn
    # A model that has diverged can be looked at, too.
    drawn = drawing.lines(np.full((2, 3), np.nan), is_overlaid=True)
    assert drawn.count('points=""') == 2


def test_tokens_are_text_or_numbers():
    tokens = np.array([list(b"a <b>"), list(b"\xff ok!")])
    drawn = drawing.texts(tokens)
    assert "<td>a &lt;b&gt;</td>" in drawn and "\ufffd ok!" in drawn
    drawn = drawing.texts(tokens[:1], tokens[1:], vocabulary_size=300)
    assert "<td>255 32 111 107 33</td><td>97 32 60 98 62</td>" in drawn

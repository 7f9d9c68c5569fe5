"""Windows of series: by hand, by pandas, and on NAB's irregularities."""

import keras
import numpy as np
import pandas as pd
import pytest

from keras_aegan.data import Windows
from keras_aegan.models import VAE


def walk(count=50, channels=2):
    steps = np.random.default_rng(0).normal(size=(count, channels))
    return steps.cumsum(0) * (1, 1e3) + (5, -1e4)


def test_windows_are_those_of_numpy():
    x = walk(41)
    windows = Windows(8, step=3)
    found = windows.fit_transform(x)
    scaled = (x - x.mean(0)) / x.std(0)
    view = np.lib.stride_tricks.sliding_window_view(scaled, 8, axis=0)
    expected = np.swapaxes(view[::3], 1, 2)
    assert found.dtype == "float32"
    assert found.shape == (12, 8, 2)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert windows.network_options == {
        "shape": (8, 2),
        "activation": "linear",
    }
    np.testing.assert_allclose(
        windows.inverse_transform(found)[1], x[3:11], rtol=1e-5
    )


@pytest.mark.parametrize("count", [8, 9, 11, 40])
@pytest.mark.parametrize("step", [None, 1, 3, 8, 11])
def test_every_step_up_to_the_length_covers_the_end(count, step):
    x = walk(count)
    windows = Windows(8, step=step)
    found = windows.to_series(windows.fit_transform(x), x)
    covered = ~np.isnan(found[:, 0])
    assert covered[:8].all() and covered[-8:].all()
    assert covered.all() or step == 11
    np.testing.assert_allclose(found[covered], x[covered], rtol=1e-4, atol=1e-2)


def test_the_robust_scale_is_that_of_quartiles():
    x = np.concatenate([np.arange(100.0), [1e6]])
    low, middle, high = pd.Series(x).quantile([0.25, 0.5, 0.75])
    found = Windows(101, scale="robust").fit_transform(x)[0, :, 0]
    # 1.349: SciPy's norm.ppf(.75) - norm.ppf(.25).
    np.testing.assert_allclose(
        found, (x - middle) / ((high - low) / 1.3489795), rtol=1e-5
    )


def test_constant_channels_come_back_exactly():
    """0.1 has no sum that is a multiple of it in floating-point numbers."""
    x = np.stack([np.full(30, 0.1), np.arange(30.0)], -1)
    for scale in ("standard", "robust", None):
        windows = Windows(10, scale=scale)
        found = windows.fit_transform(x)
        if scale:
            assert (found[..., 0] == 0).all()
            # Whatever a model makes of it.
            back = windows.inverse_transform(found + 0.2)
            assert (back[..., 0] == 0.1).all()
        changed = windows.transform(x + 1)[..., 0]
        np.testing.assert_allclose(changed, 1.0 if scale else 1.1, rtol=1e-6)


def frame(count=40):
    index = pd.date_range("2014-01-07", periods=count, freq="5min")
    return pd.DataFrame(walk(count), index, columns=["a", "b"])


def test_frames_come_back_as_frames():
    x = frame()
    windows = Windows(8)
    other = x[["b", "a"]]
    back = windows.to_series(windows.fit(x).transform(other), other)
    pd.testing.assert_frame_equal(back, other, rtol=1e-4, check_freq=False)
    series = x["a"]
    windows = Windows(8)
    back = windows.to_series(windows.fit_transform(series), series)
    pd.testing.assert_series_equal(back, series, rtol=1e-4, check_freq=False)


def test_scores_are_means_over_windows():
    x = frame(12)
    windows = Windows(8, step=2).fit(x)  # Begin at 0, 2, 4.
    scores = windows.spread([1.0, 4.0, 10.0], x)
    expected = [1, 1, 2.5, 2.5, *[5] * 4, 7, 7, 10, 10]
    assert scores.index.equals(x.index)
    np.testing.assert_allclose(scores, expected)
    by_step = np.zeros((3, 8))
    by_step[1, 3] = 6.0  # Time step 2 + 3, which is in all three windows.
    found = windows.spread(by_step, x.to_numpy())
    np.testing.assert_allclose(found, 2.0 * (np.arange(12) == 5))


def test_an_hour_that_is_there_twice():
    """As in NAB's machine_temperature_system_failure.csv."""
    x = frame(48)
    index = x.index.to_series().to_numpy().copy()
    index[24:] -= np.timedelta64(1, "h")
    x.index = pd.DatetimeIndex(index)
    assert not x.index.is_monotonic_increasing
    windows = Windows(8)
    back = windows.to_series(windows.fit_transform(x), x)
    pd.testing.assert_frame_equal(back, x, rtol=1e-4, check_freq=False)
    text = [str(time) for time in index]
    again = windows.transform(x.to_numpy(), timestamps=text)
    np.testing.assert_array_equal(again, windows.transform(x))


def test_no_window_spans_a_gap():
    times = np.r_[np.arange(20), 100 + np.arange(5), 200 + np.arange(10)] * 60.0
    x = np.arange(35.0)
    windows = Windows(8, step=1, scale=None, max_gap=60)
    found = windows.fit_transform(x, timestamps=times)[..., 0]
    assert found[:, 0].tolist() == [*range(13), 25, 26, 27]
    assert (np.diff(found, axis=1) == 1).all()
    scores = windows.spread(np.ones(16), x, times)
    assert np.isnan(scores[20:25]).all()
    assert (np.delete(scores, range(20, 25)) == 1).all()
    days = np.datetime64("2014-01-07") + times.astype("timedelta64[s]")
    np.testing.assert_array_equal(
        windows.transform(x, timestamps=days)[..., 0], found
    )
    assert len(Windows(8, step=1).fit_transform(x, timestamps=times)) == 28


def with_nan():
    x = frame()
    x.iloc[7, 1] = np.nan
    return x


def with_text_column():
    x = frame().reset_index(names="timestamp")
    x["timestamp"] = x["timestamp"].astype(str)
    return x


@pytest.mark.parametrize(
    "make, message",
    [
        (with_nan, r"1 of 80 .* row 7 \(2014-01-07T00:35.*column b"),
        (lambda: np.r_[np.zeros(9), np.inf], "row 9, channel 0"),
        (lambda: np.zeros(7), "as long as a window, 8 .*Received: 7"),
        (lambda: np.zeros(0), "Received: 0"),
        (lambda: np.zeros((2, 8, 3)), "(time, channels)"),
        (lambda: frame()[::-1], r"sort_index.*row 1, after"),
        (lambda: frame().sample(frac=1, random_state=0), "in order"),
        (with_text_column, r"column 'timestamp'.*set_index"),
        (lambda: ["a"] * 20, "must be numbers"),
        (lambda: None, "Received"),
        (lambda: frame().set_axis(["a", "a"], axis=1), "each once"),
    ],
)
def test_bad_series(make, message):
    with pytest.raises(ValueError, match=message) as found:
        Windows(8).fit(make())
    assert "Received" in str(found.value)


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"length": 0}, "length=0"),
        ({"length": 8.0}, "length=8.0"),
        ({"length": 8, "step": 0}, "step=0"),
        ({"length": 8, "scale": "minmax"}, "minmax"),
        ({"length": 8, "max_gap": -1}, "max_gap=-1"),
    ],
)
def test_bad_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        Windows(**arguments)


def test_what_does_not_fit_the_fit():
    windows = Windows(8)
    with pytest.raises(ValueError, match=r"call `fit\(x\)` first"):
        windows.transform(frame())
    with pytest.raises(ValueError, match=r"call `fit\(x\)` first"):
        windows.spread([1.0])
    windows.fit(frame())
    with pytest.raises(ValueError, match=r"\['a', 'b'\].*\['a', 'c'\]"):
        windows.transform(frame().rename(columns={"b": "c"}))
    with pytest.raises(ValueError, match="2 channels.*Received: 3"):
        windows.transform(np.zeros((20, 3)))
    with pytest.raises(ValueError, match="has 9 windows. Received: 2"):
        windows.to_series(np.zeros((2, 8, 2)), frame())
    with pytest.raises(ValueError, match="NaN"):
        windows.spread([np.nan] * 9, frame())
    with pytest.raises(ValueError, match="shape"):
        windows.spread(np.zeros((9, 7)), frame())
    for timestamps, message in (
        ([1.0], r"shape \(1,\) for 40"),
        (["soon"] * 40, "2014-01-07"),
        ([np.nan] * 40, "40 missing, the first in row 0"),
    ):
        with pytest.raises(ValueError, match=message):
            windows.transform(frame(), timestamps=timestamps)


def test_a_series_through_a_model():
    x = frame(400)
    windows = Windows(16, step=2)
    model = VAE.for_shape(**windows.fit(x).network_options, latent_dim=2)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    found = windows.transform(x)
    model.fit(found, epochs=10, verbose=0)
    back = windows.to_series(model.reconstruct(found), x)
    assert back.index.equals(x.index) and list(back) == ["a", "b"]
    # In the unit of the series: close to it, which its mean is not.
    error = (back - x).std() / x.std()
    assert (error < 0.8).all(), error
    new = windows.to_series(model.generate(5, seed=1))
    assert new.shape == (16 + 4 * 2, 2)
    assert keras.saving.get_registered_name(Windows) == "keras_aegan>Windows"

"""
# Find what is odd in a time series

A server's temperature, a shop's turnover, a heartbeat: most of the time the same
pattern comes again, and somebody must know when it does not. This guide goes from
a CSV file to a picture in which odd stretches are marked.

    pip install "keras_aegan[jax,data,plot]"            # or tensorflow, or torch
    python guides/series.py                             # a minute on two cores
    python guides/series.py --data FILE.csv             # columns timestamp, value

Without a file it writes one, ten weeks of hourly measurements with a daily and a
weekly rhythm, into which three faults are put.
"""

import guide_options

options = guide_options.read()

import keras
import numpy as np
import pandas
from matplotlib.figure import Figure

from keras_aegan import models
from keras_aegan import pictures
from keras_aegan.data import Windows

EPOCHS = 2 if options.quick else 60


def measurements(path):
    """A file like those of a logger, and where its faults are."""
    hours = np.arange(10 * 7 * 24)
    noise = np.random.default_rng(0).normal(size=len(hours))
    value = 20 + 5 * np.sin(2 * np.pi * hours / 24) + 0.5 * noise
    value += 2 * (hours // 24 % 7 < 5)  # Working days are warmer.
    value[1000:1030] = value[1000]  # A sensor that hangs,
    value[1200:1224] = 20 - (value[1200:1224] - 20)  # a day upside down,
    value[1500:1504] += 6  # and a short peak.
    times = pandas.date_range("2026-01-05", periods=len(hours), freq="h")
    frame = pandas.DataFrame({"timestamp": times, "value": value})
    frame.to_csv(path, index=False)
    return path


path = options.data or measurements(options.output / "measurements.csv")
frame = pandas.read_csv(path, parse_dates=["timestamp"])
series = frame.set_index("timestamp")["value"]
print(f"{len(series)} values from {series.index[0]} to {series.index[-1]}")

"""
## From a series to windows

A model sees windows of a fixed length, here a day of hours. `Windows` scales the
values, cuts them, and knows the way back to the unit and the timestamps. Scale
and cut matter more than the model: an error counts in standard deviations, and
windows that overlap give each hour several opinions.

What is known to be normal is best for training. Here it is the first half.
"""

LENGTH = 24
windows = Windows(LENGTH, step=4, scale="robust")
half = series.iloc[: len(series) // 2]
x_train = windows.fit_transform(half)
x = windows.transform(series)
print(f"{len(x_train)} windows of {LENGTH} values to train on, {len(x)} in all")

"""
## Train on the normal half

A code of a few numbers cannot hold any window, only usual ones. So unusual ones
come back wrong.
"""

keras.utils.set_random_seed(0)
model = models.VAE.for_shape(**windows.network_options, latent_dim=4)
model.compile()
model.fit(x_train, batch_size=32, epochs=EPOCHS, verbose=0)

"""
## A score for each hour

The error of each value of each window is spread over time: `spread` gives each
timestamp the mean over the windows that it is in. The threshold is a quantile of
the normal half, so that it says how often a false alarm is to be expected: 1 %.
"""

errors = np.abs(model.reconstruct(x) - x).mean(axis=-1)
score = windows.spread(errors, series)
smooth = score.rolling(6, center=True, min_periods=1).mean()
threshold = smooth.iloc[: len(half)].quantile(0.99)
is_odd = smooth > threshold

stretches = (is_odd != is_odd.shift()).cumsum()[is_odd]
for _, stretch in smooth[is_odd].groupby(stretches):
    if len(stretch) > 3:
        start, end = stretch.index[0], stretch.index[-1]
        print(f"odd: {start} to {end}, score {stretch.max():.2f}")

"""
## Look
"""

rebuilt = windows.to_series(model.reconstruct(x), series)
figure = Figure((12, 5), layout="constrained")
above, below = figure.subplots(2, 1, sharex=True)
above.plot(series.index, series, color="0.6", label="measured")
above.plot(rebuilt.index, rebuilt, lw=0.8, label="reconstructed")
above.legend(loc="upper left")
below.plot(smooth.index, smooth, lw=0.8)
below.axhline(threshold, color="0.5", ls=":")
below.fill_between(smooth.index, 0, smooth.max(), is_odd, color="C3", alpha=0.3)
below.set_ylabel("score")
pictures.save(figure, options.output / "odd.png")
print(f"Picture: {options.output / 'odd.png'}")

"""
On 2026-11-28 all three faults are found, with scores of .6 to .7 where the threshold
is .14: the sensor that hangs, which has no extreme value at all, the day upside
down, and the peak. The shorter stretches with scores below .2 are the false alarms
that were to be expected.
"""

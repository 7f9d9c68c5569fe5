"""Use what each extra is for, with nothing importable that it lacks.

python features.py
"""

import os
import tempfile

from refusal import Refusal
from refusal import requirements

BACKEND = os.environ["KERAS_BACKEND"]
if BACKEND == "tensorflow":
    # What tests install, with the same files.
    BACKEND = "tensorflow-cpu"
EXTRAS = ("report", "tuner", "plot", "data", "anomaly")

refusal = Refusal({extra: requirements(BACKEND, extra) for extra in EXTRAS})
refusal.allow("report")

import numpy as np  # noqa: E402

from keras_aegan import callbacks  # noqa: E402
from keras_aegan import data  # noqa: E402
from keras_aegan.models import VAE  # noqa: E402

X = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")


def fit(callback):
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    model.compile(run_eagerly=True)
    model.fit(X, batch_size=64, verbose=0, callbacks=[callback])


def use_report():
    fit(callbacks.TrainingReport("report.html", X[:16]))


def use_tuner():
    import keras_tuner

    from keras_aegan import tuners

    tuner = keras_tuner.BayesianOptimization(
        tuners.HyperAdversarial(
            VAE,
            (6,),
            space={"latent_dim": 2, "width": 2, "batch_size": 64},
            compile_options={"run_eagerly": True},
        ),
        objective=keras_tuner.Objective("reconstruction", "min"),
        max_trials=2,
        num_initial_points=1,
    )
    tuner.search(X, verbose=0)
    tuners.report(tuner, "search.html")


def use_plot():
    fit(callbacks.SampleGrid("samples", X[:16]))


def use_data():
    import pandas

    waves = data.Waves(rate=4000)
    waves.write("sounds", waves.fit_transform(X, rate=8000))
    data.Spectrograms(rate=8000, seconds=0.5).fit_transform("sounds")
    images = data.Images()
    images.write("images", images.fit_transform(X.reshape(-1, 8, 8)))
    data.Images(size=9).fit_transform("images")
    times = pandas.date_range("2014-01-07", periods=len(X), freq="h")
    series = pandas.DataFrame(X, times)
    windows = data.Windows(8)
    windows.to_series(windows.fit_transform(series), series)
    table = data.Table()
    table.inverse_transform(table.fit_transform(series))


def use_anomaly():
    from keras_aegan.anomaly import AnomalyDetector

    detector = AnomalyDetector("VAE", width=2, steps=1, members=1).fit(X)
    detector.save("detector.zip")
    AnomalyDetector.load("detector.zip").predict(X)


os.chdir(tempfile.mkdtemp())
for extra in EXTRAS:
    refusal.allow(extra)
    globals()[f"use_{extra}"]()
    print(f"[{extra}] has all it needs.")

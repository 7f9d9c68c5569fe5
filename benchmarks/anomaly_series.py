"""Detectors of anomalies on series of the Numenta Anomaly Benchmark (NAB).

    python benchmarks/anomaly_series.py --data FOLDER --output series.md

FOLDER is NAB's, with `data` and `labels/combined_windows.json`
(github.com/numenta/NAB). A series is cut into windows of a day, of 24 to 288
values, one after each eighth of a day; detectors are trained on all its windows
without labels, and a time step's score is the mean over the windows it is in.

Each time step inside one of NAB's windows counts as an anomaly: area under the
ROC curve; precision and recall of the tenth of time steps with the highest
scores (NAB's windows are a tenth of a series); and how many of NAB's windows
have one of these in them. Series without anomalies are left out.
"""

import json

import numpy as np
import pandas
from anomaly import detectors
from anomaly import measured
from anomaly import read_options
from anomaly import write_table
from anomaly_images import Pixels
from seeded_runs import repeated

from keras_aegan.anomaly import AnomalyDetector
from keras_aegan.data import Windows


class Series:
    """A detector of windows as one of time steps.

    Args:
        detector: Detector of windows, `(samples, length, 1)`.
    """

    def __init__(self, detector):
        self.detector = detector

    def fit(self, series):
        length = values_in_a_day(series)
        self.windows = Windows(length, length // 8, scale="robust")
        self.detector.fit(self.windows.fit_transform(series))

    def decision_function(self, series):
        x = self.windows.transform(series)
        scores = self.detector.decision_function(x)
        self.scores = np.asarray(self.windows.spread(scores, series))
        return self.scores


def values_in_a_day(series):
    """By the median of the steps in time, a multiple of 8."""
    step = series.index.to_series().diff().median()
    return int(pandas.Timedelta(days=1) / step) // 8 * 8


def load(folder, name, windows):
    """A series, and the number of NAB's window that a time step is in, or 0."""
    path = folder / "data" / name
    frame = pandas.read_csv(path, parse_dates=["timestamp"])
    series = frame.set_index("timestamp")["value"]
    inside = np.zeros(len(series), int)
    for number, (start, end) in enumerate(windows, start=1):
        times = pandas.Timestamp(start), pandas.Timestamp(end)
        inside[(series.index >= times[0]) & (series.index <= times[1])] = number
    return series, inside


def at_a_tenth(scores, inside):
    """Precision, recall and found windows of the tenth of highest scores."""
    odd = scores > np.quantile(scores, 0.9)
    hits = np.sum(odd & (inside > 0))
    return {
        "precision": float(hits / max(1, odd.sum())),
        "recall": float(hits / np.sum(inside > 0)),
        "windows": int(inside.max()),
        "found": len(set(inside[odd]) - {0}),
    }


def main():
    options = read_options(__doc__.splitlines()[0])
    labels = options.data / "labels" / "combined_windows.json"
    labels = {k: v for k, v in json.loads(labels.read_text()).items() if v}

    def measure(set, detector, rows, seed):
        name = next(key for key in labels if key.endswith(f"/{set}.csv"))
        series, inside = load(options.data, name, labels[name])
        chosen = detectors()[detector](seed)
        if not isinstance(chosen, AnomalyDetector):
            chosen = Pixels(chosen)
        chosen = Series(chosen)
        found = measured(chosen, series, series, inside > 0)
        return {**found, **at_a_tenth(chosen.scores, inside)}

    sets = sorted(key.split("/")[1].removesuffix(".csv") for key in labels)
    keys = [
        {"set": each, "detector": name, "rows": "unlabelled", "seed": seed}
        for seed in range(options.seeds)
        for each in sets
        for name in options.detectors
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs)
    heads = ["series", "detector", "AUROC", "precision", "recall", "windows"]
    lines = [heads, ["---"] * len(heads)]
    for each in sets:
        for name in options.detectors:
            pair = each, name
            own = [r for r in runs if (r["set"], r["detector"]) == pair]
            numbers = [
                f"{np.mean([r[key] for r in own]):.2f}"
                for key in ("auroc", "precision", "recall")
            ]
            found = np.mean([r["found"] for r in own])
            cells = [each, name, *numbers, f"{found:.1f}/{own[0]['windows']}"]
            lines.append(cells)
    with options.output.open("a") as file:
        file.write("\n")
        file.writelines(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    main()

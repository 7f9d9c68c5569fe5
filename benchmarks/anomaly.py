"""Detectors of anomalies on tables: area under the ROC curve.

    python benchmarks/anomaly.py --data FOLDER --output anomaly.md

FOLDER holds tables of ADBench (github.com/Minqi824/ADBench), `.npz` files with
`X` and `y`, 1 for anomalies. Of each at most 4000 rows are drawn with seed 0.
`unlabelled`: trained on all these rows, anomalies among them, and scored on
the same rows. `normals`: trained on half of the normal rows, scored on the
other half and the anomalies. No setting depends on the table.
"""

import argparse
import pathlib
import time

import keras
import numpy as np
from seeded_runs import repeated
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from keras_aegan.anomaly import AnomalyDetector

ROWS = 4000


class ScikitLearnForest:
    """scikit-learn's isolation forest, with higher scores for odder rows."""

    def __init__(self, seed):
        self.forest = IsolationForest(random_state=seed)

    def fit(self, x):
        self.forest.fit(x)

    def decision_function(self, x):
        return -self.forest.score_samples(x)


def pyod_detectors():
    """Those of PyOD that its users try first, if it is installed."""
    try:
        from pyod.models.auto_encoder import AutoEncoder
        from pyod.models.ecod import ECOD
        from pyod.models.knn import KNN
    except ImportError:
        return {}
    return {
        "PyOD ECOD": lambda seed: ECOD(),
        "PyOD KNN": lambda seed: KNN(),
        "PyOD AutoEncoder": lambda seed: AutoEncoder(random_state=seed),
    }


def detectors():
    """Names to functions from a seed to a detector."""
    return {
        "AnomalyDetector": lambda seed: AnomalyDetector(random_state=seed),
        "untrained": lambda seed: AnomalyDetector(steps=0, random_state=seed),
        "one model": lambda seed: AnomalyDetector(members=1, random_state=seed),
        "reconstruction": lambda seed: AnomalyDetector(
            score="reconstruction", random_state=seed
        ),
        "reconstruction, trimmed": lambda seed: AnomalyDetector(
            score="reconstruction", trim=0.1, random_state=seed
        ),
        "IsolationForest": ScikitLearnForest,
        **pyod_detectors(),
    }


def load(path):
    """At most `ROWS` rows and their labels."""
    with np.load(path, allow_pickle=False) as archive:
        x, y = archive["X"].astype("float64"), archive["y"].astype(int)
    order = np.random.RandomState(0).permutation(len(x))[:ROWS]
    return (x, y) if len(x) <= ROWS else (x[order], y[order])


def measured(detector, train, test, is_anomaly):
    """The AUROC, and the seconds of wall clock and processor."""
    start = time.perf_counter(), time.process_time()
    detector.fit(train)
    scores = detector.decision_function(test)
    return {
        "auroc": float(roc_auc_score(is_anomaly, scores)),
        "wall_seconds": time.perf_counter() - start[0],
        "cpu_seconds": time.process_time() - start[1],
    }


def table(runs):
    """A Markdown table: means over seeds, a column for each data set."""
    sets = sorted({run["set"] for run in runs})
    heads = ["detector", "rows", "mean", *sets, "CPU s"]
    lines = [heads, ["---"] * len(heads)]
    keys = dict.fromkeys((run["detector"], run["rows"]) for run in runs)
    for name, rows in keys:
        own = [r for r in runs if (r["detector"], r["rows"]) == (name, rows)]
        seeds = sorted({run["seed"] for run in own})
        by_seed = [
            np.mean([r["auroc"] for r in own if r["seed"] == s]) for s in seeds
        ]
        cells = [name, rows]
        cells.append(f"{np.mean(by_seed):.3f} ± {np.std(by_seed):.3f}")
        for each in sets:
            found = [r["auroc"] for r in own if r["set"] == each]
            cells.append(f"{np.mean(found):.3f}" if found else "–")
        cells.append(f"{np.mean([r['cpu_seconds'] for r in own]):.1f}")
        lines.append(cells)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


def write_table(path, runs):
    """A Markdown file with what the runs have in common and their table."""
    head = f"Keras {keras.__version__} on {keras.backend.backend()}.\n\n"
    path.write_text(head + table(runs))


def read_options(description, choices=None):
    """Options that programs for tables, images and series share."""
    parser = argparse.ArgumentParser(description=description)
    add = parser.add_argument
    names = list(detectors())
    add("--data", type=pathlib.Path, required=True)
    add("--output", type=pathlib.Path, default="anomaly.md")
    add("--seeds", type=int, default=3)
    add("--detectors", nargs="*", choices=names, default=names)
    if choices:
        add("--rows", nargs="*", choices=choices, default=choices)
    return parser.parse_args()


def main():
    options = read_options(__doc__.splitlines()[0], ["unlabelled", "normals"])

    def measure(set, detector, rows, seed):
        x, y = load(options.data / f"{set}.npz")
        train = test = np.ones(len(x), bool)
        if rows == "normals":
            normal = np.flatnonzero(y == 0)
            chosen = np.random.default_rng(seed).permutation(normal)
            train = np.isin(np.arange(len(x)), chosen[: len(chosen) // 2])
            test = ~train
        scaler = StandardScaler().fit(x[train])
        train, test, y = *map(scaler.transform, (x[train], x[test])), y[test]
        return measured(detectors()[detector](seed), train, test, y)

    sets = sorted(path.stem for path in options.data.glob("*.npz"))
    keys = [
        {"set": each, "detector": name, "rows": rows, "seed": seed}
        for rows in options.rows
        for seed in range(options.seeds)
        for each in sets
        for name in options.detectors
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs)


if __name__ == "__main__":
    main()

"""Detectors of anomalies on images: one class is normal, the others are not.

    python benchmarks/anomaly_images.py --data FOLDER --output one_class.md

FOLDER holds the four IDX files of MNIST or Fashion-MNIST. For each of the ten
classes a detector is trained on its training images and scores all test
images: area under the ROC curve. Detectors for tables get the pixels.
"""

import numpy as np
from anomaly import detectors
from anomaly import measured
from anomaly import read_options
from anomaly import write_table
from data import load_data
from seeded_runs import repeated

from keras_aegan.anomaly import AnomalyDetector


class Pixels:
    """A detector for tables, which gets images as rows of pixels."""

    def __init__(self, detector):
        self.detector = detector

    def fit(self, x):
        self.detector.fit(x.reshape(len(x), -1))

    def decision_function(self, x):
        return self.detector.decision_function(x.reshape(len(x), -1))


def main():
    options = read_options(__doc__.splitlines()[0])
    data = load_data(options.data)

    def measure(set, detector, rows, seed):
        chosen = detectors()[detector](seed)
        if not isinstance(chosen, AnomalyDetector):
            chosen = Pixels(chosen)
        train = data.x_train[data.y_train == int(set)]
        return measured(chosen, train, data.x_test, data.y_test != int(set))

    keys = [
        {"set": str(label), "detector": name, "rows": "normals", "seed": seed}
        for seed in range(options.seeds)
        for label in np.unique(data.y_train)
        for name in options.detectors
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs)


if __name__ == "__main__":
    main()

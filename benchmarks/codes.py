"""Classify by codes: are they features?

    python benchmarks/benchmark.py --data FOLDER --save MODELS
    python benchmarks/codes.py --data FOLDER --models MODELS --output codes.json

Encodes 10,000 training and all test images by each saved model, and trains two
classifiers of scikit-learn on the codes: a logistic regression (the linear
probe) and the five nearest neighbours. Beside them stand a principal component
analysis with as many numbers as the codes of the first model, and the pixels.
No model has seen a label.
"""

import argparse
import json
import pathlib
import time

import keras
import numpy as np
from data import load_data
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import keras_aegan  # noqa: F401  (the classes of saved models)

TRAINING = 10_000


def accuracies(codes, labels, test_codes, test_labels):
    """Of both classifiers on test samples."""
    linear = LogisticRegression(max_iter=300)
    found = {}
    for name, last in (
        ("linear probe", linear),
        ("5 nearest neighbours", KNeighborsClassifier(5)),
    ):
        classifier = make_pipeline(StandardScaler(), last)
        classifier.fit(codes, labels)
        found[name] = float(classifier.score(test_codes, test_labels))
    return found


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--models", required=True, type=pathlib.Path)
    parser.add_argument("--output", required=True, type=pathlib.Path)
    options = parser.parse_args(arguments)
    data = load_data(options.data)
    rows = np.random.default_rng(0).permutation(len(data.x_train))[:TRAINING]
    x, labels = data.x_train[rows], data.y_train[rows]
    flat, test_flat = (a.reshape(len(a), -1) for a in (x, data.x_test))
    representations = {"pixels": (flat, test_flat)}
    for path in sorted(options.models.glob("*.keras")):
        model = keras.saving.load_model(path)
        if hasattr(model, "encoder") and hasattr(model, "generator"):
            codes = [model.encode(a, batch_size=500) for a in (x, data.x_test)]
            representations[path.stem] = [a.reshape(len(a), -1) for a in codes]
            pca = PCA(codes[0][0].size, random_state=0).fit(flat)
            key = f"principal components, {codes[0][0].size}"
            representations[key] = pca.transform(flat), pca.transform(test_flat)
    table = {}
    for name, (codes, test_codes) in representations.items():
        start = time.perf_counter()
        table[name] = accuracies(codes, labels, test_codes, data.y_test)
        seconds = time.perf_counter() - start
        print(name, table[name], f"{seconds:.0f} s", flush=True)
    part = options.output.with_suffix(".part")
    part.write_text(json.dumps(table, indent=2))
    part.replace(options.output)


if __name__ == "__main__":
    main()

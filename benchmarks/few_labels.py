"""Classify images of which few have a label.

    python benchmarks/few_labels.py --data FOLDER --output few_labels.md

FOLDER has the four IDX files of MNIST or Fashion-MNIST. As many training images
of each class, drawn by the seed, keep their label; semi-supervised models learn
from all others, too, of which half of each batch is. "supervised" is the
classifier of `SemiSupervisedGAN` alone, trained on the labelled images only,
for as many steps of as many labelled images; "pixels" is a logistic regression
of these. Accuracy is that on all test images.
"""

import time

import keras
import numpy as np
from data import load_data
from seeded_runs import read_options
from seeded_runs import repeated
from seeded_runs import write_table
from sklearn.linear_model import LogisticRegression

from keras_aegan import models

BATCH_SIZE = 128
LABELLED = (100, 1000)
CLASSES = 10
NAMES = (
    "pixels",
    "supervised",
    "SemiSupervisedGAN",
    "SemiSupervisedAAE",
    "Autoencoder",
)
COLUMNS = {
    "accuracy": ("accuracy", ".3f"),
    "cpu_seconds": ("CPU s", ".0f"),
}


def choose(labels, count, seed):
    """Indices of as many samples of each class."""
    draw = np.random.default_rng(seed)
    own = [np.flatnonzero(labels == k) for k in range(CLASSES)]
    return np.concatenate(
        [draw.permutation(a)[: count // CLASSES] for a in own]
    )


def batches(x, y, chosen, steps, seed):
    """Rows and labels for all steps, half of them without a label."""
    draw, half = np.random.default_rng(seed), BATCH_SIZE // 2
    labelled = draw.choice(chosen, (steps, half))
    others = draw.integers(len(x), size=(steps, half))
    rows = np.concatenate([labelled, others], 1).reshape(-1)
    known = np.concatenate([y[labelled], np.full_like(y[others], -1)], 1)
    return x[rows], known.reshape(-1)


def supervised(x, y, chosen, steps, seed):
    """The predictions of a classifier that sees labelled images only."""
    network = models.SemiSupervisedGAN.for_shape(
        x.shape[1:], num_classes=CLASSES
    ).discriminator
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.compile(keras.optimizers.Adam(1e-3), loss)
    draw = np.random.default_rng(seed)
    rows = draw.choice(chosen, steps * BATCH_SIZE // 2)
    network.fit(x[rows], y[rows], batch_size=BATCH_SIZE // 2, verbose=0)
    return lambda images: network.predict(images, batch_size=500, verbose=0)


def semi_supervised(name, x, y, chosen, steps, seed):
    model = getattr(models, name).for_shape(x.shape[1:], num_classes=CLASSES)
    model.compile()
    rows, labels = batches(x, y.astype(int), chosen, steps, seed)
    model.fit(rows, labels, batch_size=BATCH_SIZE, verbose=0)
    return lambda images: model.classify(images, batch_size=500)


def pixels(x, y, chosen):
    flat = LogisticRegression(max_iter=1000)
    flat.fit(x[chosen].reshape(len(chosen), -1), y[chosen])
    return lambda images: flat.predict_proba(images.reshape(len(images), -1))


def main():
    options = read_options(__doc__.splitlines()[0], NAMES, 2000)
    data = load_data(options.data)
    x, y = data.x_train, data.y_train.astype(int)

    def measure(model, labels, steps, seed):
        keras.utils.set_random_seed(seed)
        chosen = choose(y, labels, seed)
        start = time.process_time()
        if model == "pixels":
            scores = pixels(x, y, chosen)
        elif model == "supervised":
            scores = supervised(x, y, chosen, steps, seed)
        else:
            scores = semi_supervised(model, x, y, chosen, steps, seed)
        seconds = time.process_time() - start
        right = scores(data.x_test).argmax(-1) == data.y_test
        return {"accuracy": float(right.mean()), "cpu_seconds": seconds}

    keys = [
        {"model": name, "labels": count, "steps": options.steps, "seed": seed}
        for seed in options.seeds
        for name in options.models
        for count in LABELLED
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs, ["model", "labels"], COLUMNS)


if __name__ == "__main__":
    main()

"""Generated digits, spoken: does a classifier of real recordings hear them?

    python benchmarks/sounds.py --data recordings --output sounds.md

The folder has the Free Spoken Digit Dataset, `DIGIT_SPEAKER_INDEX.wav`, by its
authors' split: indices below 5 are for testing. A model that is conditioned on
the digit learns log-mel spectrograms of the others. A small convolutional
classifier, trained on the same recordings, hears

- real: the test recordings,
- reconstructed: these, encoded and decoded,
- generated: 100 of each digit,
- as heard: generated ones made into waves and read again.

The Frechet distance is that of its features to those of training recordings.
"""

import time

import keras
import numpy as np
from seeded_runs import read_options
from seeded_runs import repeated
from seeded_runs import write_table

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan.data import Spectrograms

EACH = 100
NAMES = ("AEGAN", "VAE", "AlphaGAN")
COLUMNS = {
    "real": ("real recognised", ".1%"),
    "reconstructed": ("reconstructed", ".1%"),
    "generated": ("generated", ".1%"),
    "as_heard": ("as heard", ".1%"),
    "real_distance": ("Fréchet distance of real", ".1f"),
    "distance": ("of generated", ".1f"),
    "cpu_seconds": ("CPU s", ".0f"),
}


def read(folder):
    """Spectrograms, digits, and whether each is for testing."""
    paths = sorted(folder.glob("*.wav"))
    digits, _, indices = zip(*(path.stem.split("_") for path in paths))
    spectrograms = Spectrograms(seconds=1.0, bands=32, frames=32)
    is_test = np.array(indices, int) < 5
    spectrograms.fit([p for p, test in zip(paths, is_test) if not test])
    x = spectrograms.transform(paths)
    return spectrograms, x, np.array(digits, int), is_test


def trained(name, spectrograms, x, y, steps, seed):
    keras.utils.set_random_seed(seed)
    model = getattr(models, name).for_shape(
        **spectrograms.network_options, num_classes=10
    )
    model.compile()
    rows = np.random.default_rng(seed).integers(len(x), size=64 * steps)
    model.fit(x[rows], y[rows], batch_size=64, verbose=0)
    return model


def main():
    options = read_options(__doc__.splitlines()[0], NAMES, 1500)
    spectrograms, x, y, is_test = read(options.data)
    x_train, y_train = x[~is_test], y[~is_test]
    x_test, y_test = x[is_test], y[is_test]
    classifier = metrics.features.train_classifier(
        x_train, y_train, epochs=20, include_top=True
    )
    features = metrics.features.without_top(classifier)

    def recognised(sounds, digits):
        heard = classifier.predict(sounds, verbose=0).argmax(-1)
        return float((heard == digits).mean())

    def distance(sounds):
        metric = metrics.FrechetDistance(features)
        metric.update_state(x_train, sounds)
        return float(metric.result())

    def measure(model, steps, seed):
        start = time.process_time()
        own = trained(model, spectrograms, x_train, y_train, steps, seed)
        seconds = time.process_time() - start
        digits = np.repeat(np.arange(10), EACH)
        generated = own.generate(labels=digits, seed=seed)
        waves = spectrograms.inverse_transform(generated)
        rate = spectrograms.get_config()["fitted"]["rate"]
        heard = spectrograms.transform(waves, rate=rate)
        rebuilt = own.reconstruct(x_test, labels=y_test)
        return {
            "real": recognised(x_test, y_test),
            "reconstructed": recognised(rebuilt, y_test),
            "generated": recognised(generated, digits),
            "as_heard": recognised(heard, digits),
            "real_distance": distance(x_test),
            "distance": distance(generated),
            "cpu_seconds": seconds,
        }

    keys = [
        {"model": name, "steps": options.steps, "seed": seed}
        for name in options.models
        for seed in options.seeds
    ]
    runs = repeated(options.output.with_suffix(".json"), keys, measure)
    write_table(options.output, runs, ["model", "steps"], COLUMNS)


if __name__ == "__main__":
    main()

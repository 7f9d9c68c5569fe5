"""
# Measure what a generative model has learnt

A loss that falls proves little in a game of two players, and a grid of eight
nice pictures hides what is missing. This guide measures a model: how far its
samples are from data, whether they are good, whether they are all there, and
whether they were learnt by heart.

    pip install "keras_aegan[jax,plot]" scikit-learn    # or tensorflow, or torch
    python guides/measuring.py                          # two minutes on two cores

It begins with scikit-learn's handwritten digits and ends with a table and a
picture.
"""

import guide_options

options = guide_options.read()

import keras
import numpy as np
from sklearn.datasets import load_digits

from keras_aegan import callbacks
from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import pictures

EPOCHS = 2 if options.quick else 60

digits = load_digits()
x = digits.images[..., None].astype("float32") / 8 - 1
order = np.random.default_rng(0).permutation(len(x))
x, labels = x[order], digits.target[order]
x_train, x_test, labels_train = x[:1200], x[1200:], labels[:1200]

"""
## Look through the eyes of a classifier

Distances between pixels say little about images: a digit that is moved by one
pixel is far from itself. So samples are compared by the features of a network
that was trained for something else. For photographs people take Inception,
`metrics.features.inception_v3(shape)`, which is downloaded; for anything with
labels, a small classifier of your own data serves, and for tables nothing is
needed: without `features` metrics compare the values themselves.
"""

keras.utils.set_random_seed(0)
features = metrics.features.train_classifier(x_train, labels_train)


def measured(samples):
    """Fréchet distance, precision, recall and coverage of samples."""
    values = {}
    for metric in (
        metrics.FrechetDistance(features),
        metrics.PrecisionRecall(features),
        metrics.DensityCoverage(features),
    ):
        metric.update_real(x_test)
        metric.update_generated(samples)
        result = metric.result()
        named = result if isinstance(result, dict) else {metric.name: result}
        values |= {name: float(value) for name, value in named.items()}
    names = ("frechet_distance", "precision", "recall", "coverage")
    return {name: values[name] for name in names}


"""
## Know your scale first

A Fréchet distance of 10 means nothing alone. Measure things that you know
before you measure a model: data of the training set (no model is expected to
be better), data with some noise, one sample again and again, plain noise.

- The **Fréchet distance** compares mean and covariance of features: one number
  for everything, lower is better. It depends on the features and falls with the
  number of samples, so compare within one table only.
- **Precision** is the share of samples that lie among data, **recall** the share
  of data that lie among samples. A model that repeats one perfect digit has a
  precision of 1 and a recall of 0; one that adds noise to data loses precision.
- **Coverage** is the share of data with a sample nearby. Unlike recall it is not
  fooled by a few samples that are far away.
"""

noise = np.random.default_rng(1).normal(size=x_test.shape).astype("float32")
anchors = {
    "training data": x_train[: len(x_test)],
    "with noise of .3": np.clip(x_train[: len(x_test)] + 0.3 * noise, -1, 1),
    "one digit, repeated": x_train[:1].repeat(len(x_test), axis=0),
    "noise": np.clip(noise, -1, 1),
}
table = {name: measured(samples) for name, samples in anchors.items()}

"""
## Watch it during training

`GenerationMetrics` puts the same numbers into the logs of `fit`, where
`ModelCheckpoint`, `EarlyStopping` and TensorBoard find them, and `Diagnose` says
in a sentence when training goes wrong. Measure on data that the model is not
trained on.
"""

model = models.AEGAN.for_shape((8, 8, 1), latent_dim=16)
model.compile()
measure = callbacks.GenerationMetrics(
    x_test,
    [metrics.FrechetDistance(features), metrics.PSNR()],
    every=max(1, EPOCHS // 4),
)
history = model.fit(
    x_train,
    batch_size=64,
    epochs=EPOCHS,
    callbacks=[measure, callbacks.Diagnose(x_test)],
    verbose=0,
)
# In the epochs between two measurements the logs have the last value.
distances = dict.fromkeys(history.history["val_frechet_distance"])
print("Fréchet distance:", " -> ".join(f"{d:.1f}" for d in distances))

"""
## Where do codes come from?

An autoencoder-GAN knows where codes of data lie, and draws its samples from
there. `codes_from="prior"` draws from N(0, I), as a plain GAN must. Whether that
matters is a measurement, too.
"""

count = len(x_test)
table["AEGAN"] = measured(model.generate(count, seed=1))
table["AEGAN, codes of N(0, I)"] = measured(
    model.generate(count, seed=1, codes_from="prior")
)
table["its reconstructions"] = measured(model.reconstruct(x_test))

width = max(map(len, table))
print(" " * width, *(f"{name:>17}" for name in table["AEGAN"]))
for name, row in table.items():
    print(f"{name:{width}}", *(f"{value:17.2f}" for value in row.values()))

"""
## Are reconstructions better than nothing?

The PSNR of a constant image, the mean of the training data, is the number to
beat.
"""


def decibels(rebuilt):
    metric = metrics.PSNR()
    metric.update_state(x_test, rebuilt)
    return float(metric.result())


mean = np.broadcast_to(x_train.mean(axis=0), x_test.shape)
print(f"PSNR of the mean image {decibels(mean):.1f} dB, ", end="")
print(f"of reconstructions {decibels(model.reconstruct(x_test)):.1f} dB")

"""
## Was it learnt by heart?

A model that copies training samples has the best distance of all. So compare how
near samples are to the training data with how near test data are. The picture
shows those samples that come closest, each beside its neighbours.
"""

samples = model.generate(count, seed=1)


def mean_distance(rows):
    """To the nearest training sample, in pixels."""
    flat = rows.reshape(len(rows), 1, -1)
    train = x_train.reshape(1, len(x_train), -1)
    parts = np.array_split(flat, 20)
    nearest = [np.square(p - train).sum(-1).min(1) for p in parts]
    return float(np.sqrt(np.concatenate(nearest)).mean())


ratio = mean_distance(samples) / mean_distance(x_test)
print(f"Samples are {ratio:.2f} times as far from training data as test data.")
figure = pictures.neighbours(samples, x_train)
pictures.save(figure, options.output / "neighbours.png")
print(f"Pictures: {options.output}")

"""
On 2026-11-27, after 60 epochs on JAX (half a minute):

| | Fréchet distance | precision | recall | coverage |
|---|---|---|---|---|
| training data | 3.9 | .92 | .91 | .97 |
| with noise of .3 | 9.5 | .75 | .94 | .82 |
| one digit, repeated | 539 | 1.00 | .00 | .02 |
| noise | 222 | .00 | .00 | .00 |
| AEGAN | 6.2 | .75 | .91 | .85 |
| AEGAN, codes of N(0, I) | 15.6 | .37 | .91 | .43 |
| its reconstructions | 2.4 | .98 | .99 | 1.00 |

Reconstructions have 20.5 dB, the mean image 11.4. Samples are .86 times as far
from the training data as test data: with 1200 training samples, codes are drawn
so close to theirs that what comes out is alike. On the 60,000 images of
Fashion-MNIST the same ratio is 1.0. Where samples must not resemble anybody's
data, this is the number to watch; `fit_prior(x, components=10)` and a larger
`bandwidth` raise it.
"""

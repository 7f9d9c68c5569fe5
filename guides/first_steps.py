"""
# First steps

From a folder of images to a model that draws new ones, turns images into codes and
codes into images: what every other guide takes for granted.

    pip install "keras_aegan[jax,data,plot]"            # or tensorflow, or torch
    python guides/first_steps.py                        # half a minute on two cores
    python guides/first_steps.py --quick                # a moment, and bad pictures
    python guides/first_steps.py --data FOLDER          # or a .npz or IDX file

Without `--data` it takes the 1797 handwritten digits of scikit-learn.
"""

import guide_options

options = guide_options.read()

import gzip
import pathlib

import keras
import numpy as np

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import pictures
from keras_aegan.data import Images

EPOCHS = 1 if options.quick else 60

"""
## Read images

`Images` reads a folder with its subfolders, or takes an array. It finds the size,
the channels and the range, and scales to [-1, 1], where the outputs of generators
are. Images of several sizes are brought to that of the first one; `Images(size=32)`
makes them small, which is wise on a CPU.

A fifth is held out, to judge the model by images that it was not trained on.
"""


def read(path):
    """What `Images` takes: the path of a folder, or an array of a file."""
    path = pathlib.Path(path)
    if path.suffix == ".npz":
        with np.load(path) as archive:
            return archive[
                "x_train" if "x_train" in archive else archive.files[0]
            ]
    if path.is_dir() or "idx" not in path.name:
        return path
    data = path.read_bytes()
    data = gzip.decompress(data) if path.suffix == ".gz" else data
    shape = np.frombuffer(data, ">i4", count=data[3], offset=4)
    return np.frombuffer(data, "uint8", offset=4 + 4 * data[3]).reshape(shape)


if options.data:
    found = read(options.data)
else:
    from sklearn.datasets import load_digits

    found = load_digits().images
images = Images()
x = images.fit_transform(found)
x = x[np.random.default_rng(0).permutation(len(x))]
count = len(x) // 5
x_test, x_train = x[:count], x[count:]
print(
    f"{len(x_train)} images of shape {x.shape[1:]} to train on, {count} held out"
)

"""
## Train

An AEGAN has four networks. The encoder turns an image into a code, a vector of a
few numbers, and the generator turns codes into images. The discriminator tries to
tell generated images from real ones, and the latent discriminator does the same
with codes. `for_shape` builds networks that fit the images, `compile` without
arguments takes settings that are known to work, and `fit` is that of Keras.
"""

keras.utils.set_random_seed(0)
model = models.AEGAN.for_shape(**images.network_options)
model.compile()
before = model.generate(count, seed=1), model.reconstruct(x_test)
history = model.fit(
    x_train, batch_size=64, epochs=EPOCHS, validation_data=x_test, verbose=0
)
errors = history.history["val_reconstruction"]
print(f"error of reconstructions: {errors[0]:.3f} -> {errors[-1]:.3f}")

"""
## Look at samples and reconstructions

`generate` draws codes from where those of images lie, and decodes them. The same
seed gives the same images. `reconstruct` encodes and decodes images, here ones that
the model has never seen.
"""

samples = model.generate(64, seed=1)
pictures.save(pictures.samples(samples), options.output / "samples.png")
figure = pictures.reconstructions(model, x_test[:32])
pictures.save(figure, options.output / "reconstructions.png")

"""
## Encode, decode, interpolate

NumPy in, NumPy out. A code is a short description of an image, to search by, to
cluster or to classify. Between two codes lie the codes of images in between.
"""

z = model.encode(x_test)
rebuilt = model.decode(z)
between = model.interpolate(x_test[:8], x_test[8:16], steps=8)
print(f"{x_test.shape[1:]} -> {z.shape[1:]} -> {rebuilt.shape[1:]}")
print("8 interpolations of 8 steps:", between.shape)
figure = pictures.interpolations(model, x_test[:8], x_test[8:16], steps=8)
pictures.save(figure, options.output / "interpolations.png")

"""
## Measure

Pictures flatter: eight nice ones say nothing about what is missing. Each number
below compares with held-out images, and stands beside two rows that say what to
expect: training images, which no model is expected to beat, and the model before training.

- **Precision**: the share of samples that lie among images.
- **Coverage**: the share of images with a sample nearby.
- **PSNR**, of reconstructions: decibels, more is better.

Distances are those of pixels here. Features of a classifier see more; the guide
"measuring" has them, and what each number is blind to.
"""


def measured(samples):
    """Precision and coverage of samples."""
    precision, coverage = metrics.PrecisionRecall(), metrics.DensityCoverage()
    precision.update_state(x_test, samples)
    coverage.update_state(x_test, samples)
    return precision.result()["precision"], coverage.result()["coverage"]


def decibels(rebuilt):
    metric = metrics.PSNR()
    metric.update_state(x_test, rebuilt)
    return f"{float(metric.result()):.1f} dB"


table = {
    "training images": (*measured(x_train[:count]), "–"),
    "AEGAN": (*measured(model.generate(count, seed=1)), decibels(rebuilt)),
    "before training": (*measured(before[0]), decibels(before[1])),
}
print(f"{'':15}{'precision':>11}{'coverage':>10}{'PSNR':>10}")
for name, (precision, coverage, psnr) in table.items():
    print(f"{name:15}{precision:11.2f}{coverage:10.2f}{psnr:>10}")

"""
## Save, and load

One file for the whole model, which loads on any of the three backends, and one for
what `Images` found. `inverse_transform` gives samples the values of your images.
"""

model.save(options.output / "model.keras")
images.save(options.output / "images.json")

loaded = keras.saving.load_model(options.output / "model.keras")
difference = np.abs(loaded.generate(64, seed=1) - samples).max()
print(f"loaded: samples differ by at most {difference:.0e}")
pixels = Images.load(options.output / "images.json").inverse_transform(samples)
print(
    f"samples as images: {pixels.dtype} from {pixels.min()} to {pixels.max()}"
)
print(f"Pictures and files: {options.output}")

"""
On 2026-11-28, on JAX: precision .86 (training images .89), coverage .92 (.99), 24.4
dB (7.5 before training).

## Where next?

- Another model, or not sure which: `which_model.py`.
- Is it good, and is everything there? `measuring.py`.
- Better settings for your images: `tuning.py`.
- Codes or samples for others: `serving.py`.
- No images: `tables.py`, `series.py`, `sound.py`, `text.py`, `anomalies.py`.
- A model that does not exist yet: `your_own_hybrid.py`.
- You come from Keras-GAN, PyTorch-GAN or pythae: `migrating.py`.
"""

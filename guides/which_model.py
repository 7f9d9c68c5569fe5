"""
# Which model?

There are thirty. Begin with `AEGAN`; this guide says when another one is better,
and how to find out in a minute.

    pip install "keras_aegan[jax,plot]" scikit-learn    # or tensorflow, or torch
    python guides/which_model.py                        # two minutes on two cores
    python guides/which_model.py --data FILE.npz        # arrays x_train, y_train

## What do you need?

- **Samples and codes, both good**: `AEGAN`, with a Fréchet distance of 3.3 and
  20.3 dB on Fashion-MNIST after four passes. Its relatives `AlphaGAN` (3.3, 18.2
  dB) and `MDGAN` (4.7, 20.7 dB) come close, with two thirds of the weights.
- **Samples only**: `GAN`, `R3GAN`. Fewer networks, half the time for a step. But
  without an encoder they must find out from a fixed prior where to draw, and in
  short runs that costs more than it saves (27).
- **Reconstructions and speed, sharpness is secondary**: `VAE` (16, 22.0 dB), `WAE`
  (23, 21.1 dB). No adversary of images, so the loss says how far you are.
- **Codes that are normally distributed**, to compute likelihoods or to draw
  without data: `VAE`, `AdversarialAutoencoder`.
- **Codes that are words**, for a language model on top: `VQGAN`.
- **Few labels**: `SemiSupervisedAAE`, `SemiSupervisedGAN`.
- **What is odd?** `keras_aegan.anomaly.AnomalyDetector` with any of them;
  `GANomaly`, `FAnoGAN`, `ALAD` where a paper is to be followed.
- **Text**: `ARAE`.
- **A generator that you have, and want codes for**: `InverseGenerator`.
- **A paper to be reproduced**: every class names its paper and where it departs;
  `compile(**Model.settings("paper"))` takes its numbers.

README's table has measured quality for each on Fashion-MNIST,
`benchmarks/fashion_mnist.md` says more about it. Another data set may change the
order, so measure on yours.
"""

import guide_options

options = guide_options.read()

import time

import keras
import numpy as np
from sklearn.datasets import load_digits

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import pictures

STEPS = 20 if options.quick else 800
CANDIDATES = (models.AEGAN, models.VAE, models.WAE, models.GAN)

if options.data:
    with np.load(options.data) as archive:
        x, labels = archive["x_train"] / 127.5 - 1, archive["y_train"]
        x = x.astype("float32").reshape(*x.shape[:3], -1)
else:
    x = load_digits().images[..., None].astype("float32") / 8 - 1
    labels = load_digits().target
order = np.random.default_rng(0).permutation(len(x))
x, labels = x[order], labels[order]
count = min(2000, len(x) // 4)
x_test, x_train, y_train = x[:count], x[count:], labels[count:]

"""
## Train each for as many steps, and measure

The same networks, the same number of steps, each model's own settings. A fair
comparison would give each the same time; the seconds are in the table.
"""

keras.utils.set_random_seed(0)
features = metrics.features.train_classifier(x_train, y_train)
pictured = {"data": x_test[:64]}
print(f"{'':8}{'distance':>10}{'recall':>8}{'coverage':>10}{'dB':>6}{'s':>6}")
for cls in CANDIDATES:
    keras.utils.set_random_seed(0)
    model = cls.for_shape(x.shape[1:])
    model.compile()
    rows = np.random.default_rng(0).integers(len(x_train), size=64 * STEPS)
    start = time.perf_counter()
    model.fit(x_train[rows], batch_size=64, verbose=0)
    seconds = time.perf_counter() - start

    samples = model.generate(len(x_test), seed=1)
    distance = metrics.FrechetDistance(features)
    neighbours = metrics.PrecisionRecall(features)
    coverage = metrics.DensityCoverage(features)
    for metric in (distance, neighbours, coverage):
        metric.update_state(x_test, samples)
    row = [
        f"{float(distance.result()):10.1f}",
        f"{neighbours.result()['recall']:8.2f}",
        f"{coverage.result()['coverage']:10.2f}",
        f"{'–':>6}",
        f"{seconds:6.0f}",
    ]
    if hasattr(model, "encoder"):
        psnr = metrics.PSNR()
        psnr.update_state(x_test, model.reconstruct(x_test))
        row[3] = f"{float(psnr.result()):6.1f}"
    print(f"{cls.__name__:8}", *row, sep="")
    pictured[cls.__name__] = samples[:64]

"""
## Look

Numbers choose between models; eyes say whether the best of them is good enough.
"""

for name, images in pictured.items():
    pictures.save(pictures.samples(images), options.output / f"{name}.png")
print(f"Pictures: {options.output}")

"""
# Generate sounds

From a folder of recordings to new ones: this guide learns short sounds of several
kinds, generates more of a kind that is asked for, checks with a classifier that
they are recognised, and writes `.wav` files to listen to.

    pip install "keras_aegan[jax,data,plot]" scikit-learn   # or tensorflow, or torch
    python guides/sound.py                              # two minutes on two cores
    python guides/sound.py --data FOLDER                # KIND_name.wav, such as 7_theo_3.wav

Without a folder it makes one, of 600 plucked strings, birds and drums.
"""

import guide_options

options = guide_options.read()

import pathlib

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

from keras_aegan import models
from keras_aegan import pictures
from keras_aegan.data import Spectrograms
from keras_aegan.data import Waves

STEPS = 20 if options.quick else 1500
RATE = 8000


def recordings(folder, count=200):
    """Half a second each, of random pitch, length and loudness."""
    draw = np.random.default_rng(0)
    time = np.arange(RATE // 2) / RATE
    sounds = {"string": [], "bird": [], "drum": []}
    for _ in range(count):
        pitch, decay = draw.uniform(150, 500), draw.uniform(6, 14)
        overtones = [
            np.sin(2 * np.pi * pitch * k * time) / k for k in (1, 2, 3)
        ]
        sounds["string"].append(sum(overtones) * np.exp(-decay * time))
        start, slope = draw.uniform(1500, 3000), draw.uniform(-2000, 2000)
        chirp = np.sin(2 * np.pi * (start * time + slope * time**2 / 2))
        sounds["bird"].append(chirp * np.sin(2 * np.pi * 4 * time) ** 2)
        noise = draw.normal(size=len(time)) * np.exp(-3 * decay * time)
        low = np.sin(2 * np.pi * draw.uniform(60, 120) * time)
        sounds["drum"].append(noise + low * np.exp(-decay * time))
    waves = Waves(RATE, 0.5)
    for kind, some in sounds.items():
        x = waves.fit_transform(np.array(some), rate=RATE)
        for path in waves.write(folder / kind, x):
            path.rename(folder / f"{kind}_{path.name}")
    return folder


folder = pathlib.Path(options.data or recordings(options.output / "sounds"))
paths = sorted(folder.glob("*.wav"))
kinds, labels = np.unique(
    [p.name.split("_")[0] for p in paths], return_inverse=True
)
print(len(paths), "recordings of", ", ".join(kinds))

"""
## From sound to pictures and back

A log-mel spectrogram shows how loud each band of pitch is over time. As an image it
is easy to learn; `Spectrograms` also knows the way back, for which it has to guess
the phases. Waveforms themselves, `keras_aegan.data.Waves`, are exact and far harder
to learn.
"""

order = np.random.default_rng(0).permutation(len(paths))
paths, labels = [paths[i] for i in order], labels[order]
spectrograms = Spectrograms(bands=32, frames=32)
x = spectrograms.fit_transform(paths)
count = len(x) // 5
x_test, y_test, x_train, y_train = (
    x[:count],
    labels[:count],
    x[count:],
    labels[count:],
)
print("as images:", x.shape)

keras.utils.set_random_seed(0)
model = models.AEGAN.for_shape(
    **spectrograms.network_options, num_classes=len(kinds)
)
model.compile()
rows = np.random.default_rng(0).integers(len(x_train), size=64 * STEPS)
model.fit(x_train[rows], y_train[rows], batch_size=64, verbose=0)

"""
## Are they recognised?

A classifier that was trained on real recordings says what it hears in generated
ones, and, to know what to expect, in real ones that nobody has seen.
"""

wanted = np.repeat(np.arange(len(kinds)), 20)
generated = model.generate(labels=wanted, seed=1)
classifier = LogisticRegression(max_iter=1000)
classifier.fit(x_train.reshape(len(x_train), -1), y_train)
for name, some, expected in (
    ("real", x_test, y_test),
    ("reconstructed", model.reconstruct(x_test, labels=y_test), y_test),
    ("generated", generated, wanted),
):
    right = classifier.score(some.reshape(len(some), -1), expected)
    print(f"{name}: {right:.0%} recognised")

"""
## Listen, and look
"""

few = generated[:: max(1, len(generated) // 12)]
written = spectrograms.write(options.output / "generated", few)
for label, images in (("real", x_test[:12]), ("generated", few)):
    # Time from left to right, low pitch below.
    figure = pictures.samples(np.swapaxes(images, 1, 2)[:, ::-1])
    pictures.save(figure, options.output / f"{label}.png")
print(f"{len(written)} sounds in {written[0].parent}, pictures beside it")

"""
On 2026-11-28, on JAX, with `--data` and the 3000 recordings of the Free Spoken Digit
Dataset: the classifier recognises 98 % of 200 generated digits, as many as of real
recordings of the same six speakers that it has not heard, in less than eight
minutes. Half of each picture is silence there, since one recording has two seconds:
`seconds=1.0` would cut it.
"""

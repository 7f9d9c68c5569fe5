"""Train StagedAEGAN, or the same networks from scratch, on Fashion-MNIST.

    python benchmarks/staged.py --data FOLDER --output FOLDER --seed 0
    python benchmarks/staged.py --data FOLDER --output FOLDER --scratch

FOLDER has the four IDX files of Fashion-MNIST. Both ways take 3748 steps of
batch 64 in which weights move: a quarter of them reconstruct and the others
play the game, or with `--scratch` all of them do, without anchor or trunk.
Codes for the bridge are collected from 10,000 images, without learning.
Writes `samples.npy`, 10,000 samples, and, if not from scratch,
`reconstructions.npy`, those of the test images in order, both in [0, 1], for
any evaluator.
"""

import argparse
import json
import pathlib
import time

import keras
import numpy as np
from data import images
from fashion_mnist import BATCH
from fashion_mnist import STEPS

from keras_aegan.models import StagedAEGAN

COLLECTED = 10_000


def staged(x, epochs, bridge):
    """A model that first reconstructs, for a quarter of the epochs."""
    model = StagedAEGAN.for_shape((28, 28, 1), bridge=bridge)
    model.compile()
    first = max(1, epochs // 4)
    for stage, part, count in (
        ("reconstruct", x, first),
        ("bridge", x[:COLLECTED], 1),
        ("adversarial", x, epochs - first),
    ):
        # An encoder that is held to the prior needs no bridge.
        if stage != "bridge" or bridge != "prior":
            model.fit(
                part, epochs=count, batch_size=BATCH, stage=stage, verbose=2
            )
    return model


def from_scratch(x, epochs):
    """The same generator and discriminator, as a GAN from the beginning."""
    model = StagedAEGAN.for_shape((28, 28, 1), trunk=False, freeze_steps=0)
    model.compile(loss_weights={"anchor": 0.0})
    model.fit(
        x, epochs=epochs, batch_size=BATCH, stage="adversarial", verbose=2
    )
    return model


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--bridge", default="fit")
    parser.add_argument("--scratch", action="store_true")
    options = parser.parse_args(arguments)
    data, output = pathlib.Path(options.data), pathlib.Path(options.output)
    x = images(data / "train-images-idx3-ubyte.gz")
    x_test = images(data / "t10k-images-idx3-ubyte.gz")
    # At least four epochs, so that a quarter of them is one.
    per_epoch = min(len(x) // BATCH, options.steps // 4)
    x, epochs = x[: per_epoch * BATCH], options.steps // per_epoch

    keras.utils.set_random_seed(options.seed)
    start = time.perf_counter()
    if options.scratch:
        model = from_scratch(x, epochs)
    else:
        model = staged(x, epochs, options.bridge)
    seconds = time.perf_counter() - start

    output.mkdir(parents=True, exist_ok=True)
    samples = model.generate(options.samples, seed=options.seed, batch_size=500)
    np.save(output / "samples.npy", np.clip((samples + 1) / 2, 0, 1))
    if not options.scratch:
        rebuilt = model.reconstruct(x_test[: options.samples], batch_size=500)
        rebuilt = np.clip((rebuilt + 1) / 2, 0, 1)
        np.save(output / "reconstructions.npy", rebuilt)
    print(json.dumps({"steps": epochs * per_epoch, "seconds": round(seconds)}))


if __name__ == "__main__":
    main()

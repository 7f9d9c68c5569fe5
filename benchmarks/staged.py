"""Train StagedAEGAN, or the same networks from scratch, on Fashion-MNIST.

    python benchmarks/staged.py --data FOLDER --output FOLDER --seed 0
    python benchmarks/staged.py --data FOLDER --output FOLDER --scratch

The data folder has the four IDX files of Fashion-MNIST. Training takes 3748
steps of batch 64. By default a quarter of them trains the autoencoder and the
others play the game; with `--scratch` all of them play the game, without anchor
or trunk. In between, 10,000 images are encoded to fit the bridge, which trains
no weights. Writes 10,000 samples as `samples.npy` and, if not from scratch,
reconstructions of the test images, in order, as `reconstructions.npy`, both
with values in [0, 1], for any evaluator.
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

BRIDGE_SAMPLES = 10_000


def staged(x, epochs, bridge):
    """A model that is an autoencoder for the first quarter of the epochs."""
    model = StagedAEGAN.for_shape((28, 28, 1), bridge=bridge)
    model.compile()
    first = max(1, epochs // 4)
    for stage, part, count in (
        ("reconstruct", x, first),
        ("bridge", x[:BRIDGE_SAMPLES], 1),
        ("adversarial", x, epochs - first),
    ):
        # An encoder regularized towards the prior needs no bridge.
        if stage != "bridge" or bridge != "prior":
            model.fit(
                part, epochs=count, batch_size=BATCH, stage=stage, verbose=2
            )
    return model


def from_scratch(x, epochs):
    """The same generator and discriminator, trained as a GAN from the start."""
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
        x_hat = model.reconstruct(x_test[: options.samples], batch_size=500)
        x_hat = np.clip((x_hat + 1) / 2, 0, 1)
        np.save(output / "reconstructions.npy", x_hat)
    print(json.dumps({"steps": epochs * per_epoch, "seconds": round(seconds)}))


if __name__ == "__main__":
    main()

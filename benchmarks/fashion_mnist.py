"""Train the default AEGAN on Fashion-MNIST for a fixed number of steps.

    python benchmarks/fashion_mnist.py --data FOLDER --output FOLDER --seed 0

The data folder has the four IDX files of Fashion-MNIST. Writes 10,000 samples
as `samples.npy` and the reconstructions of the test images, in order, as
`reconstructions.npy`, both with values in [0, 1], for any evaluator.
"""

import argparse
import json
import pathlib
import time

import keras
import numpy as np
from data import images

import keras_aegan

STEPS = 3748
BATCH = 64


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    data, output = pathlib.Path(options.data), pathlib.Path(options.output)
    x_train = images(data / "train-images-idx3-ubyte.gz")
    x_test = images(data / "t10k-images-idx3-ubyte.gz")

    keras.utils.set_random_seed(options.seed)
    model = keras_aegan.models.AEGAN.for_shape((28, 28, 1))
    model.compile()
    start = time.perf_counter()
    steps_per_epoch = len(x_train) // BATCH
    model.fit(
        x_train[: steps_per_epoch * BATCH],
        batch_size=BATCH,
        epochs=options.steps // steps_per_epoch,
        verbose=2,
    )
    seconds = time.perf_counter() - start

    save_results(model, x_test, output, options.seed)
    steps = int(model.optimizer.iterations)
    print(json.dumps({"steps": steps, "seconds": round(seconds)}))


def save_results(model, x_test, output, seed):
    """Write samples and reconstructions, in [0, 1], into a folder."""
    output.mkdir(parents=True, exist_ok=True)
    samples = model.generate(10_000, seed=seed, batch_size=500)
    reconstructions = model.reconstruct(x_test, batch_size=500)
    np.save(output / "samples.npy", np.clip((samples + 1) / 2, 0, 1))
    reconstructions = np.clip((reconstructions + 1) / 2, 0, 1)
    np.save(output / "reconstructions.npy", reconstructions)


if __name__ == "__main__":
    main()

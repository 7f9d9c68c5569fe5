"""Search hyperparameters of AEGAN on Fashion-MNIST, and train the best ones.

    python benchmarks/fashion_mnist_search.py --data FOLDER --output FOLDER

The data folder has the four IDX files of Fashion-MNIST. Each trial takes 468
steps of batch 64, an eighth of the steps of `fashion_mnist.py`. The objective
is the Fréchet distance of 5000 samples to test images. Networks have the
default width. A search that was stopped is continued.

A model with the best trial's hyperparameters is then trained from scratch for
all steps, and its `samples.npy` and `reconstructions.npy` are written for any
evaluator.
"""

import argparse
import json
import pathlib
import time

import keras
import keras_tuner
from data import images
from data import labels
from fashion_mnist import BATCH
from fashion_mnist import STEPS
from fashion_mnist import save_results

from keras_aegan import callbacks
from keras_aegan import metrics
from keras_aegan import tuners

FIXED = {
    "width": 32,
    "residual_blocks": 0,
    "normalization": "batch",
    "noise": 0.0,
    "dropout": 0.0,
    "augmentation": "none",
    "latent_adversarial_factor": 1.0,
    "discriminator_turns": 1,
    "batch_size": BATCH,
}
SPACE = {
    "latent_dim": [16, 32, 64],
    "latent_depth": [2, 3],
    "adversarial": ["relativistic", "non_saturating", "hinge"],
    "latent_adversarial": ["relativistic", "non_saturating"],
    "discriminator_penalty": ["none", "r1"],
    "r1_weight": [0.01, 0.1, 1.0],
    "reconstruction_factor": [0.5, 1.0, 2.0],
    "latent_reconstruction_factor": [0.5, 1.0, 2.0],
    "update": ["alternating", "simultaneous"],
    "learning_rate": {"min_value": 5e-4, "max_value": 3e-3, "sampling": "log"},
    "learning_rate_ratio": [1.0, 2.0],
    "average": [0.0, 0.99, 0.999],
}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--trials", type=int, default=16)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args(arguments)
    data, output = pathlib.Path(options.data), pathlib.Path(options.output)
    x = images(data / "train-images-idx3-ubyte.gz")
    x_test = images(data / "t10k-images-idx3-ubyte.gz")
    y_test = labels(data / "t10k-labels-idx1-ubyte.gz")
    per_epoch = min(len(x) // BATCH, options.steps // 4)
    x = x[: per_epoch * BATCH]

    features = metrics.features.train_classifier(x_test, y_test, epochs=3)
    measure = callbacks.GenerationMetrics(
        x_test[:5000],
        [metrics.FrechetDistance(features), metrics.PSNR()],
        num_samples=5000,
        batch_size=500,
    )
    tuner = keras_tuner.BayesianOptimization(
        tuners.HyperAEGAN((28, 28, 1), space={**FIXED, **SPACE}),
        objective=keras_tuner.Objective("val_frechet_distance", "min"),
        max_trials=options.trials,
        num_initial_points=max(4, options.trials // 2),
        max_consecutive_failed_trials=options.trials,
        seed=0,
        directory=output,
        project_name="search",
    )
    start = time.process_time()
    tuner.search(x[: len(x) // 2], epochs=1, callbacks=[measure], verbose=0)
    print(
        json.dumps({"search_cpu_seconds": round(time.process_time() - start)})
    )
    tuners.report(tuner, output / "search.html")
    tuner.results_summary(options.trials)

    best = tuner.get_best_hyperparameters()[0]
    print(json.dumps(best.values, indent=2))
    for seed in range(options.seeds):
        keras.utils.set_random_seed(seed)
        model = tuner.hypermodel.build(best)
        start = time.perf_counter()
        epochs = options.steps // per_epoch
        model.fit(x, batch_size=BATCH, epochs=epochs, verbose=2)
        seconds = round(time.perf_counter() - start)
        save_results(model, x_test, output / f"seed_{seed}", seed)
        print(json.dumps({"seed": seed, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()

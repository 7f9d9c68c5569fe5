"""Train one model once and measure it; `benchmark.py` calls this.

It runs in a process of its own, so that the peak of memory is this model's.
"""

import json
import pathlib
import platform
import resource
import sys
import time
from importlib import metadata

import keras
import numpy as np
from data import load_data

from keras_aegan import metrics
from keras_aegan import models

# What a model needs beside its defaults. `StagedAEGAN` passes from one stage to
# the next between epochs.
ARGUMENTS = {"StagedAEGAN": {"reconstruct_epochs": 5, "freeze_steps": 100}}
EPOCHS = {"StagedAEGAN": 20}
FRAMEWORKS = {"jax": "jax", "tensorflow": "tensorflow-cpu", "torch": "torch"}
# Smaller test sets are extended by training data to compare samples with.
REFERENCE = 5000
# Samples whose nearest training samples are looked for.
LOOKED_UP = 2000


def trained(name, x, options, seed):
    """The trained model, and the milliseconds of a step."""
    keras.utils.set_random_seed(seed)
    model = getattr(models, name).for_shape(
        x.shape[1:], width=options["width"], **ARGUMENTS.get(name, {})
    )
    model.compile()
    batch, steps = options["batch_size"], options["steps"]
    generator = np.random.default_rng(seed)
    passes = -(-steps * batch // len(x))
    rows = [generator.permutation(len(x)) for _ in range(passes)]
    rows = np.concatenate(rows)[: steps * batch]
    # Compilation falls into the first tenth of the steps, which is not timed.
    clock = Clock(after=max(1, steps // 10))
    epochs = EPOCHS.get(name, 1)
    model.fit(
        x[rows],
        batch_size=batch,
        epochs=epochs,
        steps_per_epoch=steps // epochs,
        shuffle=False,
        verbose=0,
        callbacks=[clock],
    )
    seconds = time.perf_counter() - clock.start
    return model, 1000 * seconds / (steps - clock.after)


class Clock(keras.callbacks.Callback):
    """When so many steps were done: one `fit` is one decay of the rates."""

    async_safe = True

    def __init__(self, after):
        super().__init__()
        self.after = after
        self.done = 0

    def on_train_batch_end(self, batch, logs=None):
        self.done += 1
        if self.done == self.after:
            self.start = time.perf_counter()


def quality(model, data, options, seed):
    """Dict from the name of a metric to its value."""
    real = data.x_test
    if len(real) < REFERENCE:
        real = np.concatenate([data.x_train, real])
    features = keras.saving.load_model(options["features"])
    count = min(options["samples"], len(real))
    values, images = {}, {}
    if hasattr(model, "generator") and hasattr(model, "prior"):
        samples = model.generate(count, seed=seed, batch_size=500)
        images["samples"] = samples
        for metric in (
            metrics.FrechetDistance(features),
            metrics.KernelDistance(features),
            metrics.PrecisionRecall(features),
            metrics.DensityCoverage(features),
        ):
            metric.update_state(real[:count], samples)
            result = metric.result()
            named = (
                result if isinstance(result, dict) else {metric.name: result}
            )
            values |= {key: float(value) for key, value in named.items()}
        values |= nearness(samples, data, features)
    if hasattr(model, "encoder"):
        rebuilt = model.reconstruct(data.x_test, batch_size=500)
        images["reconstructions"] = rebuilt
        psnr = metrics.PSNR()
        psnr.update_state(data.x_test, rebuilt)
        values["psnr"] = float(psnr.result())
    if options["save"]:
        folder = pathlib.Path(options["save"])
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{type(model).__name__}_{keras.backend.backend()}_{seed}.npz"
        pixels = {
            key: np.uint8(np.clip(127.5 * x + 128, 0, 255))
            for key, x in images.items()
        }
        np.savez_compressed(folder / name, **pixels)
        model.save((folder / name).with_suffix(".keras"))
    return values


def nearness(samples, data, features):
    """How near samples are to training samples: 1 as test samples, 0 the same.

    The mean distance of a sample to the nearest training sample over that of a
    test sample, in features and in pixels.
    """
    values = {}
    views = {
        "features": lambda x: features.predict(x, batch_size=500, verbose=0),
        "pixels": lambda x: x.reshape(len(x), -1),
    }
    for name, view in views.items():
        training = view(data.x_train)
        mean_distances = [
            nearest_distances(view(x[:LOOKED_UP]), training).mean()
            for x in (samples, data.x_test)
        ]
        values[f"nearness_{name}"] = float(np.divide(*mean_distances))
    return values


def nearest_distances(x, training, block=250):
    """The distance of each row to the nearest one of `training`."""
    squares = (training**2).sum(1)
    parts = []
    for start in range(0, len(x), block):
        rows = x[start : start + block]
        table = squares - 2 * rows @ training.T
        parts.append(table.min(1) + (rows**2).sum(1))
    return np.sqrt(np.maximum(np.concatenate(parts), 0))


def measure(name, seed, options):
    """Everything about one run, as a dict for JSON."""
    data = load_data(options["data"], options["enlarge"])
    start = time.perf_counter()
    model, step = trained(name, data.x_train, options, seed)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, elsewhere kilobytes.
    peak /= 1024**2 if platform.system() == "Darwin" else 1024
    weights = [v for v in model.get_weights() if v.dtype.kind == "f"]
    return {
        "model": name,
        "seed": seed,
        "backend": keras.backend.backend(),
        "parameters": model.count_params(),
        "finite": bool(all(np.isfinite(v).all() for v in weights)),
        "training_seconds": seconds,
        "step_milliseconds": step,
        "peak_megabytes": peak,
        **quality(model, data, options, seed),
    }


def versions():
    """Versions of Python and of the packages that a result depends on."""
    framework = FRAMEWORKS[keras.backend.backend()]
    found = {"python": platform.python_version()}
    for package in ("keras", "numpy", framework, framework.split("-")[0]):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


if __name__ == "__main__":
    request = json.loads(sys.argv[1])
    run = measure(request["model"], request["seed"], request["options"])
    print(json.dumps({**run, "versions": versions()}))

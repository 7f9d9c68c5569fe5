"""Train one model once and measure it; `benchmark.py` calls this.

It runs in a process of its own, so that the peak of memory is this model's.
"""

import json
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

FRAMEWORKS = {"jax": "jax", "tensorflow": "tensorflow-cpu", "torch": "torch"}
# Smaller test sets are extended by training data to compare samples with.
REFERENCE = 5000


def trained(name, x, options, seed):
    """The trained model, and the milliseconds of a step."""
    keras.utils.set_random_seed(seed)
    model = getattr(models, name).for_shape(x.shape[1:], width=options["width"])
    model.compile()
    batch, steps = options["batch_size"], options["steps"]
    generator = np.random.default_rng(seed)
    passes = -(-steps * batch // len(x))
    rows = [generator.permutation(len(x)) for _ in range(passes)]
    rows = np.concatenate(rows)[: steps * batch]
    # Compilation falls into the first tenth of the steps, which is not timed.
    clock = Clock(after=max(1, steps // 10))
    model.fit(
        x[rows], batch_size=batch, shuffle=False, verbose=0, callbacks=[clock]
    )
    seconds = time.perf_counter() - clock.start
    return model, 1000 * seconds / (steps - clock.after)


class Clock(keras.callbacks.Callback):
    """When so many steps were done: one `fit` is one decay of the rates."""

    async_safe = True

    def __init__(self, after):
        super().__init__()
        self.after = after

    def on_train_batch_end(self, batch, logs=None):
        if batch + 1 == self.after:
            self.start = time.perf_counter()


def quality(model, data, options, seed):
    """Dict from the name of a metric to its value."""
    real = data.x_test
    if len(real) < REFERENCE:
        real = np.concatenate([data.x_train, real])
    features = metrics.features.train_classifier(
        data.x_train, data.y_train, epochs=options["classifier_epochs"]
    )
    count = min(options["samples"], len(real))
    samples = model.generate(count, seed=seed, batch_size=500)
    values = {}
    for metric in (
        metrics.FrechetDistance(features),
        metrics.KernelDistance(features),
        metrics.PrecisionRecall(features),
        metrics.DensityCoverage(features),
    ):
        metric.update_state(real[:count], samples)
        result = metric.result()
        named = result if isinstance(result, dict) else {metric.name: result}
        values |= {key: float(value) for key, value in named.items()}
    if hasattr(model, "encoder"):
        psnr = metrics.PSNR()
        psnr.update_state(
            data.x_test, model.reconstruct(data.x_test, batch_size=500)
        )
        values["psnr"] = float(psnr.result())
    return values


def measure(name, seed, options):
    """Everything about one run, as a dict for JSON."""
    data = load_data(options["data"])
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

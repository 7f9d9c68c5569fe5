"""Train every model for 200 steps on scikit-learn's digits.

    KERAS_BACKEND=jax python benchmarks/family.py --output family_jax.json

Writes and prints, for each model, the losses of its players over the last 8
of 200 steps of batch 64, from seed 0, and whether all of them are finite.
"""

import argparse
import json
import pathlib
import time

import keras
import numpy as np
from sklearn.datasets import load_digits

import keras_aegan

STEPS, LAST, BATCH = 200, 8, 64
# All but the last steps are divided into epochs, since models of several stages
# pass from one to the next between epochs.
EPOCHS = 4
STAGES = {
    "reconstruct_epochs": 1,
    "bridge_epochs": 1,
    "freeze_steps": STEPS // EPOCHS // 2,
}


def family():
    """Every model class of the package, by name."""
    found = vars(keras_aegan.models).items()
    return {
        name: value
        for name, value in sorted(found)
        if isinstance(value, type) and issubclass(value, keras.Model)
    }


def digits():
    """Images in [-1, 1] for all steps, the same on every backend."""
    images = load_digits().images[..., None].astype("float32") / 8 - 1
    rows = np.random.default_rng(0).integers(len(images), size=STEPS * BATCH)
    return images[rows]


def tokens(images):
    """Tokens of the fourth row of each image: its 17 grey levels."""
    return np.round(8 * (images[:, 3, :, 0] + 1)).astype("int32")


def losses_of(cls, x):
    """Losses of all players, whether all is finite, and the seconds it took."""
    keras.utils.set_random_seed(0)
    arguments = {"vocabulary_size": 17} if cls.is_discrete else {}
    arguments |= STAGES if hasattr(cls, "stages") else {}
    x = tokens(x) if cls.is_discrete else x
    model = cls.for_shape(x.shape[1:], latent_dim=8, width=16, **arguments)
    model.compile()
    options = {"batch_size": BATCH, "shuffle": False, "verbose": 0}
    start = time.perf_counter()
    for part in np.split(x[: -LAST * BATCH], EPOCHS):
        model.fit(part, **options)
    history = model.fit(x[-LAST * BATCH :], **options).history
    totals = {f"{player}_loss": None for player in model.players()}
    values = {name: history[name][0] for name in totals}
    finite = all(np.isfinite(v).all() for v in model.get_weights())
    return values, finite, time.perf_counter() - start


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", nargs="*", help="names of models")
    options = parser.parse_args(arguments)
    x, table = digits(), {}
    for name, cls in family().items():
        if options.only and name not in options.only:
            continue
        values, finite, seconds = losses_of(cls, x)
        table[name] = {"losses": values, "finite": finite}
        cells = "  ".join(f"{k} {v:.4g}" for k, v in values.items())
        print(f"{name:24s} {seconds:6.1f} s  finite {finite}  {cells}")
    path = pathlib.Path(options.output)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(table, indent=2))
    part.replace(path)


if __name__ == "__main__":
    main()

"""Count the modes of the ring and the grid that models cover.

    KERAS_BACKEND=jax python benchmarks/mode_coverage.py --output modes.json

Trains each model on 100,000 samples of a mixture in two dimensions, from
several seeds, and writes and prints covered modes, the share of samples of
high quality and the reverse divergence, of 2500 samples each, mean and
spread over the seeds. Models are as their `default_` methods have them, in
one of two settings:

- `deep`: networks of eight dense layers with residual blocks (without them, a
  tenth of the samples lies between the modes of the ring and half between
  those of the grid), learning rates that fall to 0 along a cosine, averaged
  weights. The penalties of R3GAN fall, too, as in its paper.
- `veegan`: those of VEEGAN's experiment (Srivastava et al. 2017): two hidden
  layers, discriminators of one, codes of 254 numbers, one learning rate.
"""

import argparse
import dataclasses
import json
import pathlib
import time

import keras
import numpy as np

from keras_aegan import metrics
from keras_aegan import models
from keras_aegan import networks
from keras_aegan import penalties
from keras_aegan.metrics import mode_coverage

# Scaled so, both mixtures lie in [-1, 1], up to their noise.
MIXTURES = {"ring": 1.0, "grid": 4.0}


@dataclasses.dataclass(frozen=True)
class Settings:
    """What is the same for all models of a table."""

    steps: int
    batch: int
    latent_dim: int
    maker: dict
    judge: dict
    beta_2: float = 0.99
    average: float | None = None
    falls: bool = False
    scaled: bool = True


DEEP = {"depth": 2, "residual_blocks": 3}
SETTINGS = {
    "deep": Settings(12_000, 256, 2, DEEP, DEEP, average=0.999, falls=True),
    "veegan": Settings(
        100_000, 500, 254, {"depth": 2}, {"depth": 1}, 0.999, scaled=False
    ),
}


def parts(cls, settings, width):
    """Networks for the parts that a model needs."""
    latent = settings.latent_dim

    def dense(inputs, outputs, kind):
        return networks.dense_network(inputs, outputs, width, **kind)

    def pairs():
        inputs = [keras.Input((2,)), keras.Input((latent,))]
        x = keras.layers.Concatenate()(inputs)
        return keras.Model(inputs, dense(2 + latent, 1, settings.judge)(x))

    builders = {
        "encoder": lambda: dense(
            2, cls.code_statistics * latent, settings.maker
        ),
        "generator": lambda: dense(latent, 2, settings.maker),
        "discriminator": lambda: dense(2, 1, settings.judge),
        "latent_discriminator": lambda: dense(latent, 1, settings.judge),
        "joint_discriminator": pairs,
    }
    return {role: builders[role]() for role in cls.roles if role != "prior"}


def penalties_of(cls, steps):
    """R3GAN's, ten times stronger at the beginning; of others their own."""
    if cls is not models.R3GAN:
        return None
    weight = keras.optimizers.schedules.ExponentialDecay(0.05, steps, 0.1)
    return {"discriminator": [penalties.R1(weight), penalties.R2(weight)]}


def trained(cls, data, settings, options, seed):
    """The model after so many steps."""
    keras.utils.set_random_seed(seed)
    model = cls(**parts(cls, settings, options.width))
    rate = options.rate
    if settings.falls:
        rate = keras.optimizers.schedules.CosineDecay(rate, options.steps)
    adam = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=settings.beta_2)
    model.compile(
        optimizer=adam,
        penalties=penalties_of(cls, options.steps),
        average=settings.average,
    )
    rows = np.random.default_rng(seed).permutation(len(data))
    rows = np.resize(rows, options.steps * settings.batch)
    model.fit(data[rows], batch_size=settings.batch, shuffle=False, verbose=0)
    return model


def coverage(cls, mixture_name, options, seed):
    """What `ModeCoverage` says of one run, and the seconds it took."""
    mixture = getattr(mode_coverage, f"{mixture_name}_mixture")()
    settings = SETTINGS[options.settings]
    scale = MIXTURES[mixture_name] if settings.scaled else 1.0
    data = mixture.sample(100_000, seed=seed) / scale
    start = time.perf_counter()
    model = trained(cls, data, settings, options, seed)
    seconds = time.perf_counter() - start
    metric = metrics.ModeCoverage(mixture)
    new = model.generate(2500, seed=seed, batch_size=2500)
    return {**metric(new * scale), "seconds": seconds}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--models", nargs="*", default=["R3GAN"])
    parser.add_argument("--mixtures", nargs="*", default=list(MIXTURES))
    parser.add_argument("--settings", choices=SETTINGS, default="deep")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--width", type=int, default=128)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args(arguments)
    options.steps = options.steps or SETTINGS[options.settings].steps
    path, table = pathlib.Path(options.output), {}
    for mixture in options.mixtures:
        for name in options.models:
            runs = table.setdefault(mixture, {}).setdefault(name, [])
            for seed in range(options.seeds):
                run = coverage(getattr(models, name), mixture, options, seed)
                runs.append(run)
                print(mixture, name, seed, run, flush=True)
                part = path.with_suffix(".part")
                part.write_text(json.dumps(table, indent=2))
                part.replace(path)
            for key in ("modes", "high_quality", "reverse_kl"):
                values = [run[key] for run in runs]
                mean, spread = np.mean(values), np.std(values)
                print(f"{mixture} {name} {key} {mean:.3f} +- {spread:.3f}")


if __name__ == "__main__":
    main()

"""Count the modes of the ring and the grid that models cover.

    KERAS_BACKEND=jax python benchmarks/mode_coverage.py --output modes.json

Trains each model on 100,000 samples of a mixture in two dimensions, from
several seeds. Generates 2500 samples from each, and writes and prints the
number of covered modes, the share of samples of high quality and the reverse
Kullback-Leibler divergence, with means and standard deviations over the seeds.
Models have their default losses and penalties, in one of two settings:

- `deep`: networks of eight dense layers with residual blocks (without these, a
  tenth of the samples lies between the modes of the ring and half of them
  between those of the grid), learning rates with a cosine decay to 0, averaged
  weights. The penalties of R3GAN decay, too, as in its paper.
- `veegan`: the settings of VEEGAN's experiment (Srivastava et al. 2017): two
  hidden layers, one in discriminators, codes of 254 numbers, a constant
  learning rate.
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

# Divided by this, both mixtures lie in [-1, 1], up to their noise.
MIXTURES = {"ring": 1.0, "grid": 4.0}


@dataclasses.dataclass(frozen=True)
class Settings:
    """Settings that all models of a table share.

    Args:
        steps: Integer, steps of training.
        batch: Integer, samples in a batch.
        latent_dim: Integer, numbers in a code.
        generator: Dict of arguments of `dense_network` for encoder and
            generator.
        discriminator: Dict of arguments of `dense_network` for discriminators.
        beta_2: Float, decay of Adam's second moments.
        average: Float, decay of averaged weights, or `None` for none.
        decays: Boolean, whether learning rates decay to 0.
        scaled: Boolean, whether data are scaled to [-1, 1].
    """

    steps: int
    batch: int
    latent_dim: int
    generator: dict
    discriminator: dict
    beta_2: float = 0.99
    average: float | None = None
    decays: bool = False
    scaled: bool = True


DEEP = {"depth": 2, "residual_blocks": 3}
SETTINGS = {
    "deep": Settings(12_000, 256, 2, DEEP, DEEP, average=0.999, decays=True),
    "veegan": Settings(
        100_000, 500, 254, {"depth": 2}, {"depth": 1}, 0.999, scaled=False
    ),
}


def parts(cls, settings, width):
    """Networks for the parts of a model."""
    latent = settings.latent_dim

    def dense(inputs, outputs, options):
        return networks.dense_network(inputs, outputs, width, **options)

    def pairs():
        inputs = [keras.Input((2,)), keras.Input((latent,))]
        x = keras.layers.Concatenate()(inputs)
        return keras.Model(
            inputs, dense(2 + latent, 1, settings.discriminator)(x)
        )

    builders = {
        "encoder": lambda: dense(
            2, (1 + cls.is_variational) * latent, settings.generator
        ),
        "generator": lambda: dense(latent, 2, settings.generator),
        "discriminator": lambda: dense(2, 1, settings.discriminator),
        "latent_discriminator": lambda: dense(
            latent, 1, settings.discriminator
        ),
        "joint_discriminator": pairs,
    }
    return {
        part: builders[part]()
        for part in cls.required_parts()
        if part != "prior"
    }


def penalties_of(cls, options):
    """R3GAN's, which decay to a tenth; `None` leaves others their own."""
    if cls is not models.R3GAN and not options.penalties:
        return None
    weight = keras.optimizers.schedules.ExponentialDecay(
        0.05, options.steps, 0.1
    )
    return {"discriminator": [penalties.R1(weight), penalties.R2(weight)]}


def trained(cls, data, settings, options, seed):
    """The trained model."""
    keras.utils.set_random_seed(seed)
    model = cls(**parts(cls, settings, options.width))
    rate = options.rate
    if settings.decays:
        rate = keras.optimizers.schedules.CosineDecay(rate, options.steps)
    adam = keras.optimizers.Adam(rate, beta_1=0.5, beta_2=settings.beta_2)
    model.compile(
        optimizer=adam,
        penalties=penalties_of(cls, options),
        average=settings.average,
    )
    rows = np.random.default_rng(seed).permutation(len(data))
    rows = np.resize(rows, options.steps * settings.batch)
    model.fit(data[rows], batch_size=settings.batch, shuffle=False, verbose=0)
    return model


def coverage(cls, mixture_name, options, seed):
    """The result of `ModeCoverage` for one run, and the seconds it took."""
    mixture = getattr(mode_coverage, f"{mixture_name}_mixture")()
    settings = SETTINGS[options.settings]
    scale = MIXTURES[mixture_name] if settings.scaled else 1.0
    data = mixture.sample(100_000, seed=seed) / scale
    start = time.perf_counter()
    model = trained(cls, data, settings, options, seed)
    seconds = time.perf_counter() - start
    metric = metrics.ModeCoverage(mixture)
    if model.follows_codes:
        # Codes of few numbers want less noise than they had in training.
        model.fit_prior(data)
    samples = model.generate(2500, seed=seed, batch_size=2500)
    return {**metric(samples * scale), "seconds": seconds}


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
    parser.add_argument(
        "--penalties", action="store_true", help="R3GAN's, for all models"
    )
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
                mean, deviation = np.mean(values), np.std(values)
                print(f"{mixture} {name} {key} {mean:.3f} +- {deviation:.3f}")


if __name__ == "__main__":
    main()

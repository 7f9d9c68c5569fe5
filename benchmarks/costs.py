"""Count the arithmetic of one step of every model, against the least there is.

    KERAS_BACKEND=jax python benchmarks/costs.py --output costs.md

Networks are dense, so that products of matrices are nearly all there is. On
JAX the compiler counts the floating-point operations of the compiled step, all
of them; on PyTorch, its counter those of the products. `least.py` has what
they are compared with.
"""

import argparse
import pathlib

import keras
import numpy as np
from least import BATCH
from least import CATEGORIES
from least import CODE
from least import CODES
from least import DATA
from least import LEAST
from least import NOISE
from least import WIDTH
from least import least

from keras_aegan import layers
from keras_aegan import models

# What models are made with beside dense networks.
PARTS = {
    "InfoGAN": lambda: {"prior": layers.CategoryPrior(CODE, CATEGORIES)},
    "SemiSupervisedAAE": lambda: {
        "prior": layers.CategoryPrior(CODE, CATEGORIES)
    },
    "VQGAN": lambda: {
        "quantizer": layers.VectorQuantizer(CODES, CODE),
        "discriminator_start": 0,
    },
    "StagedAEGAN": lambda: {
        "code_noise": layers.CodeAndNoise(CODE, NOISE),
        "bridge": "bootstrap",
        "reconstruct_epochs": 0,
        "freeze_steps": 0,
        "trunk": False,
    },
}


def dense(*sizes):
    """A chain of dense layers with leaky rectifiers between them."""
    x = start = keras.Input((sizes[0],))
    for size in sizes[1:-1]:
        x = keras.layers.LeakyReLU()(keras.layers.Dense(size)(x))
    return keras.Model(start, keras.layers.Dense(sizes[-1])(x))


def joint(first, second):
    """A chain on two inputs, side by side."""
    inputs = [keras.Input((first,)), keras.Input((second,))]
    x = keras.layers.Concatenate()(inputs)
    return keras.Model(inputs, dense(first + second, WIDTH, WIDTH, 1)(x))


def part(name, role, code_numbers):
    """The network for a part of a model."""
    hidden = (WIDTH, WIDTH)
    if role == "joint_discriminator":
        return joint(DATA, CODE)
    if role == "pair_discriminator":
        return joint(DATA, DATA)
    if role == "latent_pair_discriminator":
        return joint(CODE, CODE)
    sizes = {
        "encoder": (DATA, *hidden, code_numbers),
        "second_encoder": (DATA, *hidden, code_numbers),
        "energy_encoder": (DATA, *hidden, CODE),
        "energy_decoder": (CODE, *hidden, DATA),
        "generator": (CODE, *hidden, DATA),
        "discriminator": (DATA, *hidden, 1),
        "diffusion_discriminator": (DATA, *hidden, 1),
        "latent_discriminator": (CODE, *hidden, 1),
        "category_discriminator": (CATEGORIES, *hidden, 1),
        "mapping": (CODE, *hidden, CODE),
        "recognition": (WIDTH, WIDTH, CATEGORIES),
        "trunk_network": (DATA, *hidden, WIDTH),
        "judge": (WIDTH, WIDTH, 1),
        "code_head": (WIDTH, WIDTH, code_numbers),
    }
    if name == "SemiSupervisedAAE" and role == "latent_discriminator":
        return dense(CODE - CATEGORIES, *hidden, 1)
    return dense(*sizes[role])


def counted(model):
    """Those of a step of `fit`."""
    x = np.random.default_rng(0).normal(size=(BATCH, DATA)).astype("float32")
    model.fit(x, batch_size=BATCH, verbose=0)
    if keras.backend.backend() == "torch":
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            model.fit(x, batch_size=BATCH, verbose=0)
        return counter.get_total_flops()
    import jax

    state = model._get_jax_state(True, True, True, True)
    step = jax.jit(model.train_step).lower(state, (x,)).compile()
    return step.cost_analysis()["flops"]


def compared_counts(names):
    """Rows of a table of floating-point operations."""
    yield "| model | least, GFLOP | counted, GFLOP | ratio |"
    yield "|---|---|---|---|"
    for name in names:
        model = built(name)
        paper, step = least(model, name), counted(model)
        cells = f"{paper / 1e9:.3f} | {step / 1e9:.3f} | {step / paper:.3f}"
        yield f"| {name} | {cells} |"


def built(name):
    """A model of dense networks, compiled."""
    cls = getattr(models, name)
    parts = PARTS.get(name, dict)()
    numbers = cls.code_statistics * CODE
    for role in cls.needed_roles():
        if role != "prior" and role not in parts:
            parts[role] = part(name, role, numbers)
    model = cls(**parts)
    model.compile()
    if name == "StagedAEGAN":  # The bridge.
        model.fit(np.zeros((BATCH, DATA), "float32"), verbose=0)
    return model


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", nargs="*", default=sorted(LEAST))
    options = parser.parse_args(arguments)
    write(compared_counts(options.only), options.output)


def write(rows, path):
    """Show rows as they come, and write the file when there are all."""
    lines = []
    for row in rows:
        lines.append(row)
        print(row, flush=True)
    path = pathlib.Path(path)
    unfinished = path.with_suffix(".part")
    unfinished.write_text("\n".join([*lines, ""]))
    unfinished.replace(path)


if __name__ == "__main__":
    main()

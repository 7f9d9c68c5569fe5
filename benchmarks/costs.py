"""Count the operations of one step of every model, against the fewest possible.

    KERAS_BACKEND=jax python benchmarks/costs.py --output costs.md

Networks are dense, so that nearly all operations are matrix products. On JAX
the compiler counts all floating-point operations of the compiled step; on
PyTorch, `FlopCounterMode` counts those of the matrix products. `least.py`
computes the numbers that they are compared with.
"""

import argparse
import pathlib

import keras
import numpy as np
from least import CATEGORIES
from least import CODES
from least import LEAST
from least import NOISE
from least import SMALL
from least import least

from keras_aegan import layers
from keras_aegan import models

# Arguments of models that are no dense networks.
PARTS = {
    "InfoGAN": lambda code: {"prior": layers.CategoryPrior(code, CATEGORIES)},
    "SemiSupervisedAAE": lambda code: {
        "prior": layers.CategoryPrior(code, CATEGORIES)
    },
    "VQGAN": lambda code: {
        "quantizer": layers.VectorQuantizer(CODES, code),
        "discriminator_start": 0,
    },
    "StagedAEGAN": lambda code: {
        "code_noise": layers.CodeAndNoise(code, NOISE),
        "bridge": "bootstrap",
        "reconstruct_epochs": 0,
        "freeze_steps": 0,
        "trunk": False,
    },
}


def dense(*sizes):
    """Dense layers with LeakyReLU between them."""
    x = start = keras.Input((sizes[0],))
    for size in sizes[1:-1]:
        x = keras.layers.LeakyReLU()(keras.layers.Dense(size)(x))
    return keras.Model(start, keras.layers.Dense(sizes[-1])(x))


def joint(first, second, width):
    """Dense layers on two concatenated inputs."""
    inputs = [keras.Input((first,)), keras.Input((second,))]
    x = keras.layers.Concatenate()(inputs)
    return keras.Model(inputs, dense(first + second, width, width, 1)(x))


def network_for(name, part, code_size, sizes):
    """The network for a part of a model.

    Args:
        name: Name of the model class.
        part: Name of the part.
        code_size: Integer, how many numbers the encoder returns.
        sizes: `least.Sizes`.
    """
    _, data, code, width = sizes
    hidden = (width, width)
    if part == "joint_discriminator":
        return joint(data, code, width)
    if part == "pair_discriminator":
        return joint(data, data, width)
    if part == "latent_pair_discriminator":
        return joint(code, code, width)
    layer_sizes = {
        "encoder": (data, *hidden, code_size),
        "second_encoder": (data, *hidden, code_size),
        "energy_encoder": (data, *hidden, code),
        "energy_decoder": (code, *hidden, data),
        "generator": (code, *hidden, data),
        "discriminator": (data, *hidden, 1),
        "diffusion_discriminator": (data, *hidden, 1),
        "latent_discriminator": (code, *hidden, 1),
        "category_discriminator": (CATEGORIES, *hidden, 1),
        "mapping": (code, *hidden, code),
        "recognition": (width, width, CATEGORIES),
        "trunk_network": (data, *hidden, width),
        "discriminator_head": (width, width, 1),
        "code_head": (width, width, code_size),
    }
    if name == "SemiSupervisedAAE" and part == "latent_discriminator":
        return dense(code - CATEGORIES, *hidden, 1)
    return dense(*layer_sizes[part])


def counted(model, sizes=SMALL):
    """Floating-point operations of one step of `fit`."""
    x = np.random.default_rng(0).normal(size=sizes[:2]).astype("float32")
    model.fit(x, batch_size=sizes.batch, verbose=0)
    if keras.backend.backend() == "torch":
        from torch.utils.flop_counter import FlopCounterMode

        with FlopCounterMode(display=False) as counter:
            model.fit(x, batch_size=sizes.batch, verbose=0)
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


def built(name, sizes=SMALL):
    """A model of dense networks, compiled."""
    cls = getattr(models, name)
    parts = PARTS[name](sizes.code) if name in PARTS else {}
    code_size = (1 + cls.is_variational) * sizes.code
    for part in cls.required_parts():
        if part != "prior" and part not in parts:
            parts[part] = network_for(name, part, code_size, sizes)
    model = cls(**parts)
    model.compile()
    if name == "StagedAEGAN":  # Its first `fit` is the stage of the bridge.
        model.fit(np.zeros(sizes[:2], "float32"), verbose=0)
    return model


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", required=True)
    parser.add_argument("--only", nargs="*", default=sorted(LEAST))
    options = parser.parse_args(arguments)
    write(compared_counts(options.only), options.output)


def write(rows, path):
    """Print each row as it comes, and write all to a file at the end."""
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

"""Count the arithmetic of one step of every model, against the least there is.

    KERAS_BACKEND=jax python benchmarks/costs.py --output costs.md

Networks are dense, so that products of matrices are nearly all there is. On
JAX the compiler counts the floating-point operations of the compiled step, all
of them; on PyTorch, its counter those of the products. The least is
counted on paper: how often each network must be passed forward (`f`), pulled
back for its weights (`w`, without the gradient of its input; `W` with it), for
its input only (`i`), or twice, for a penalty on its slope (`d`). Samples that
are the same are made once and judged once for as long as nobody whose network
is on the way has moved. Players who move in turn judge again what others have
changed; the least is that of the model's own order of play.
"""

import argparse
import pathlib

import keras
import numpy as np

from keras_aegan import models

BATCH, DATA, CODE, WIDTH = 512, 96, 64, 256

# What each network is asked for in one step, by the rules above.
LEAST = {
    "AEGAN": {
        "encoder": "ff w W",
        "generator": "ff w W",
        "discriminator": "fff www fff ii",
        "latent_discriminator": "fff www fff ii",
    },
    "AGE": {"encoder": "ffff ww ii", "generator": "fff i ww"},
    "ALAD": {
        "encoder": "ff w W",
        "generator": "ff w W",
        "joint_discriminator": "ff ww ff ii",
        "pair_discriminator": "ff ww f i",
        "latent_pair_discriminator": "ff ww f i",
    },
    "ALAE": {
        "encoder": "fff ww i d",
        "latent_discriminator": "fff WW i d",
        "generator": "f W",
        "mapping": "f w",
    },
    "ALI": {
        "encoder": "f w",
        "generator": "f w",
        "joint_discriminator": "ff ww ii",
    },
    "AdversarialAutoencoder": {
        "encoder": "f w",
        "generator": "f W",
        "latent_discriminator": "ff ww f i",
    },
    "AlphaGAN": {
        "encoder": "ff w",
        "generator": "fff i ww",
        "discriminator": "fff www ff ii",
        "latent_discriminator": "ff ww f i",
    },
    "Autoencoder": {"encoder": "f w", "generator": "f W"},
    "BEGAN": {
        "generator": "f w",
        "energy_encoder": "ff ww i",
        "energy_decoder": "ff WW i",
    },
    "EBGAN": {
        "generator": "f w",
        "energy_encoder": "ff ww f i",
        "energy_decoder": "ff WW f i",
    },
    "FusedAEGAN": {
        "trunk_network": "fff www ff i ff ii",
        "code_head": "f f w f",
        "generator": "ff f i f ww",
        "judge": "fff WWW ff ii",
    },
    "GAN": {"generator": "f w", "discriminator": "ff ww f i"},
    "GANomaly": {
        "encoder": "f w",
        "generator": "f W",
        "second_encoder": "f W",
        "discriminator": "ff ww i",
    },
    "IntroVAE": {"encoder": "fff www fff ii", "generator": "ff i f ww"},
    "InverseGenerator": {"encoder": "f w", "generator": "ff i"},
    "MDGAN": {
        "encoder": "f w",
        "generator": "ff w W",
        "discriminator": "ff ww f i",
        "diffusion_discriminator": "ff ww f i",
    },
    "R3GAN": {"generator": "f w", "discriminator": "ff ww dd ff i"},
    "SoftIntroVAE": {
        "encoder": "fff www fff ii",
        "generator": "ffff iii f ww",
    },
    "VAE": {"encoder": "f w", "generator": "f W"},
    "VAEGAN": {
        "encoder": "f w",
        "generator": "ff ww i",
        "discriminator": "fff www iii",
    },
    "VEEGAN": {
        "encoder": "ff w i",
        "generator": "f w",
        "joint_discriminator": "ff ww i",
    },
    "WAE": {
        "encoder": "f w",
        "generator": "f W",
        "latent_discriminator": "ff ww f i",
    },
}
LEAST["BiGAN"] = LEAST["ALI"]


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


def part(role, code_numbers):
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
        "mapping": (CODE, *hidden, CODE),
        "trunk_network": (DATA, *hidden, WIDTH),
        "judge": (WIDTH, WIDTH, 1),
        "code_head": (WIDTH, WIDTH, code_numbers),
    }
    return dense(*sizes[role])


def chain(network):
    """Products of its layers' sizes, the first layer first."""
    found = [
        layer
        for layer in network._flatten_layers()
        if isinstance(layer, keras.layers.Dense)
    ]
    return [2 * BATCH * int(np.prod(layer.kernel.shape)) for layer in found]


def least(model, name):
    """Floating-point operations on paper."""
    # The cosines of all pairs of codes, and the way back to both.
    total = 3 * 2 * BATCH**2 * CODE if name == "EBGAN" else 0
    for role, asked in LEAST[name].items():
        products = chain(getattr(model, role))
        all_layers, first, last = sum(products), products[0], products[-1]
        prices = {
            " ": 0,
            "f": all_layers,
            "w": 2 * all_layers - first,
            "W": 2 * all_layers,
            "i": all_layers,
            # A pull to the input, pulled back for weights and signals.
            "d": 3 * all_layers - last,
        }
        total += sum(prices[kind] for kind in asked)
    return total


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
    roles = [role for role in cls.needed_roles() if role != "prior"]
    numbers = cls.code_statistics * CODE
    model = cls(**{role: part(role, numbers) for role in roles})
    model.compile()
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

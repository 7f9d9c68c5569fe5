"""The fewest operations of one step of every model, computed by hand.

The tables list the passes that each network needs in a step:

- `f`: a forward pass
- `w`: a backward pass to the weights, without the gradient of the input
- `W`: a backward pass to the weights and the input
- `i`: a backward pass to the input only
- `d`: a backward pass to the input, and one through that backward pass, for a
  penalty on the gradient norm

Equal samples are generated once and discriminated once, until a player moves
whose network they pass through. Players who move in turn discriminate again
what the others have changed: the counts hold for the model's own order of
updates.
"""

from typing import NamedTuple

import keras
import numpy as np


class Sizes(NamedTuple):
    """Sizes of a batch, a sample, a code and a hidden layer."""

    batch: int
    data: int
    code: int
    width: int


# `SMALL` serves to count operations. `LARGE` serves to time them: with it,
# matrix products take most of the time of a step.
SMALL = Sizes(512, 96, 64, 256)
LARGE = Sizes(512, 384, 256, 768)
CATEGORIES, CODES, NOISE = 8, 64, 16

# The passes of each network in one step, by the rules above.
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
    # Only the encoder is trained, with features of the discriminator.
    "FAnoGAN": {"encoder": "f w", "generator": "f i", "discriminator": "ff i"},
    "FusedAEGAN": {
        "trunk_network": "fff www fff ii",
        "code_head": "f W f",
        "generator": "ff i f ww",
        "discriminator_head": "fff WWW ff ii",
    },
    "GAN": {"generator": "f w", "discriminator": "ff ww f i"},
    "GANomaly": {
        "encoder": "f w",
        "generator": "f W",
        "second_encoder": "f W",
        "discriminator": "ff ww i",
    },
    "InfoGAN": {
        "generator": "f w",
        "discriminator": "ff ww f i",
        "recognition": "f W f i",
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
    "SemiSupervisedAAE": {
        "encoder": "f w",
        "generator": "f W",
        "latent_discriminator": "ff ww f i",
        "category_discriminator": "ff ww f i",
    },
    # The generator's loss compares features of fakes and of real samples.
    "SemiSupervisedGAN": {"generator": "f w", "discriminator": "ff ww ff i"},
    "SoftIntroVAE": {
        "encoder": "fff www fff ii",
        "generator": "ffff iii f ww",
    },
    # In its last stage.
    "StagedAEGAN": {
        "encoder": "f",
        "generator": "ff w W",
        "discriminator": "ff ww ff i",
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
        "joint_discriminator": "ff ww d i",
    },
    "VQGAN": {
        "encoder": "f w",
        "generator": "f W",
        "discriminator": "ff ww f i",
    },
    "WAE": {
        "encoder": "f w",
        "generator": "f W",
        "latent_discriminator": "ff ww f i",
    },
}
LEAST["BiGAN"] = LEAST["ALI"]

# The passes with the cheapest order of updates and the cheapest loss, where
# there are fewer: simultaneous updates, one backward pass for both players,
# losses whose generator's side does not need the logits of real samples.
FEWEST = {
    "AEGAN": {
        "encoder": "ff w W",
        "generator": "ff w W",
        "discriminator": "fffff www ii",
        "latent_discriminator": "fffff www ii",
    },
    "ALI": {
        "encoder": "f w",
        "generator": "f w",
        "joint_discriminator": "ff WW",
    },
    "AlphaGAN": {
        "encoder": "f w",
        "generator": "ff ww W",
        "discriminator": "fffff www ii",
        "latent_discriminator": "fff ww i",
    },
    "BEGAN": {
        "generator": "f w",
        "energy_encoder": "ff w W",
        "energy_decoder": "ff WW",
    },
    "FusedAEGAN": {
        "trunk_network": "fff www i",
        "code_head": "f W",
        "generator": "ff w W",
        "discriminator_head": "fff WWW i",
    },
    "IntroVAE": {"encoder": "fffff www ii", "generator": "ff ww W"},
    "SoftIntroVAE": {"encoder": "fffff www ii", "generator": "ffff iii w W"},
    "StagedAEGAN": {
        "encoder": "f",
        "generator": "ff w W",
        "discriminator": "fff ww i",
    },
    "VEEGAN": {
        "encoder": "ff W",
        "generator": "f w",
        "joint_discriminator": "ff WW d",
    },
}
FEWEST["BiGAN"] = FEWEST["ALI"]
FEWEST["EBGAN"] = FEWEST["BEGAN"]

# Operations outside of the networks.
BESIDE = {
    # The cosines of all pairs of codes, and their backward pass to both.
    "EBGAN": lambda n: 3 * 2 * n.batch**2 * n.code,
    # Distances of vectors to the codebook, the chosen codes, and the two
    # gradients of the last kernel.
    "VQGAN": lambda n: 2 * 2 * n.batch * (CODES * n.code + n.width * n.data),
    # The noise added to the code, and its weights' gradient.
    "StagedAEGAN": lambda n: 2 * 2 * n.batch * NOISE * n.code,
}


def chain(network, batch):
    """Operations of the matrix product of each layer, the first layer first."""
    found = [
        layer
        for layer in network._flatten_layers()
        if isinstance(layer, keras.layers.Dense)
    ]
    return [2 * batch * int(np.prod(layer.kernel.shape)) for layer in found]


def least(model, name, sizes=SMALL, table=LEAST):
    """The fewest floating-point operations of a step.

    Args:
        model: Model of dense networks.
        name: Name of its class.
        sizes: `Sizes`.
        table: `LEAST` or `FEWEST`.
    """
    total = BESIDE[name](sizes) if name in BESIDE else 0
    for part, passes in table[name].items():
        products = chain(getattr(model, part), sizes.batch)
        all_layers, first, last = sum(products), products[0], products[-1]
        operations = {
            " ": 0,
            "f": all_layers,
            "w": 2 * all_layers - first,
            "W": 2 * all_layers,
            "i": all_layers,
            # The gradient of the input, then a backward pass through both.
            "d": 3 * all_layers - last,
        }
        total += sum(operations[kind] for kind in passes)
    return total

"""The arithmetic of one step of every model, on paper.

How often each network must be passed forward (`f`), pulled back for its
weights (`w`, without the gradient of its input; `W` with it), for its input
only (`i`), or twice, for a penalty on its slope (`d`). Samples that are the
same are made once and judged once for as long as nobody whose network is on
the way has moved. Players who move in turn judge again what others have
changed; the least is that of the model's own order of play.
"""

from typing import NamedTuple

import keras
import numpy as np


class Sizes(NamedTuple):
    """Of a batch, a sample, a code and a hidden layer."""

    batch: int
    data: int
    code: int
    width: int


# To count operations, and to time them: so that they are what takes time.
SMALL = Sizes(512, 96, 64, 256)
LARGE = Sizes(512, 384, 256, 768)
CATEGORIES, CODES, NOISE = 8, 64, 16

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
    # The encoder alone learns, from the discriminator's features.
    "FAnoGAN": {"encoder": "f w", "generator": "f i", "discriminator": "ff i"},
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
    # The generator compares features of samples that are real, too.
    "SemiSupervisedGAN": {"generator": "f w", "discriminator": "ff ww ff i"},
    "SoftIntroVAE": {
        "encoder": "fff www fff ii",
        "generator": "ffff iii f ww",
    },
    # Its last stage.
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
        "joint_discriminator": "ff ww i",
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

# The least of any order of play and of any loss, where that is less: players
# at once, one pull for both sides, losses that do not compare.
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
        "code_head": "f w",
        "generator": "ff w W",
        "judge": "fff WWW i",
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
        "joint_discriminator": "ff WW",
    },
}
FEWEST["BiGAN"] = FEWEST["ALI"]
FEWEST["EBGAN"] = FEWEST["BEGAN"]

# What is asked for beside networks.
BESIDE = {
    # The cosines of all pairs of codes, and the way back to both.
    "EBGAN": lambda n: 3 * 2 * n.batch**2 * n.code,
    # Vectors by codes, who chose what, and the last kernel's two gradients.
    "VQGAN": lambda n: 2 * 2 * n.batch * (CODES * n.code + n.width * n.data),
    # The noise added to the code, and its weights' gradient.
    "StagedAEGAN": lambda n: 2 * 2 * n.batch * NOISE * n.code,
}


def chain(network, batch):
    """Operations of its layers' products, the first layer first."""
    found = [
        layer
        for layer in network._flatten_layers()
        if isinstance(layer, keras.layers.Dense)
    ]
    return [2 * batch * int(np.prod(layer.kernel.shape)) for layer in found]


def least(model, name, sizes=SMALL, table=LEAST):
    """Floating-point operations on paper."""
    total = BESIDE[name](sizes) if name in BESIDE else 0
    for role, asked in table[name].items():
        products = chain(getattr(model, role), sizes.batch)
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

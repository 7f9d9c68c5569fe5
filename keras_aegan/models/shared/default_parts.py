"""The default network for each part of a model.

A builder takes the arguments of `for_shape` and the parts that there are.
"""

import dataclasses

from keras_aegan import layers
from keras_aegan import networks


@dataclasses.dataclass(frozen=True)
class Size:
    """The arguments of `for_shape`, for one part after the other."""

    shape: tuple
    latent_dim: int
    width: int
    normalization: str | None
    noise: float
    dropout: float
    residual_blocks: int
    augmentation: str | None
    activation: str
    condition: int
    statistics: int = 1
    """How many numbers an encoder gives for each number of a code."""

    @property
    def judge(self):
        return {"dropout": self.dropout, "noise": self.noise}

    @property
    def deep(self):
        return {"residual_blocks": self.residual_blocks}

    @property
    def samples(self):
        """The shape of samples that have their condition beside them."""
        *places, channels = self.shape
        # A table's row has room for its numbers, a picture for a channel.
        numbers = min(self.condition, 1) if places else self.condition
        return (*places, channels + numbers)

    @property
    def codes(self):
        """The size of codes that have their condition beside them."""
        return self.latent_dim + self.condition


def _encoder(size, parts, name="encoder"):
    return networks.encoder(
        size.samples,
        size.statistics * size.latent_dim,
        size.width,
        size.normalization,
        name=name,
        **size.judge,
        **size.deep,
    )


def _generator(size, parts):
    # The generator has the harder task; so shared out, the same arithmetic
    # gives better samples.
    return networks.generator(
        size.shape,
        size.codes,
        int(1.45 * size.width),
        size.normalization,
        activation=size.activation,
        dropout=size.dropout,
        **size.deep,
    )


def _discriminator(size, parts, name="discriminator"):
    return networks.discriminator(
        size.shape,
        size.width,
        augmentation=size.augmentation,
        name=name,
        **size.judge,
        **size.deep,
    )


def _latent_discriminator(size, parts):
    return networks.latent_discriminator(
        size.latent_dim, size.width, **size.judge
    )


def _joint_discriminator(size, parts):
    return networks.joint_discriminator(
        size.shape, size.latent_dim, size.width, **size.judge
    )


def _pair_discriminator(size, parts):
    return networks.pair_discriminator(
        size.shape, size.width, name="pair_discriminator", **size.judge
    )


def _latent_pair_discriminator(size, parts):
    name = "latent_pair_discriminator"
    return networks.pair_discriminator(
        (size.latent_dim,), size.width, name=name, **size.judge
    )


def _energy_encoder(size, parts):
    return networks.encoder(
        size.samples,
        size.latent_dim,
        size.width,
        None,
        name="energy_encoder",
        **size.deep,
    )


def _energy_decoder(size, parts):
    return networks.generator(
        size.shape,
        size.codes,
        size.width,
        normalization=None,
        activation=size.activation,
        name="energy_decoder",
        **size.deep,
    )


def _trunk_network(size, parts):
    # Its batches mix real samples and fakes, so it has no batch statistics.
    return networks.encoder(
        size.shape,
        8 * size.width,
        size.width,
        None,
        name="trunk_network",
        **size.judge,
        **size.deep,
    )


def _head(size, outputs, name):
    """A small network on what the trunk puts out."""
    return networks.dense_network(
        8 * size.width, outputs, 4 * size.width, depth=1, name=name
    )


def _mapping(size, parts):
    return networks.dense_network(
        size.codes,
        size.latent_dim,
        4 * size.width,
        depth=3,
        name="mapping",
    )


BUILDERS = {
    "encoder": _encoder,
    "second_encoder": lambda *a: _encoder(*a, name="second_encoder"),
    "generator": _generator,
    "discriminator": _discriminator,
    "diffusion_discriminator": lambda *a: _discriminator(
        *a, name="diffusion_discriminator"
    ),
    "latent_discriminator": _latent_discriminator,
    "joint_discriminator": _joint_discriminator,
    "pair_discriminator": _pair_discriminator,
    "latent_pair_discriminator": _latent_pair_discriminator,
    "energy_encoder": _energy_encoder,
    "energy_decoder": _energy_decoder,
    "mapping": _mapping,
    "code_noise": lambda size, parts: layers.CodeAndNoise(
        size.latent_dim, name="code_noise"
    ),
    "trunk_network": _trunk_network,
    "judge": lambda size, parts: _head(size, 1, "judge"),
    "code_head": lambda size, parts: _head(
        size, size.statistics * size.latent_dim, "code_head"
    ),
}

# How each network is told the condition of a sample. The others are not: a
# pair of samples shows by itself whether the two are alike.
TOLD = {
    **dict.fromkeys(
        ("encoder", "second_encoder", "energy_encoder"),
        networks.condition_samples,
    ),
    **dict.fromkeys(
        ("generator", "energy_decoder", "mapping"), networks.condition_codes
    ),
    **dict.fromkeys(
        (
            "discriminator",
            "diffusion_discriminator",
            "latent_discriminator",
            "joint_discriminator",
            "judge",
        ),
        networks.condition_by_projection,
    ),
}

"""What `for_shape` builds: the default network for each part of a model."""

from keras_aegan import layers
from keras_aegan import networks


class DefaultNetworks:
    """Gives a model `for_shape`, from the names of the parts it needs.

    Class attributes:
        own_networks: Dict from a part's name to a function that builds it
            otherwise than for other models, from the arguments of `for_shape`
            (see `_Size`) and `code_statistics`.
        untold: Names of the parts that are not told a condition.
    """

    own_networks = {}
    untold = ()

    @classmethod
    def for_shape(
        cls,
        shape,
        latent_dim=32,
        width=32,
        normalization="batch",
        noise=0.0,
        dropout=0.0,
        activation=None,
        num_classes=None,
        condition_size=None,
        name=None,
        **parts,
    ):
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample: `(features,)`, `(steps, channels)` or
                `(height, width, channels)`; at least 8 steps or pixels.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the channels of encoder and discriminator
                at the finest resolution; the generator has 1.45 times as many,
                dense layers have 4 times as many units.
            normalization: `"batch"`, `"layer"` or `None`, in encoder and
                generator. The discriminators have none.
            noise: Float, standard deviation of the noise on the inputs of
                encoder and discriminators in training.
            dropout: Float in [0, 1), rate of Gaussian dropout in training.
            activation: Name of the generator's output activation. Defaults to
                `"tanh"` for images, whose range is then [-1, 1], and to
                `"linear"` for tables and series.
            num_classes: Positive integer. Then every network is told the
                label of each sample: `fit(x, labels)`, `generate(labels=...)`.
            condition_size: Positive integer, the same for a vector of so many
                numbers in place of a label.
            name: String, the model's name.
            **parts: Other arguments of the model: `prior`, a network in place
                of the default one, or an option.

        Returns:
            The model, not compiled.

        Raises:
            ValueError: if the shape or another argument is not as above.
        """
        shape = tuple(shape)
        if activation is None:
            activation = "tanh" if len(shape) == 3 else "linear"
        numbers = num_classes or condition_size or 0
        size = _Size(
            shape,
            latent_dim,
            width,
            normalization,
            noise,
            dropout,
            activation,
            numbers,
        )
        builders = {**_BUILDERS, **cls.own_networks}
        for role in cls.needed_roles(**parts):
            if role in builders and parts.get(role) is None:
                network = builders[role](size, cls.code_statistics)
                if numbers and role in _TOLD and role not in cls.untold:
                    network = _TOLD[role](network, numbers, num_classes)
                parts[role] = network
        return cls(**parts, name=name)


class _Size:
    """The arguments of `for_shape`, for one part after the other."""

    def __init__(
        self,
        shape,
        latent_dim,
        width,
        normalization,
        noise,
        dropout,
        activation,
        condition,
    ):
        self.shape = shape
        self.latent_dim = latent_dim
        self.width = width
        self.normalization = normalization
        self.judge = {"dropout": dropout, "noise": noise}
        self.dropout = dropout
        self.activation = activation
        # What networks take in that see a condition beside their input.
        further = condition if len(shape) == 1 else min(condition, 1)
        self.samples = (*shape[:-1], shape[-1] + further)
        self.codes = latent_dim + condition


def _encoder(size, statistics, name="encoder"):
    return networks.encoder(
        size.samples,
        statistics * size.latent_dim,
        size.width,
        size.normalization,
        name=name,
        **size.judge,
    )


def _generator(size, statistics):
    # The generator has the harder task; so shared out, the same arithmetic
    # gives better samples.
    return networks.generator(
        size.shape,
        size.codes,
        int(1.45 * size.width),
        size.normalization,
        activation=size.activation,
        dropout=size.dropout,
    )


def _discriminator(size, statistics, name="discriminator"):
    return networks.discriminator(
        size.shape, size.width, name=name, **size.judge
    )


def _latent_discriminator(size, statistics):
    return networks.latent_discriminator(
        size.latent_dim, size.width, **size.judge
    )


def _joint_discriminator(size, statistics):
    return networks.joint_discriminator(
        size.shape, size.latent_dim, size.width, **size.judge
    )


def _pair_discriminator(size, statistics):
    return networks.pair_discriminator(
        size.shape, size.width, name="pair_discriminator", **size.judge
    )


def _latent_pair_discriminator(size, statistics):
    name = "latent_pair_discriminator"
    return networks.pair_discriminator(
        (size.latent_dim,), size.width, name=name, **size.judge
    )


def _energy_decoder(size, statistics):
    return networks.generator(
        size.shape,
        size.codes,
        size.width,
        normalization=None,
        activation=size.activation,
        name="energy_decoder",
    )


def _trunk_network(size, statistics):
    # Its batches mix real samples and fakes, so it has no batch statistics.
    return networks.encoder(
        size.shape,
        8 * size.width,
        size.width,
        None,
        name="trunk_network",
        **size.judge,
    )


def _head(size, outputs, name):
    """A small network on what the trunk puts out."""
    return networks.dense_network(
        8 * size.width, outputs, 4 * size.width, depth=1, name=name
    )


def _mapping(size, statistics):
    return networks.dense_network(
        size.codes,
        size.latent_dim,
        4 * size.width,
        depth=3,
        name="mapping",
    )


_BUILDERS = {
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
    "energy_encoder": lambda size, statistics: networks.encoder(
        size.samples, size.latent_dim, size.width, None, name="energy_encoder"
    ),
    "energy_decoder": _energy_decoder,
    "mapping": _mapping,
    "code_noise": lambda size, statistics: layers.CodeAndNoise(
        size.latent_dim, name="code_noise"
    ),
    "trunk_network": _trunk_network,
    "judge": lambda size, statistics: _head(size, 1, "judge"),
    "code_head": lambda size, statistics: _head(
        size, statistics * size.latent_dim, "code_head"
    ),
}

# How each network is told the condition of a sample. The others are not: a
# pair of samples shows by itself whether the two are alike.
_TOLD = {
    **dict.fromkeys(
        ("encoder", "second_encoder", "energy_encoder"),
        networks.beside_samples,
    ),
    **dict.fromkeys(
        ("generator", "energy_decoder", "mapping"), networks.beside_codes
    ),
    **dict.fromkeys(
        (
            "discriminator",
            "diffusion_discriminator",
            "latent_discriminator",
            "joint_discriminator",
            "judge",
        ),
        networks.by_projection,
    ),
}

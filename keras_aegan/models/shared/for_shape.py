"""What `for_shape` builds: the default network for each part of a model."""

from keras_aegan.models.shared.default_parts import BUILDERS
from keras_aegan.models.shared.default_parts import TOLD
from keras_aegan.models.shared.default_parts import Size


class DefaultNetworks:
    """Gives a model `for_shape`, from the names of the parts it needs.

    Class attributes:
        own_networks: Dict from a part's name to a function that builds it
            otherwise than for other models, from the arguments of `for_shape`
            (see `Size`) and the parts that are there before it.
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
        residual_blocks=0,
        augmentation=None,
        activation=None,
        num_classes=None,
        condition_size=None,
        name=None,
        own_networks=None,
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
            residual_blocks: Non-negative integer: so many blocks of two more
                layers, which add to what they see, at each resolution of
                encoder, generator and discriminator; in dense networks so
                many in all.
            augmentation: Policy of `keras_aegan.layers.DiffAugment`, such as
                `"translation,cutout"`: the discriminator of images sees
                changed ones in training. For little data.
            activation: Name of the generator's output activation. Defaults to
                `"tanh"` for images, whose range is then [-1, 1], and to
                `"linear"` for tables and series.
            num_classes: Positive integer. Then every network is told the
                label of each sample: `fit(x, labels)`, `generate(labels=...)`.
            condition_size: Positive integer, the same for a vector of so many
                numbers in place of a label.
            name: String, the model's name.
            own_networks: Dict, as the attribute of the class, for functions
                that know arguments of a subclass's `for_shape`.
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
        size = Size(
            shape,
            latent_dim,
            width,
            normalization,
            noise,
            dropout,
            residual_blocks,
            augmentation,
            activation,
            numbers,
            cls.code_statistics,
        )
        builders = {**BUILDERS, **cls.own_networks, **(own_networks or {})}
        needed = cls.needed_roles(**parts)
        if augmentation and "discriminator" not in needed:
            raise ValueError(
                "`augmentation` is for models with a discriminator of "
                f"samples, and {cls.__name__} has none. "
                f"Received: augmentation={augmentation!r}"
            )
        for role in needed:
            if role in builders and parts.get(role) is None:
                network = builders[role](size, parts)
                if numbers and role in TOLD and role not in cls.untold:
                    network = TOLD[role](network, numbers, num_classes)
                parts[role] = network
        return cls(**parts, name=name)

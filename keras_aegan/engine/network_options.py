"""The arguments of `for_shape`, checked."""

import dataclasses
import warnings

import keras

from keras_aegan import validation


def check_sample_shape(shape) -> tuple[int, ...]:
    """The shape of one sample as a tuple of Python's integers.

    Warns of a shape of two axes that looks like that of an image.

    Args:
        shape: Sequence of positive integers.

    Raises:
        ValueError: if it is anything else.
    """
    is_sequence = hasattr(shape, "__iter__") and not isinstance(shape, str)
    sizes = tuple(shape) if is_sequence else ()
    if not sizes or not all(validation.is_integer(n) and n > 0 for n in sizes):
        raise ValueError(
            "`shape` must be a tuple of positive integers, the shape of one "
            f"sample without the batch axis. Received: shape={shape!r}"
        )
    if len(sizes) == 2 and sizes[0] == sizes[1] >= 8:
        warnings.warn(
            f"The shape {sizes} is read as a series of {sizes[0]} steps with "
            f"{sizes[1]} channels. If samples are images, add the axis of "
            f"channels: shape={(*sizes, 1)} and `x[..., None]`.",
            stacklevel=3,
        )
    return tuple(map(int, sizes))


def condition_numbers(num_classes, condition_size) -> int:
    """How many numbers a condition has: 0 for none.

    Args:
        num_classes: Positive integer, for a label, or `None`.
        condition_size: Positive integer, for a vector, or `None`.

    Raises:
        ValueError: if one is anything else, or both are given.
    """
    given = {"num_classes": num_classes, "condition_size": condition_size}
    sizes = [
        validation.check_integer(name, value)
        for name, value in given.items()
        if value is not None
    ]
    if len(sizes) > 1:
        raise ValueError(
            "A condition is either a label of `num_classes` or a vector of "
            f"`condition_size`. Received: {given}"
        )
    return sum(sizes)


@dataclasses.dataclass(frozen=True)
class NetworkOptions:
    """The arguments of `for_shape`, as `Part.build` sees them."""

    shape: tuple
    latent_dim: int
    width: int
    normalization: str | None
    noise: float
    dropout: float
    residual_blocks: int
    augmentation: str | None
    activation: str | keras.Layer | None
    condition_size: int
    """How many numbers a condition has: 0 for none."""
    is_variational: bool = False

    def __post_init__(self):
        integer, number = validation.check_integer, validation.check_number
        checked = {
            "latent_dim": integer("latent_dim", self.latent_dim),
            "width": integer("width", self.width),
            "noise": number("noise", self.noise, 0),
            "dropout": number("dropout", self.dropout, 0, 1, "upper"),
            "residual_blocks": integer(
                "residual_blocks", self.residual_blocks, minimum=0
            ),
        }
        if self.activation is None:
            is_image = len(self.shape) == 3
            checked["activation"] = "tanh" if is_image else "linear"
        # The way into an object that is frozen.
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def regularization(self) -> dict:
        """Arguments of a network that is regularised by noise."""
        return {"dropout": self.dropout, "noise": self.noise}

    @property
    def depth(self) -> dict:
        """Arguments that make a network deeper."""
        return {"residual_blocks": self.residual_blocks}

    @property
    def encoder_outputs(self) -> int:
        """How many numbers an encoder gives for one code."""
        return self.latent_dim * (2 if self.is_variational else 1)

    @property
    def conditioned_shape(self) -> tuple:
        """The shape of samples that have their condition beside them."""
        *positions, channels = self.shape
        # A table's row has room for all numbers, an image for one channel.
        size = min(self.condition_size, 1) if positions else self.condition_size
        return (*positions, channels + size)

    @property
    def conditioned_latent_dim(self) -> int:
        """The size of codes that have their condition beside them."""
        return self.latent_dim + self.condition_size

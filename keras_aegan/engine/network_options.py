"""The arguments of `for_shape`, checked."""

import dataclasses


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
    activation: str
    condition_size: int
    """How many numbers a condition has: 0 for none."""
    is_variational: bool = False

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

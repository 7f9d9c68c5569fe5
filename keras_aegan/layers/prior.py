"""Prior distributions of latent codes."""

import keras
from keras import ops

from keras_aegan.random import RandomGenerator
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class Prior(keras.layers.Layer):
    """A distribution from which latent codes are sampled (abstract).

    A subclass implements `sample`. It may hold weights, and a
    `keras_aegan.random.RandomGenerator`, whose position is saved with the
    model.

    Args:
        latent_dim: Positive integer, the size of a code.

    Raises:
        ValueError: if `latent_dim` is not a positive integer.

    Example:

    >>> class Ones(Prior):
    ...     def sample(self, batch_size):
    ...         return keras.ops.ones((batch_size, self.latent_dim))
    >>> Ones(latent_dim=4).sample(2).shape
    (2, 4)
    """

    def __init__(self, latent_dim: int, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.latent_dim = check_integer("latent_dim", latent_dim)
        self.built = True

    def sample(self, batch_size: int):
        """`batch_size` random codes, a tensor `(batch_size, latent_dim)`."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `sample(batch_size)`."
        )

    def sample_like(self, x):
        """As many random codes as the batch `x` has samples."""
        return self.sample(ops.shape(x)[0])

    def get_config(self) -> dict:
        return {**super().get_config(), "latent_dim": self.latent_dim}


@keras.saving.register_keras_serializable(package="keras_aegan")
class NormalPrior(Prior):
    """The standard normal distribution N(0, I).

    Args:
        latent_dim: Positive integer, the size of a code.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `latent_dim` or `seed` is not an integer.

    Example:

    >>> NormalPrior(latent_dim=16, seed=0).sample(8).shape
    (8, 16)
    """

    def __init__(self, latent_dim: int, seed: int | None = None, **kwargs):
        super().__init__(latent_dim, **kwargs)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed

    def sample(self, batch_size: int):
        return self.generator.normal((batch_size, self.latent_dim))

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable(package="keras_aegan")
class UniformPrior(Prior):
    """The uniform distribution on the cube [-limit, limit)^latent_dim.

    Args:
        latent_dim: Positive integer, the size of a code.
        limit: Positive float, half the side of the cube.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `limit` is not positive, `latent_dim` or `seed` not an
            integer.

    Example:

    >>> UniformPrior(latent_dim=16, seed=0).sample(8).shape
    (8, 16)
    """

    def __init__(
        self,
        latent_dim: int,
        limit: float = 1.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, **kwargs)
        self.limit = check_number("limit", limit, 0, open_ends="lower")
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed

    def sample(self, batch_size: int):
        unit = self.generator.uniform((batch_size, self.latent_dim))
        return self.limit * (2.0 * unit - 1.0)

    def get_config(self) -> dict:
        config = {"limit": self.limit, "seed": self.seed}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="keras_aegan")
class SphericalPrior(NormalPrior):
    """The uniform distribution on the unit sphere: `z / |z|`, z from N(0, I).

    Args:
        latent_dim: Positive integer, the size of a code.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `latent_dim` or `seed` is not an integer.

    Example:

    >>> SphericalPrior(latent_dim=16, seed=0).sample(8).shape
    (8, 16)
    """

    def sample(self, batch_size: int):
        z = super().sample(batch_size)
        squares = ops.sum(ops.square(z), axis=-1, keepdims=True)
        return z * ops.rsqrt(squares + 1e-12)

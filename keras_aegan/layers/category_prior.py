"""A prior of codes that begin with a one-hot class."""

from keras import ops
from keras.saving import register_keras_serializable

from keras_aegan.layers.conditional import one_hot
from keras_aegan.layers.prior import NormalPrior
from keras_aegan.validation import check_integer


@register_keras_serializable(package="keras_aegan")
class CategoryPrior(NormalPrior):
    """A one-hot class, uniformly distributed, and a style from N(0, I).

    A code is `[e_c, s]`, the class c uniform in `0, ..., num_classes - 1` and
    independent of the style s.

    Args:
        latent_dim: Positive integer, the size of a code including the class.
        num_classes: Positive integer below `latent_dim`.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if a number is not as above.

    Example:

    >>> codes = CategoryPrior(latent_dim=5, num_classes=3).sample(8)
    >>> keras.ops.convert_to_numpy(codes)[:, :3].sum(axis=1).tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]

    Reference: Makhzani et al. 2015, arXiv:1511.05644, section 5.
    """

    def __init__(
        self,
        latent_dim: int,
        num_classes: int,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, seed, **kwargs)
        self.num_classes = check_integer("num_classes", num_classes)
        if num_classes >= latent_dim:
            raise ValueError(
                "`num_classes` must be below `latent_dim`. Received: "
                f"num_classes={num_classes}, latent_dim={latent_dim}"
            )

    def sample(self, batch_size: int):
        uniform = self.generator.uniform((batch_size,))
        labels = ops.floor(uniform * self.num_classes)
        style = super().sample(batch_size)[:, self.num_classes :]
        return ops.concatenate(
            [one_hot(labels, self.num_classes), style], axis=-1
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "num_classes": self.num_classes}

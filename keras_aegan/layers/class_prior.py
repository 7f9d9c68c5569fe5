"""A normal distribution with a mean for each class."""

import keras
import numpy as np
from keras import ops

from keras_aegan.arrays import check_finite
from keras_aegan.arrays import real_numbers
from keras_aegan.layers.conditional import current_condition
from keras_aegan.layers.conditional import one_hot
from keras_aegan.layers.prior import NormalPrior
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class ClassPrior(NormalPrior):
    """N(mean of the label, scale^2 I), for models with `num_classes`.

    Args:
        latent_dim: Positive integer, the size of a code.
        means: Nested list or array `(num_classes, latent_dim)`.
        scale: Positive float, the standard deviation.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `means` has another shape or `scale` is not positive.

    Example:

    >>> from keras_aegan.models import GAN
    >>> prior = ClassPrior(2, means=[[0, 4], [4, 0]], scale=0.5)
    >>> model = GAN.for_shape(
    ...     (6,), latent_dim=2, width=4, num_classes=2, prior=prior
    ... )
    >>> model.generate(labels=[0, 1, 1]).shape
    (3, 6)
    """

    def __init__(
        self,
        latent_dim: int,
        means: np.ndarray | list,
        scale: float = 1.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, seed, **kwargs)
        means = check_finite("means", real_numbers("means", means))
        means = means.astype("float32")
        if means.ndim != 2 or means.shape[1] != latent_dim:
            raise ValueError(
                "`means` must have the shape (num_classes, latent_dim). "
                f"Received: means of shape {means.shape}, "
                f"latent_dim={latent_dim}"
            )
        self.means = means
        self.scale = check_number("scale", scale, 0, open_ends="lower")

    @property
    def label_classes(self) -> int:
        """How many classes the labels of codes are from."""
        return len(self.means)

    def sample(self, batch_size: int):
        labels = current_condition()
        if labels is None:
            raise ValueError(
                "`ClassPrior` needs a label for each code, so its model must "
                "have `num_classes`. Received: no labels"
            )
        rows = one_hot(labels, len(self.means))
        return ops.matmul(rows, self.means) + self.scale * super().sample(
            batch_size
        )

    def get_config(self) -> dict:
        config = {"means": self.means.tolist(), "scale": self.scale}
        return {**super().get_config(), **config}

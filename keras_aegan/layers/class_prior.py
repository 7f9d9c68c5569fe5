"""A prior with a mean of its own for each class."""

import keras
import numpy as np
from keras import ops

from keras_aegan.layers.conditional import current_condition
from keras_aegan.layers.conditional import one_hot
from keras_aegan.layers.prior import NormalPrior


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

    def __init__(self, latent_dim, means, scale=1.0, seed=None, **kwargs):
        super().__init__(latent_dim, seed, **kwargs)
        means = np.asarray(means, "float32")
        if means.ndim != 2 or means.shape[1] != latent_dim or not scale > 0:
            raise ValueError(
                "`means` must have the shape (num_classes, latent_dim) and "
                "`scale` be positive. Received: means of shape "
                f"{means.shape}, latent_dim={latent_dim}, scale={scale!r}"
            )
        self.means = means
        self.scale = scale

    def sample(self, batch_size):
        labels = current_condition()
        if labels is None:
            raise ValueError(
                "`ClassPrior` must be told a label for each code: it works in "
                "models with `num_classes`. Received: no labels"
            )
        rows = one_hot(labels, len(self.means))
        return ops.matmul(rows, self.means) + self.scale * super().sample(
            batch_size
        )

    def get_config(self):
        config = {"means": self.means.tolist(), "scale": self.scale}
        return {**super().get_config(), **config}

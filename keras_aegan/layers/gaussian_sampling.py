"""The reparametrised sampling of variational autoencoders."""

import keras
from keras import ops

from keras_aegan.random import RandomGenerator


@keras.saving.register_keras_serializable(package="keras_aegan")
class GaussianSampling(keras.layers.Layer):
    """Samples codes from N(mean, exp(log variance)).

    `z = mean + exp(log_variance / 2) * epsilon`, `epsilon` from N(0, I), so
    that gradients reach means and variances. The input holds the means and
    then the log variances, which are clipped to [-10, 10].

    Args:
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if the last axis of the input is not even.

    Call arguments:
        encoded: Tensor `(batch_size, 2 * latent_dim)`.

    Returns:
        Tensor `(batch_size, latent_dim)`, float32.

    Example:

    >>> import numpy as np
    >>> GaussianSampling(seed=0)(np.zeros((8, 4), "float32")).shape
    (8, 2)

    Reference: Kingma and Welling 2013, arXiv:1312.6114, section 2.4.
    """

    def __init__(self, seed: int | None = None, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed
        self.built = True

    def call(self, encoded):
        mean, log_variance = self.statistics(encoded)
        noise = self.generator.normal(ops.shape(mean))
        return mean + ops.exp(0.5 * log_variance) * noise

    @staticmethod
    def statistics(encoded) -> tuple:
        """Means and clipped log variances, each `(batch_size, latent_dim)`."""
        if encoded.shape[-1] % 2:
            raise ValueError(
                "The input must hold as many means as log variances. "
                f"Received: shape {tuple(encoded.shape)}"
            )
        mean, log_variance = ops.split(ops.cast(encoded, "float32"), 2, axis=-1)
        return mean, ops.clip(log_variance, -10.0, 10.0)

    @classmethod
    def divergence(cls, encoded):
        """Kullback-Leibler divergences from N(0, I), `(batch_size,)`.

        `sum_j (mean_j^2 + exp(lv_j) - 1 - lv_j) / 2`: arXiv:1312.6114,
        appendix B, with the sign of a loss.
        """
        mean, log_variance = cls.statistics(encoded)
        terms = ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance
        return 0.5 * ops.sum(terms, axis=-1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return (*input_shape[:-1], input_shape[-1] // 2)

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}

"""A prior that samples near the codes of real samples."""

import keras
from keras import ops

from keras_aegan.layers.collecting_prior import CollectingPrior
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class KernelPrior(CollectingPrior):
    """A kernel density of the codes that an encoder gave to real samples.

    `z = h_i + bandwidth (h_j - h_k) / sqrt(2)` for three random codes of real
    samples, of the class of the label if there is one. The difference of two
    codes has twice their covariance, so this is a code and noise of
    `bandwidth^2` times the covariance of codes, whose square root nobody has
    to compute. What is collected counts at once, without a `fit`. Before that,
    and for a class without codes, the prior is N(0, I).

    By default `bandwidth = (4 / ((d + 2) n))^(1 / (d + 4)) / 2` for n codes of
    d numbers: half of what is best for codes that are normally distributed,
    since codes come in clusters, which it must not join. Of 4096 codes it is
    .13 for 2 numbers and .42 for 64.

    Args:
        latent_dim: Positive integer, the size of a code.
        bandwidth: Non-negative float, or `None` for the above. 0 for codes of
            real samples themselves.
        num_classes: Positive integer. Above 1, codes are collected with labels.
        capacity: Positive integer, how many codes are kept, the latest ones.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if a number is not as above.

    Example:

    >>> import numpy as np
    >>> prior = KernelPrior(2, bandwidth=0.0, capacity=100)
    >>> prior.collect(np.ones((8, 2), "float32"))
    >>> bool(keras.ops.all(prior.sample(3) == 1.0))
    True

    Reference: Silverman 1986, Density Estimation, section 6.4 (the smoothed
    bootstrap) and equation 4.14 (the bandwidth); that codes of a trained
    autoencoder give better samples than its prior: Ghosh et al. 2020,
    arXiv:1903.12436.
    """

    def __init__(
        self,
        latent_dim: int,
        bandwidth: float | None = None,
        num_classes: int = 1,
        capacity: int = 4096,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(latent_dim, num_classes, capacity, seed, **kwargs)
        if bandwidth is not None:
            bandwidth = check_number("bandwidth", bandwidth, 0)
        self.bandwidth = bandwidth

    def fit(self) -> None:
        """Nothing to do: `sample` reads the codes as they were collected."""

    def sample(self, batch_size: int):
        rows, counts = self._rows(batch_size)
        counts = counts[:, None]
        # One by one: TensorFlow does not know how many samples there are.
        i, j, k = (ops.take(self.codes, rows[n], axis=0) for n in range(3))
        near = i + self._bandwidth_for(counts) * 2**-0.5 * (j - k)
        noise = self.generator.normal((batch_size, self.latent_dim))
        return ops.where(counts > 0, near, noise)

    def _bandwidth_for(self, counts):
        if self.bandwidth is not None:
            return self.bandwidth
        d, counts = self.latent_dim, ops.maximum(counts, 1)
        ratio = 4 / (d + 2) / ops.cast(counts, "float32")
        return ratio ** (1 / (d + 4)) / 2

    def _rows(self, batch_size):
        """Rows of three random codes for each sample, of how many codes."""
        size = ops.minimum(ops.convert_to_tensor(self.count), self.capacity)
        labels = self.requested_labels()
        if labels is None:
            order = ops.arange(self.capacity, dtype="int32")
            first, count = 0, ops.broadcast_to(size, (batch_size,))
        else:
            own = ops.convert_to_tensor(self.labels)
            is_filled = ops.arange(self.capacity, dtype="int32") < size
            is_known = ops.logical_and(is_filled, own >= 0)
            own = ops.where(is_known, own, self.num_classes)
            order = ops.argsort(own)
            # Codes of a class follow one another: where do they begin?
            members = ops.cast(
                own[None] == ops.arange(self.num_classes)[:, None], "int32"
            )
            counts = ops.sum(members, axis=1)
            first = ops.take(ops.cumsum(counts) - counts, labels)
            count = ops.take(counts, labels)
        uniform = self.generator.uniform((3, batch_size), batch_axis=1)
        steps = ops.cast(uniform * ops.cast(count, "float32"), "int32")
        steps = ops.minimum(steps, ops.maximum(count - 1, 0))
        return ops.take(order, first + steps), count

    def get_config(self) -> dict:
        return {**super().get_config(), "bandwidth": self.bandwidth}

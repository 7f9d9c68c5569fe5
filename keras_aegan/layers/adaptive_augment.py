"""Adaptive discriminator augmentation."""

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.layers.diff_augment import DiffAugment
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class AdaptiveAugment(DiffAugment):
    """`DiffAugment` with a probability that follows the overfitting.

    Each part of the policy changes each image with probability p. In each
    turn of its discriminator this layer observes the logits d of the changed
    real images, and after every `interval` turns

    `p <- clip(p + sign(r - target) * interval * batch_size / images, 0, 1)`,
    `r = mean sign(d)` over all images of these turns

    A discriminator that overfits is certain of most real images and has r near
    1, so p grows. p is a saved variable, `layer.probability`. With a loss whose
    logits have no boundary between real and fake, such as the Wasserstein
    loss, p does not change.

    Args:
        policy: String, see `DiffAugment`.
        target: Float in (-1, 1), the r to aim at.
        images: Positive number, how many real images it takes p to go from 0
            to 1. The authors take 500,000 for runs of 25 million.
        interval: Positive integer, how many turns lie between updates of p.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Input and output shape: `(batch_size, height, width, channels)`.

    Raises:
        ValueError: if a number is outside its range, or by `DiffAugment`.

    Example:

    >>> from keras_aegan import networks
    >>> start = keras.Input((8, 8, 1))
    >>> x = AdaptiveAugment(images=10_000)(start)
    >>> logit = networks.discriminator((8, 8, 1), width=4)(x)
    >>> discriminator = keras.Model(start, logit)

    Reference: Karras et al. 2020, arXiv:2006.06676, section 3, equation 1
    (r_t), with the settings of the authors' program. Departure: the parts of
    `DiffAugment` in place of the paper's 18 changes.
    """

    def __init__(
        self,
        policy: str = "color,translation,cutout",
        target: float = 0.6,
        images: float = 500_000,
        interval: int = 4,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(policy, seed, **kwargs)
        self.target = check_number("target", target, -1, 1, open_ends="both")
        self.images = check_number("images", images, 0, open_ends="lower")
        self.interval = check_integer("interval", interval)
        self.probability = self._zeros((), "probability")
        # Since the last update of p: sum of signs, images, turns.
        self.sums = self._zeros((3,), "sums")

    def _zeros(self, shape, name):
        return self.add_weight(
            shape=shape,
            initializer="zeros",
            dtype="float32",
            trainable=False,
            autocast=False,
            name=name,
        )

    def observe_real_logits(self, logits) -> None:
        """Update p; each turn of the discriminator calls it.

        Args:
            logits: Tensor `(batch_size, ...)`, those of changed real images,
                above 0 where the discriminator takes them for real.
        """
        logits = ops.stop_gradient(ops.cast(logits, "float32"))
        size = ops.shape(logits)[0] * replicas.replica_count()
        size = ops.cast(size, "float32")
        sign = replicas.mean_over_replicas(ops.mean(ops.sign(logits)))
        now = ops.stack([size * sign, size, 1.0])
        sums = ops.convert_to_tensor(self.sums) + now
        is_due = ops.cast(sums[2] >= self.interval, "float32")
        step = ops.sign(sums[0] / sums[1] - self.target) * sums[1] / self.images
        p = ops.convert_to_tensor(self.probability) + is_due * step
        self.probability.assign(ops.clip(p, 0.0, 1.0))
        self.sums.assign((1.0 - is_due) * sums)

    def _select(self, x, changed):
        uniform = self.generator.uniform((ops.shape(x)[0], 1, 1, 1))
        return ops.where(uniform < self.probability, changed, x)

    def get_config(self) -> dict:
        config = {
            "target": self.target,
            "images": self.images,
            "interval": self.interval,
        }
        return {**super().get_config(), **config}

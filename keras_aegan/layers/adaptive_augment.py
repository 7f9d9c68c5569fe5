"""Adaptive discriminator augmentation."""

import keras
from keras import ops

from keras_aegan.layers.diff_augment import DiffAugment


@keras.saving.register_keras_serializable(package="keras_aegan")
class AdaptiveAugment(DiffAugment):
    """Change images as `DiffAugment` does, as often as overfitting demands.

    Each part of the policy changes each image with probability p. In each
    turn of the discriminator to which this layer belongs it is told the logits
    d of the changed real images, and after every `interval` turns

    `p <- clip(p + sign(r - target) * interval * batch_size / images, 0, 1)`,
    `r = mean sign(d)` over all of them

    A discriminator that is sure of most real images has r near 1: it learns
    them by heart, so p grows. p is a saved variable, `layer.probability`. With
    a loss whose logits have no boundary between real and fake, such as that
    of Wasserstein, p stays where it is.

    Args:
        policy: String, as of `DiffAugment`.
        target: Float in (-1, 1), the r to be kept.
        images: Positive number: how many real images p takes from 0 to 1. The
            authors take 500,000 for runs of 25 million.
        interval: Positive integer.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Input and output shape: `(batch_size, height, width, channels)`.

    Raises:
        ValueError: if a number is outside its range, or as of `DiffAugment`.

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
        policy="color,translation,cutout",
        target=0.6,
        images=500_000,
        interval=4,
        seed=None,
        **kwargs,
    ):
        super().__init__(policy, seed, **kwargs)
        whole = isinstance(interval, int)
        if not -1 < target < 1 or not images > 0 or not whole or interval < 1:
            raise ValueError(
                "`target` must be in (-1, 1), `images` positive and `interval` "
                f"a positive integer. Received: target={target!r}, "
                f"images={images!r}, interval={interval!r}"
            )
        self.target = target
        self.images = images
        self.interval = interval
        self.probability = self._zeros((), "probability")
        # Signs and images since p last moved, and in how many turns.
        self.seen = self._zeros((3,), "seen")

    def _zeros(self, shape, name):
        return self.add_weight(
            shape=shape,
            initializer="zeros",
            dtype="float32",
            trainable=False,
            autocast=False,
            name=name,
        )

    def observe_real_logits(self, logits):
        """Move p; turns of the discriminator call it.

        Args:
            logits: Tensor `(batch_size, ...)`, those of changed real images,
                above 0 where they are taken to be real.
        """
        logits = ops.stop_gradient(ops.cast(logits, "float32"))
        size = ops.cast(ops.shape(logits)[0], "float32")
        now = ops.stack([size * ops.mean(ops.sign(logits)), size, 1.0])
        seen = ops.convert_to_tensor(self.seen) + now
        full = ops.cast(seen[2] >= self.interval, "float32")
        move = ops.sign(seen[0] / seen[1] - self.target) * seen[1] / self.images
        p = ops.convert_to_tensor(self.probability) + full * move
        self.probability.assign(ops.clip(p, 0.0, 1.0))
        self.seen.assign((1.0 - full) * seen)

    def _chosen(self, x, changed):
        coin = self.generator.uniform((ops.shape(x)[0], 1, 1, 1))
        return ops.where(coin < self.probability, changed, x)

    def get_config(self):
        config = {
            "target": self.target,
            "images": self.images,
            "interval": self.interval,
        }
        return {**super().get_config(), **config}

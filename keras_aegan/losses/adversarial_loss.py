"""What all adversarial losses share."""

from keras import ops


class AdversarialLoss:
    """Both sides of a game between a discriminator and a generator (abstract).

    A subclass is two formulas, each from logits to a loss per sample:
    `discriminator(real, fake)` and `generator(fake, real)`. With several
    sources of fakes, of logits `f_k`, the players minimise

    `discriminator_loss = sum_k w_k mean(discriminator(r, f_k)) / sum_k w_k`
    `generator_loss = sum_k v_k mean(generator(f_k, r))`

    so that real samples weigh as much as all fakes together, and each source
    pulls its generator as if it were alone.

    Args:
        fake_weights: Sequence of non-negative floats `w_k`, one for each
            source of fakes, or `None` for 1 each.
        generator_weights: The same of `v_k`, or `None` for `fake_weights`. A
            source whose weights are both 0 is not judged.

    Class attributes:
        compares: Boolean, whether `generator` looks at the real logits.
        boundary: The logit between real and fake, or `None` if only
            differences of logits count.
        needs_bounded_critic: Boolean, whether the discriminator's loss has a
            minimum only if its gradient norm is bounded.

    Raises:
        ValueError: if a weight is negative or all of them are 0.

    Example:

    >>> from keras_aegan.losses import NonSaturating
    >>> loss = NonSaturating()
    >>> round(float(loss.discriminator_loss([0.0], [[0.0]])), 4)
    1.3863
    """

    compares = False
    boundary = 0.0
    needs_bounded_critic = False

    def __init__(self, fake_weights=None, generator_weights=None):
        self.fake_weights = _checked("fake_weights", fake_weights)
        self.generator_weights = _checked(
            "generator_weights", generator_weights
        )

    def discriminator(self, real, fake):
        """The discriminator's loss per sample, from two tensors of logits."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `discriminator`."
        )

    def generator(self, fake, real):
        """The generator's loss per sample, from two tensors of logits."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `generator`."
        )

    def swapped(self, logits):
        """Logits as they would be if real and fake changed places."""
        return -logits

    def weights_for(self, sources):
        """Both sides' weights of `sources` sources of fakes, two tuples."""
        ones = (1.0,) * sources
        discriminator = self.fake_weights or ones
        generator = self.generator_weights or discriminator
        if {len(discriminator), len(generator)} != {sources}:
            raise ValueError(
                f"An adversarial loss must have one weight for each of the "
                f"{sources} sources of fakes. Received: "
                f"fake_weights={self.fake_weights}, "
                f"generator_weights={self.generator_weights}"
            )
        return discriminator, generator

    def discriminator_loss(self, real, fakes):
        """The discriminator's scalar loss, in float32.

        Args:
            real: Logits of real samples, any shape.
            fakes: Sequence of logits, one tensor for each source; `None` is
                allowed where the source's weight is 0.
        """
        weights, _ = self.weights_for(len(fakes))
        real = _float32(real)
        terms = [
            weight * ops.mean(self.discriminator(real, _float32(fake)))
            for weight, fake in zip(weights, fakes)
            if weight
        ]
        return sum(terms) / sum(weights)

    def generator_loss(self, fakes, real=None):
        """The generator's scalar loss, in float32.

        Args:
            fakes: Sequence of logits, one tensor for each source; `None` is
                allowed where the source's weight is 0.
            real: Logits of real samples; needed if `compares` is true.
        """
        _, weights = self.weights_for(len(fakes))
        real = None if real is None else _float32(real)
        terms = [
            weight * ops.mean(self.generator(_float32(fake), real))
            for weight, fake in zip(weights, fakes)
            if weight
        ]
        return sum(terms)

    def get_config(self):
        return {
            "fake_weights": self.fake_weights,
            "generator_weights": self.generator_weights,
        }

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class LabelledLoss(AdversarialLoss):
    """An adversarial loss that pulls logits towards labels (abstract).

    Args:
        real_label: Float in [0, 1], the discriminator's target for real
            samples; below 1 it is smoothed.
        fake_label: Float in [0, 1], its target for fakes.
        fake_weights: See `AdversarialLoss`.
        generator_weights: See `AdversarialLoss`.

    Raises:
        ValueError: if a label is outside [0, 1].

    Example:

    >>> from keras_aegan.losses import NonSaturating
    >>> NonSaturating(real_label=0.9).real_label
    0.9
    """

    def __init__(
        self,
        real_label=1.0,
        fake_label=0.0,
        fake_weights=None,
        generator_weights=None,
    ):
        super().__init__(fake_weights, generator_weights)
        if not (0 <= real_label <= 1 and 0 <= fake_label <= 1):
            raise ValueError(
                "`real_label` and `fake_label` must be in [0, 1]. Received: "
                f"real_label={real_label}, fake_label={fake_label}"
            )
        self.real_label = real_label
        self.fake_label = fake_label

    def get_config(self):
        config = {"real_label": self.real_label, "fake_label": self.fake_label}
        return {**super().get_config(), **config}


def _checked(argument, weights):
    if weights is None:
        return None
    weights = tuple(weights)
    if min(weights, default=0) < 0 or not any(weights):
        raise ValueError(
            f"`{argument}` must not be negative, nor all 0. "
            f"Received: {argument}={weights}"
        )
    return weights


def _float32(logits):
    return ops.cast(logits, "float32")


def cross_entropy(logits, label):
    """`softplus(logits) - label * logits`: the binary cross-entropy."""
    return ops.softplus(logits) - label * logits

"""What all adversarial losses have in common."""

from collections.abc import Sequence

from keras import ops

from keras_aegan.arrays import check_same_shape
from keras_aegan.arrays import weigh
from keras_aegan.validation import check_number


class AdversarialLoss:
    """The losses of a discriminator and of its generators (abstract).

    A subclass is formulas from logits to a loss per sample: `on_real(real)`
    and `on_fake(fake)`, the sum of which is `discriminator(real, fake)`, or
    that one itself if it compares; and `generator(fake, real)`. With several
    sources of fakes, of logits `f_k`, the players minimise

    `discriminator_loss = sum_k w_k mean(discriminator(r, f_k)) / sum_k w_k`
    `generator_loss = sum_k v_k mean(generator(f_k, r))`

    so that real samples weigh as much as all fakes together, and each source
    trains its generator as if it were the only one.

    Args:
        fake_weights: Sequence of non-negative floats `w_k`, one for each
            source of fakes, or `None` for 1 each.
        generator_weights: The same of `v_k`, or `None` for `fake_weights`.
            The discriminator is not called on a source whose weights are
            both 0.

    Class attributes:
        compares: Boolean, whether `generator` depends on the real logits.
        boundary: Float, the logit between real and fake, or `None` if only
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
    boundary: float | None = 0.0
    needs_bounded_critic = False

    def __init__(
        self,
        fake_weights: Sequence[float] | None = None,
        generator_weights: Sequence[float] | None = None,
    ):
        self.fake_weights = _check_weights("fake_weights", fake_weights)
        self.generator_weights = _check_weights(
            "generator_weights", generator_weights
        )

    def on_real(self, real):
        """The part of the discriminator's loss that real samples have."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `on_real` and `on_fake`, "
            "or `discriminator`."
        )

    def on_fake(self, fake):
        """The part of the discriminator's loss that fakes have."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `on_real` and `on_fake`, "
            "or `discriminator`."
        )

    def discriminator(self, real, fake):
        """The discriminator's loss per sample, from two tensors of logits."""
        return self.on_real(real) + self.on_fake(fake)

    def generator(self, fake, real):
        """The generator's loss per sample, from two tensors of logits."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `generator`."
        )

    def swapped(self, logits):
        """The logits of a discriminator with real and fake interchanged."""
        return -logits

    def weights_for(self, sources: int) -> tuple[tuple, tuple]:
        """The weights of the sources of fakes.

        Args:
            sources: Positive integer, how many sources there are.

        Returns:
            Two tuples of floats, those of the discriminator's and of the
            generator's loss.

        Raises:
            ValueError: if this loss has weights for another number of them.
        """
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

    def discriminator_loss(self, real, fakes: Sequence, sample_weight=None):
        """The discriminator's scalar loss, in float32.

        Args:
            real: Logits of real samples, any shape.
            fakes: Sequence of logits, one tensor of the same shape for each
                source; `None` is allowed where the source's weight is 0.
            sample_weight: Tensor `(batch_size,)`, the weights of the real
                samples, or `None`. Fakes are not weighed, but where they are
                compared, the pair has the weight of its real sample.

        Raises:
            ValueError: if the shapes differ, or samples of a loss that has
                neither `compares` nor `on_real` are to be weighed.
        """
        weights, _ = self.weights_for(len(fakes))
        real = _float32(real)
        terms = [
            weight
            * ops.mean(self._weighed(real, _paired(fake, real), sample_weight))
            for weight, fake in zip(weights, fakes)
            if weight
        ]
        return sum(terms) / sum(weights)

    def _weighed(self, real, fake, sample_weight):
        """The discriminator's loss per sample, real samples weighed."""
        if sample_weight is None or self.compares:
            return weigh(self.discriminator(real, fake), sample_weight)
        if type(self).on_real is AdversarialLoss.on_real:
            raise ValueError(
                f"{type(self).__name__} cannot weigh samples: its formula is "
                "one for real samples and fakes. Give it two, `on_real` and "
                "`on_fake`, in place of `discriminator`. "
                "Received: sample_weight or class_weight"
            )
        return weigh(self.on_real(real), sample_weight) + self.on_fake(fake)

    def generator_loss(self, fakes: Sequence, real=None, sample_weight=None):
        """The generator's scalar loss, in float32.

        Args:
            fakes: Sequence of logits, one tensor for each source; `None` is
                allowed where the source's weight is 0.
            real: Logits of real samples, of the same shape; needed if
                `compares` is true.
            sample_weight: Tensor `(batch_size,)`, the weights of the real
                samples that fakes are compared with, or `None`.

        Raises:
            ValueError: if the shapes differ.
        """
        _, weights = self.weights_for(len(fakes))
        real = None if real is None else _float32(real)
        terms = [
            weight
            * ops.mean(
                weigh(self.generator(_paired(fake, real), real), sample_weight)
            )
            for weight, fake in zip(weights, fakes)
            if weight
        ]
        return sum(terms)

    def get_config(self) -> dict:
        return {
            "fake_weights": self.fake_weights,
            "generator_weights": self.generator_weights,
        }

    @classmethod
    def from_config(cls, config: dict):
        return cls(**config)


class LabelledLoss(AdversarialLoss):
    """An adversarial loss with a label for each of real and fake (abstract).

    Args:
        real_label: Float in [0, 1], the discriminator's target for real
            samples; below 1 for label smoothing.
        fake_label: Float in [0, 1], its target for fakes.
        fake_weights: See `AdversarialLoss`.
        generator_weights: See `AdversarialLoss`.

    Raises:
        ValueError: if a label is outside [0, 1], a weight is negative or all
            weights are 0.

    Example:

    >>> from keras_aegan.losses import NonSaturating
    >>> NonSaturating(real_label=0.9).real_label
    0.9
    """

    def __init__(
        self,
        real_label: float = 1.0,
        fake_label: float = 0.0,
        fake_weights: Sequence[float] | None = None,
        generator_weights: Sequence[float] | None = None,
    ):
        super().__init__(fake_weights, generator_weights)
        self.real_label = check_number("real_label", real_label, 0, 1)
        self.fake_label = check_number("fake_label", fake_label, 0, 1)

    def get_config(self) -> dict:
        config = {"real_label": self.real_label, "fake_label": self.fake_label}
        return {**super().get_config(), **config}


def _check_weights(name, weights):
    if weights is None:
        return None
    weights = tuple(check_number(name, weight, 0) for weight in weights)
    if not any(weights):
        raise ValueError(
            f"`{name}` must not be all 0. Received: {name}={weights}"
        )
    return weights


def _float32(logits):
    return ops.cast(logits, "float32")


def _paired(fake, real):
    """Logits of fakes, which must have the shape of those of real samples."""
    fake = _float32(fake)
    if real is not None:
        check_same_shape(("real", "fake"), real, fake)
    return fake


def cross_entropy(logits, label: float):
    """`softplus(logits) - label * logits`: the binary cross-entropy."""
    return ops.softplus(logits) - label * logits

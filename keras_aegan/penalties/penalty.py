"""What all penalties have in common."""

from collections.abc import Callable
from collections.abc import Collection
from typing import TypeAlias

import keras
from keras import ops
from keras.optimizers.schedules import LearningRateSchedule

from keras_aegan import backend
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number

Weight: TypeAlias = float | LearningRateSchedule


@keras.saving.register_keras_serializable(package="keras_aegan")
class Penalty(keras.layers.Layer):
    """A regulariser of a player, such as a gradient penalty (abstract).

    `model.compile(penalties={"discriminator": [R1(10.0)]})` adds it to the
    loss of that player and to the logs, as `discriminator_r1`.

    A penalty on discriminators implements `penalize`, one on the weights of
    any player `total`. It may hold weights and a random generator, which are
    saved with the model.

    Args:
        weight: Non-negative float, or a
            `keras.optimizers.schedules.LearningRateSchedule` of the step, the
            factor of the penalty.
        interval: Positive integer k. The penalty is computed in every k-th
            step only, from the first on, and multiplied by k there, so that
            the other steps are cheaper ("lazy"). Validation computes it on
            every batch. k above 1 needs `steps_per_execution=1`.
        **kwargs: Arguments of `keras.layers.Layer`.

    Class attribute:
        label: String, the end of its name in the logs.

    Raises:
        ValueError: if `weight` is neither a schedule nor a non-negative
            number, or `interval` is not a positive integer.

    Example:

    >>> class SmallLogits(Penalty):
    ...     label = "small_logits"
    ...     def penalize(self, discrimination):
    ...         real, _ = discrimination.logits()
    ...         return keras.ops.mean(real**2)
    >>> SmallLogits(0.1, interval=16).interval
    16

    Reference: for `interval`, Karras et al. 2020, arXiv:1912.04958, section
    3.1 and appendix B. There lazy penalties have optimizer steps of their
    own, for which Adam's settings are corrected; here they are part of the
    loss of an ordinary step, so no correction is needed.
    """

    label = "penalty"

    def __init__(self, weight: Weight, interval: int = 1, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.weight = _check_weight(weight)
        self.interval = check_integer("interval", interval)
        self.built = True

    def build_for(self, variables: list) -> None:
        """Create weights that depend on the player; `compile` calls it.

        Args:
            variables: List of the player's trainable variables.
        """

    def penalize(self, discrimination):
        """The penalty on one discriminator, before its weight.

        Args:
            discrimination: The discriminator with a batch of samples. It has
                the function `critic` from samples to logits, the `real`
                samples, a list `fakes` with those of each source that is
                judged, whose weight in the adversarial loss is not 0, and
                `logits()`, which returns the logits of `real` and a list with
                those of `fakes`.

        Returns:
            Scalar tensor, float32.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement `penalize`."
        )

    def total(self, discriminations: list, variables: list):
        """The penalty on a player, before its weight.

        By default it is the sum of `penalize` over its discriminators.

        Args:
            discriminations: List of the discriminations that the player's
                networks take part in as discriminators, see `penalize`.
            variables: List of the player's trainable variables.

        Returns:
            Scalar tensor, float32.

        Raises:
            ValueError: if there are none, so that it would have no effect.
        """
        if not discriminations:
            raise ValueError(
                f"{type(self).__name__} is a penalty on logits and must be "
                "given to a player who owns a discriminator, one that `play` "
                "passes to `discriminate`. Received: a player without any, "
                f"in `penalties={{...: {type(self).__name__}(...)}}`"
            )
        return sum(self.penalize(each) for each in discriminations)

    def multiplier(self, due: Collection[int] | None) -> int:
        """The factor of the penalty in a step, 0 where it is left out.

        Args:
            due: Collection of the intervals that are due in this step, or
                `None` for a factor of 1, as in validation.
        """
        if due is None or self.interval == 1:
            return 1
        return self.interval if self.interval in due else 0

    def call(self, discriminations, variables=(), step=0):
        weight = self.weight
        if isinstance(weight, LearningRateSchedule):
            weight = ops.cast(weight(step), "float32")
        return weight * self.total(discriminations, variables)

    def get_config(self) -> dict:
        weight = keras.saving.serialize_keras_object(self.weight)
        config = {"weight": weight, "interval": self.interval}
        return {**super().get_config(), **config}


def _check_weight(weight):
    if isinstance(weight, dict):
        weight = keras.saving.deserialize_keras_object(weight)
    if isinstance(weight, LearningRateSchedule):
        return weight
    return check_number("weight", weight, 0)


def detach(samples):
    """Samples in float32 through which no gradient flows to the generator.

    Args:
        samples: Tensor, or tuple of tensors.
    """
    return keras.tree.map_structure(
        lambda x: ops.stop_gradient(ops.cast(x, "float32")), samples
    )


def squared_gradient_norm(critic: Callable, u):
    """Squared norms of the critic's gradient, one for each sample.

    Args:
        critic: Function from samples to logits, each logit of one sample.
        u: Tensor, or tuple of tensors, `(batch_size, ...)`.

    Returns:
        Tensor `(batch_size,)`, itself differentiable.
    """
    gradients = keras.tree.flatten(backend.input_gradient(critic, u))
    return sum(
        ops.sum(ops.square(g), axis=tuple(range(1, len(g.shape))))
        for g in gradients
    )


def interpolate(first, second, fraction):
    """`fraction * first + (1 - fraction) * second`.

    Args:
        first: Tensor, or tuple of tensors, `(batch_size, ...)`.
        second: The same.
        fraction: Tensor `(batch_size,)`.
    """

    def mix(a, b):
        factor = ops.reshape(fraction, (-1, *[1] * (len(a.shape) - 1)))
        return factor * a + (1.0 - factor) * b

    return keras.tree.map_structure(mix, first, second)

"""What all penalties on discriminators share."""

import keras
from keras import ops

from keras_aegan import backend

_Schedule = keras.optimizers.schedules.LearningRateSchedule


@keras.saving.register_keras_serializable(package="keras_aegan")
class Penalty(keras.layers.Layer):
    """A term that keeps a discriminator tame (abstract).

    `model.compile(penalties={"discriminator": [R1(10.0)]})` adds it to the
    loss of the player who owns the discriminator and to the logs, as
    `discriminator_r1`. A subclass implements `penalize`. It may hold weights
    and a random generator, which are saved with the model.

    Args:
        weight: Non-negative float, or a
            `keras.optimizers.schedules.LearningRateSchedule` of the step, the
            factor of the penalty.
        interval: Positive integer k. The penalty is computed in every k-th
            step only, from the first on, and counts k times there, so that
            steps in between are cheaper ("lazy"). Validation computes it on
            every batch. k above 1 needs `steps_per_execution=1`.

    Class attribute:
        label: String, the end of its name in the logs.

    Raises:
        ValueError: if `weight` is negative or neither number nor schedule, or
            `interval` is not a positive integer.

    Example:

    >>> class SmallLogits(Penalty):
    ...     label = "small_logits"
    ...     def penalize(self, discrimination):
    ...         real, _ = discrimination.logits()
    ...         return keras.ops.mean(real**2)
    >>> SmallLogits(0.1, interval=16).interval
    16

    Reference: of `interval`, Karras et al. 2020, arXiv:1912.04958, section 3.1
    and appendix B. There a lazy penalty has moves of Adam of its own, whose
    settings are corrected for them; here it is part of the step's only loss,
    so there is nothing to correct.
    """

    label = "penalty"

    def __init__(self, weight, interval=1, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        if not isinstance(interval, int) or interval < 1:
            raise ValueError(
                "`interval` must be a positive integer. "
                f"Received: interval={interval!r}"
            )
        self.weight = _checked_weight(weight)
        self.interval = interval
        self.built = True

    def build_for(self, variables):
        """Called by `compile`, with the player's trainable variables."""

    def penalize(self, discrimination):
        """The penalty before its weight, a scalar.

        Args:
            discrimination: The discriminator (`discrimination.critic(u)`), what it judges
                (`discrimination.real`, the list `discrimination.fakes`) and its logits
                (`discrimination.logits()`, real and a list of fakes).
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement `penalize`."
        )

    def total(self, discriminations, variables):
        """The penalty before its weight, over all that a player does.

        Args:
            discriminations: List of those of the player's networks.
            variables: List of the player's trainable variables.
        """
        penalties = [self.penalize(each) for each in discriminations]
        return sum(penalties, ops.zeros(()))

    def multiplier(self, due):
        """How many times the penalty counts in a step.

        Args:
            due: Intervals that end with this step, or `None` for all of
                length 1.
        """
        if due is None or self.interval == 1:
            return 1
        return self.interval if self.interval in due else 0

    def call(self, discriminations, variables=(), step=0):
        weight = self.weight
        if isinstance(weight, _Schedule):
            weight = ops.cast(weight(step), "float32")
        return weight * self.total(discriminations, variables)

    def get_config(self):
        weight = keras.saving.serialize_keras_object(self.weight)
        config = {"weight": weight, "interval": self.interval}
        return {**super().get_config(), **config}


def _checked_weight(weight):
    if isinstance(weight, dict):
        weight = keras.saving.deserialize_keras_object(weight)
    if not isinstance(weight, _Schedule):
        number = isinstance(weight, (int, float))
        if not number or not weight >= 0:
            raise ValueError(
                "`weight` must be a non-negative number or a `keras."
                "optimizers.schedules.LearningRateSchedule`. "
                f"Received: weight={weight!r}"
            )
    return weight


def constant(u):
    """Samples as a penalty sees them: numbers that nobody learns from."""
    return keras.tree.map_structure(
        lambda x: ops.stop_gradient(ops.cast(x, "float32")), u
    )


def squared_gradient_norm(critic, u):
    """Squared norms of the critic's gradient, one for each sample.

    Args:
        critic: Function from samples to logits, each from its own sample.
        u: Tensor, or tuple of tensors, `(batch_size, ...)`.

    Returns:
        Tensor `(batch_size,)`, differentiable again.
    """
    gradients = keras.tree.flatten(backend.input_gradient(critic, u))
    return sum(
        ops.sum(ops.square(g), axis=tuple(range(1, len(g.shape))))
        for g in gradients
    )


def interpolate(first, second, share):
    """`share * first + (1 - share) * second`, `share` one for each sample."""

    def mix(a, b):
        factor = ops.reshape(share, (-1, *[1] * (len(a.shape) - 1)))
        return factor * a + (1.0 - factor) * b

    return keras.tree.map_structure(mix, first, second)

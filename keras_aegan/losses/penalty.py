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

    Class attribute:
        label: String, the end of its name in the logs.

    Raises:
        ValueError: if `weight` is negative or neither number nor schedule.

    Example:

    >>> class SmallLogits(Penalty):
    ...     label = "small_logits"
    ...     def penalize(self, contest):
    ...         real, _ = contest.logits()
    ...         return keras.ops.mean(real**2)
    >>> SmallLogits(0.1).weight
    0.1
    """

    label = "penalty"

    def __init__(self, weight, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.weight = _checked_weight(weight)
        self.built = True

    def penalize(self, contest):
        """The penalty before its weight, a scalar.

        Args:
            contest: The discriminator (`contest.critic(u)`), what it judges
                (`contest.real`, the list `contest.fakes`) and its logits
                (`contest.logits()`, real and a list of fakes).
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement `penalize`."
        )

    def call(self, contest, step=0):
        weight = self.weight
        if isinstance(weight, _Schedule):
            weight = ops.cast(weight(step), "float32")
        return weight * self.penalize(contest)

    def get_config(self):
        weight = keras.saving.serialize_keras_object(self.weight)
        return {**super().get_config(), "weight": weight}


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


def squared_slope(critic, u):
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


def between(first, second, share):
    """`share * first + (1 - share) * second`, `share` one for each sample."""

    def mix(a, b):
        factor = ops.reshape(share, (-1, *[1] * (len(a.shape) - 1)))
        return factor * a + (1.0 - factor) * b

    return keras.tree.map_structure(mix, first, second)

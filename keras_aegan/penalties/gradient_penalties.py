"""Penalties on a discriminator's slope with respect to its input."""

import keras
from keras import ops

from keras_aegan.penalties.penalty import Penalty
from keras_aegan.penalties.penalty import constant
from keras_aegan.penalties.penalty import interpolate
from keras_aegan.penalties.penalty import squared_gradient_norm
from keras_aegan.random import RandomGenerator


@keras.saving.register_keras_serializable(package="keras_aegan")
class GradientPenalty(Penalty):
    """Slopes of a given size between real samples and fakes.

    `weight * mean((|grad D(u)| - target)^2)`, `u = a x + (1 - a) x_hat`, with
    `a` uniform in [0, 1) for each sample; the mean over all sources of fakes.

    Args:
        weight: Non-negative float, lambda in the paper.
        target: Non-negative float, the slope wanted; 0 gives the zero-centred
            penalty on interpolations.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.
        **kwargs: `interval`, as of `Penalty`, and a Keras layer's own.

    Raises:
        ValueError: if `weight` or `target` is negative.

    Example:

    >>> GradientPenalty(10.0).target
    1.0

    Reference: Gulrajani et al. 2017, arXiv:1704.00028, equation 3. The root
    is taken of the squares' sum plus 1e-12, so that it has a slope at 0.
    """

    label = "gradient_penalty"

    def __init__(self, weight=10.0, target=1.0, seed=None, **kwargs):
        super().__init__(weight, **kwargs)
        if not target >= 0:
            raise ValueError(
                f"`target` must not be negative. Received: target={target!r}"
            )
        self.target = target
        self.seed = seed
        self.generator = RandomGenerator(seed)

    def penalize(self, discrimination):
        real = constant(discrimination.real)
        size = ops.shape(keras.tree.flatten(real)[0])[0]
        penalties = []
        for fake in discrimination.fakes:
            share = self.generator.uniform((size,))
            u = interpolate(real, constant(fake), share)
            penalties.append(
                _missed(squared_gradient_norm(discrimination.critic, u), self)
            )
        return sum(penalties) / len(penalties)

    def get_config(self):
        config = {"target": self.target, "seed": self.seed}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="keras_aegan")
class DRAGAN(Penalty):
    """Slopes of size 1 in the neighbourhood of real samples.

    `weight * mean((|grad D(v)| - 1)^2)`, `v = x + a (x_p - x)`,
    `x_p = x + scale * std(x) * u`, with `a` uniform for each sample and `u`
    for each number in [0, 1), and `std` of the whole batch.

    Args:
        weight: Non-negative float, lambda in the paper.
        scale: Positive float, the neighbourhood's size in deviations.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.
        **kwargs: `interval`, as of `Penalty`, and a Keras layer's own.

    Raises:
        ValueError: if `weight` is negative or `scale` not positive.

    Example:

    >>> DRAGAN().weight
    10.0

    Reference: Kodali et al. 2017, arXiv:1705.07215, section 2.3, with the
    noise of the authors' program.
    """

    label = "dragan"

    def __init__(self, weight=10.0, scale=0.5, seed=None, **kwargs):
        super().__init__(weight, **kwargs)
        if not scale > 0:
            raise ValueError(
                f"`scale` must be positive. Received: scale={scale!r}"
            )
        self.scale = scale
        self.target = 1.0
        self.seed = seed
        self.generator = RandomGenerator(seed)

    def penalize(self, discrimination):
        real = constant(discrimination.real)
        size = ops.shape(keras.tree.flatten(real)[0])[0]

        def move(x):
            noise = self.generator.uniform(ops.shape(x))
            return x + self.scale * ops.std(x) * noise

        moved = keras.tree.map_structure(move, real)
        v = interpolate(moved, real, self.generator.uniform((size,)))
        return _missed(squared_gradient_norm(discrimination.critic, v), self)

    def get_config(self):
        config = {"scale": self.scale, "seed": self.seed}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="keras_aegan")
class R1(Penalty):
    """Flat discriminators at real samples.

    `weight / 2 * mean |grad D(x)|^2`

    Args:
        weight: Non-negative float, gamma in the paper; 10 for images in
            [-1, 1], less for small ones.
        **kwargs: `interval`, as of `Penalty`, and a Keras layer's own.

    Raises:
        ValueError: if `weight` is negative.

    Example:

    >>> R1(0.1).weight
    0.1

    Reference: Mescheder et al. 2018, arXiv:1801.04406, equation 9.
    """

    label = "r1"

    def __init__(self, weight=10.0, **kwargs):
        super().__init__(weight, **kwargs)

    def penalize(self, discrimination):
        real = constant(discrimination.real)
        return 0.5 * ops.mean(
            squared_gradient_norm(discrimination.critic, real)
        )


@keras.saving.register_keras_serializable(package="keras_aegan")
class R2(Penalty):
    """Flat discriminators at fakes.

    `weight / 2 * mean |grad D(x_hat)|^2`, the mean over all sources of fakes.

    Args:
        weight: Non-negative float, gamma in the paper.
        **kwargs: `interval`, as of `Penalty`, and a Keras layer's own.

    Raises:
        ValueError: if `weight` is negative.

    Example:

    >>> R2(0.1).weight
    0.1

    Reference: Mescheder et al. 2018, arXiv:1801.04406, equation 10.
    """

    label = "r2"

    def __init__(self, weight=10.0, **kwargs):
        super().__init__(weight, **kwargs)

    def penalize(self, discrimination):
        slopes = [
            ops.mean(
                squared_gradient_norm(discrimination.critic, constant(fake))
            )
            for fake in discrimination.fakes
        ]
        return 0.5 * sum(slopes) / len(slopes)


def _missed(squares, penalty):
    """Mean squared distance of slopes to the penalty's target."""
    slopes = ops.sqrt(squares + 1e-12)
    return ops.mean(ops.square(slopes - penalty.target))

"""Penalties on the gradient of a discriminator at its inputs."""

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.penalties.penalty import Penalty
from keras_aegan.penalties.penalty import Weight
from keras_aegan.penalties.penalty import detach
from keras_aegan.penalties.penalty import interpolate
from keras_aegan.penalties.penalty import squared_gradient_norm
from keras_aegan.random import RandomGenerator
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class GradientPenalty(Penalty):
    """Gradients of a given norm between real samples and fakes.

    `weight * mean((|grad D(u)| - target)^2)`, `u = a x + (1 - a) x_hat`, with
    `a` uniform in [0, 1) for each sample; the mean over all sources of fakes
    that the adversarial loss judges.

    Args:
        weight: Non-negative float, lambda in the paper.
        target: Non-negative float, the norm wanted; 0 gives the zero-centred
            penalty on interpolations.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` or `target` is negative.

    Example:

    >>> GradientPenalty(10.0).target
    1.0

    Reference: Gulrajani et al. 2017, arXiv:1704.00028, equation 3. The norm
    is the root of the sum of squares plus 1e-12, which is differentiable at
    0.
    """

    label = "gradient_penalty"

    def __init__(
        self,
        weight: Weight = 10.0,
        target: float = 1.0,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(weight, **kwargs)
        self.target = check_number("target", target, 0)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed

    def penalize(self, discrimination):
        real = detach(discrimination.real)
        size = ops.shape(keras.tree.flatten(real)[0])[0]
        penalties = []
        for fake in discrimination.fakes:
            fraction = self.generator.uniform((size,))
            u = interpolate(real, detach(fake), fraction)
            squares = squared_gradient_norm(discrimination.critic, u)
            penalties.append(_squared_error(squares, self.target))
        return sum(penalties) / len(penalties)

    def get_config(self) -> dict:
        config = {"target": self.target, "seed": self.seed}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="keras_aegan")
class DRAGAN(Penalty):
    """Gradients of norm 1 in the neighbourhood of real samples.

    `weight * mean((|grad D(v)| - 1)^2)`, `v = x + a (x_p - x)`,
    `x_p = x + scale * std(x) * u`, with `a` uniform in [0, 1) for each
    sample, `u` for each number, and `std` that of the whole batch.

    Args:
        weight: Non-negative float, lambda in the paper.
        scale: Positive float, the size of the neighbourhood in standard
            deviations.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative or `scale` not positive.

    Example:

    >>> DRAGAN().weight
    10.0

    Reference: Kodali et al. 2017, arXiv:1705.07215, section 2.3, with the
    noise of the authors' program.
    """

    label = "dragan"

    def __init__(
        self,
        weight: Weight = 10.0,
        scale: float = 0.5,
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(weight, **kwargs)
        self.scale = check_number("scale", scale, 0, open_ends="lower")
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed

    def penalize(self, discrimination):
        real = detach(discrimination.real)
        size = ops.shape(keras.tree.flatten(real)[0])[0]

        def perturb(x):
            noise = self.generator.uniform(ops.shape(x))
            deviation = ops.std(replicas.whole_batch(x))
            return x + self.scale * deviation * noise

        perturbed = keras.tree.map_structure(perturb, real)
        v = interpolate(perturbed, real, self.generator.uniform((size,)))
        squares = squared_gradient_norm(discrimination.critic, v)
        return _squared_error(squares, 1.0)

    def get_config(self) -> dict:
        config = {"scale": self.scale, "seed": self.seed}
        return {**super().get_config(), **config}


@keras.saving.register_keras_serializable(package="keras_aegan")
class R1(Penalty):
    """Zero-centred gradients at real samples.

    `weight / 2 * mean |grad D(x)|^2`

    Args:
        weight: Non-negative float, gamma in the paper; 10 for images in
            [-1, 1], less for small ones.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative.

    Example:

    >>> R1(0.1).weight
    0.1

    Reference: Mescheder et al. 2018, arXiv:1801.04406, equation 9.
    """

    label = "r1"

    def __init__(self, weight: Weight = 10.0, **kwargs):
        super().__init__(weight, **kwargs)

    def penalize(self, discrimination):
        real = detach(discrimination.real)
        return 0.5 * ops.mean(
            squared_gradient_norm(discrimination.critic, real)
        )


@keras.saving.register_keras_serializable(package="keras_aegan")
class R2(Penalty):
    """Zero-centred gradients at fakes.

    `weight / 2 * mean |grad D(x_hat)|^2`, the mean over all sources of fakes
    that the adversarial loss judges.

    Args:
        weight: Non-negative float, gamma in the paper.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative.

    Example:

    >>> R2(0.1).weight
    0.1

    Reference: Mescheder et al. 2018, arXiv:1801.04406, equation 10.
    """

    label = "r2"

    def __init__(self, weight: Weight = 10.0, **kwargs):
        super().__init__(weight, **kwargs)

    def penalize(self, discrimination):
        penalties = [
            ops.mean(squared_gradient_norm(discrimination.critic, detach(fake)))
            for fake in discrimination.fakes
        ]
        return 0.5 * sum(penalties) / len(penalties)


def _squared_error(squares, target):
    """Mean squared distance of gradient norms to a target."""
    norms = ops.sqrt(squares + 1e-12)
    return ops.mean(ops.square(norms - target))

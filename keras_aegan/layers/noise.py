"""Dropout and Gaussian noise with the random numbers of this package.

Keras has layers of the same names. Those here take their numbers from
`keras_aegan.random`: they are equal on all backends, continue after a resume,
and steps with them can be recorded on PyTorch.
"""

import math

import keras
from keras import ops

from keras_aegan.random import RandomGenerator
from keras_aegan.validation import check_number


class _Noise(keras.layers.Layer):
    """Noise in training, none at inference (abstract).

    A subclass implements `_perturb`.
    """

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed
        self.supports_masking = True
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def call(self, inputs, training: bool | None = None):
        return self._perturb(inputs) if training else inputs

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}

    def _normal_like(self, inputs):
        return ops.cast(self.generator.normal(ops.shape(inputs)), inputs.dtype)


class _NoiseWithRate(_Noise):
    """Noise of an amount that is a rate in [0, 1) (abstract)."""

    def __init__(self, rate: float, seed: int | None = None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate = check_number("rate", rate, 0, 1, open_ends="upper")

    def get_config(self) -> dict:
        return {**super().get_config(), "rate": self.rate}


@keras.saving.register_keras_serializable(package="keras_aegan")
class GaussianNoise(_Noise):
    """Adds noise from N(0, stddev^2) in training: `y = x + stddev * e`.

    Like `keras.layers.GaussianNoise`, but with random numbers that are equal
    on every backend and continue after a resume.

    Args:
        stddev: Non-negative float, in the units of the input.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `stddev` is negative.

    Input and output shape: any, `(batch_size, ...)`.

    Example:

    >>> x = keras.ops.zeros((2, 3))
    >>> GaussianNoise(0.1)(x, training=True).shape
    (2, 3)
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs):
        super().__init__(seed, **kwargs)
        self.stddev = check_number("stddev", stddev, 0)

    def _perturb(self, inputs):
        if self.stddev == 0:
            return inputs
        return inputs + self.stddev * self._normal_like(inputs)

    def get_config(self) -> dict:
        return {**super().get_config(), "stddev": self.stddev}


@keras.saving.register_keras_serializable(package="keras_aegan")
class GaussianDropout(_NoiseWithRate):
    """Multiplies by noise from N(1, rate / (1 - rate)) in training.

    Like `keras.layers.GaussianDropout`, but with random numbers that are equal
    on every backend and continue after a resume.

    Args:
        rate: Float in [0, 1).
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `rate` is outside [0, 1).

    Input and output shape: any, `(batch_size, ...)`.

    Example:

    >>> x = keras.ops.ones((2, 3))
    >>> GaussianDropout(0.1)(x, training=True).shape
    (2, 3)

    Reference: Srivastava et al. 2014, Dropout, section 10.
    """

    def _perturb(self, inputs):
        if self.rate == 0:
            return inputs
        stddev = math.sqrt(self.rate / (1.0 - self.rate))
        return inputs * (1.0 + stddev * self._normal_like(inputs))


@keras.saving.register_keras_serializable(package="keras_aegan")
class Dropout(_NoiseWithRate):
    """Sets random inputs to 0 in training and scales up the others.

    `y = x * keep / (1 - rate)` with `keep` 1 with probability `1 - rate`, else
    0. Like `keras.layers.Dropout`, but with random numbers that are equal on
    every backend and continue after a resume.

    Args:
        rate: Float in [0, 1), the probability of 0.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `rate` is outside [0, 1).

    Input and output shape: any, `(batch_size, ...)`.

    Example:

    >>> x = keras.ops.ones((2, 3))
    >>> Dropout(0.5)(x, training=True).shape
    (2, 3)

    Reference: Srivastava et al. 2014, Dropout, section 4.
    """

    def _perturb(self, inputs):
        if self.rate == 0:
            return inputs
        keep = self.generator.uniform(ops.shape(inputs)) >= self.rate
        return inputs * (ops.cast(keep, inputs.dtype) / (1.0 - self.rate))

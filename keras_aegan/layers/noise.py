"""Noise between layers, the same on every backend."""

import math

import keras
from keras import ops

from keras_aegan.random import RandomGenerator


class _Noise(keras.layers.Layer):
    """What the noise layers share: a rate, a stream, silence at inference."""

    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.generator = RandomGenerator(seed)
        self.supports_masking = True
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}

    def _normal_like(self, inputs):
        return ops.cast(self.generator.normal(ops.shape(inputs)), inputs.dtype)


def _checked_rate(rate):
    if not 0 <= rate < 1:
        raise ValueError(f"`rate` must be in [0, 1). Received: rate={rate!r}")
    return rate


@keras.saving.register_keras_serializable(package="keras_aegan")
class GaussianNoise(_Noise):
    """Add noise from N(0, stddev^2) while training: `y = x + stddev * e`.

    Like `keras.layers.GaussianNoise`, but with numbers that are the same on
    every backend and go on after a resume.

    Args:
        stddev: Float, at least 0, in the units of the input.
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

    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        if not stddev >= 0:
            raise ValueError(
                f"`stddev` must not be negative. Received: stddev={stddev!r}"
            )
        self.stddev = stddev

    def call(self, inputs, training=None):
        if not training or self.stddev == 0:
            return inputs
        return inputs + self.stddev * self._normal_like(inputs)

    def get_config(self):
        return {**super().get_config(), "stddev": self.stddev}


@keras.saving.register_keras_serializable(package="keras_aegan")
class GaussianDropout(_Noise):
    """Multiply by noise from N(1, rate / (1 - rate)) while training.

    Like `keras.layers.GaussianDropout`, but with numbers that are the same on
    every backend and go on after a resume.

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

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate = _checked_rate(rate)

    def call(self, inputs, training=None):
        if not training or self.rate == 0:
            return inputs
        stddev = math.sqrt(self.rate / (1.0 - self.rate))
        return inputs * (1.0 + stddev * self._normal_like(inputs))

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}


@keras.saving.register_keras_serializable(package="keras_aegan")
class Dropout(_Noise):
    """Set a share of the inputs to 0 while training and scale up the rest.

    `y = x * keep / (1 - rate)` with `keep` 1 at probability `1 - rate`. Like
    `keras.layers.Dropout`, but with numbers that are the same on every
    backend and go on after a resume.

    Args:
        rate: Float in [0, 1), the share that is dropped.
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

    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(seed, **kwargs)
        self.rate = _checked_rate(rate)

    def call(self, inputs, training=None):
        if not training or self.rate == 0:
            return inputs
        keep = self.generator.uniform(ops.shape(inputs)) >= self.rate
        return inputs * (ops.cast(keep, inputs.dtype) / (1.0 - self.rate))

    def get_config(self):
        return {**super().get_config(), "rate": self.rate}

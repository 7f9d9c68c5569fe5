"""Native kernels compute what Keras composes, to rounding."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import backend

if keras.backend.backend() == "tensorflow":
    from keras_aegan.backend.tensorflow.kernels import native_kernels
elif keras.backend.backend() == "torch":
    from keras_aegan.backend.torch.kernels import native_kernels
else:
    # XLA fuses what Keras composes of many operations.
    from contextlib import nullcontext as native_kernels


@pytest.mark.parametrize("shape", [(16, 6), (4, 9, 6), (4, 5, 5, 6)])
@pytest.mark.parametrize("affine", [True, False])
def test_batch_normalization_against_the_formula(shape, affine):
    rng = np.random.default_rng(0)
    x = rng.normal(2.0, 3.0, shape).astype("float32")
    layer = keras.layers.BatchNormalization(
        momentum=0.7, scale=affine, center=affine
    )
    layer.build(shape)
    gamma, beta = np.ones(6), np.zeros(6)
    if affine:
        gamma, beta = rng.normal(size=6), rng.normal(size=6)
        layer.gamma.assign(gamma)
        layer.beta.assign(beta)
    with native_kernels():
        y = layer(x, training=True)
    axes = tuple(range(len(shape) - 1))
    mean, variance = x.mean(axes), x.var(axes)
    expected = (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta
    np.testing.assert_allclose(ops.convert_to_numpy(y), expected, atol=1e-5)
    np.testing.assert_allclose(layer.moving_mean, 0.3 * mean, rtol=1e-4)
    np.testing.assert_allclose(
        layer.moving_variance, 0.7 + 0.3 * variance, rtol=1e-4
    )


@pytest.mark.parametrize("kernel_size", [2, 3, 4, 5])
@pytest.mark.parametrize("strides", [1, 2, 3])
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_transposed_convolution_against_keras(kernel_size, strides, padding):
    x = np.random.default_rng(1).normal(size=(2, 7, 5, 3)).astype("float32")
    layer = keras.layers.Conv2DTranspose(
        4, kernel_size, strides=strides, padding=padding
    )
    expected = ops.convert_to_numpy(layer(x))
    with native_kernels():
        y = ops.convert_to_numpy(layer(x))
    np.testing.assert_allclose(y, expected, atol=1e-5)


@pytest.mark.parametrize("rank", [1, 3])
def test_transposed_convolution_of_other_ranks(rank):
    name = f"Conv{rank}DTranspose"
    layer = getattr(keras.layers, name)(3, 4, strides=2, padding="same")
    x = np.random.default_rng(2).normal(size=(2, *[5] * rank, 2))
    expected = ops.convert_to_numpy(layer(x.astype("float32")))
    with native_kernels():
        y = ops.convert_to_numpy(layer(x.astype("float32")))
    np.testing.assert_allclose(y, expected, atol=1e-5)


def test_adam_against_its_paper():
    """Algorithm 1 of arXiv:1412.6980, with Keras' place of epsilon."""
    rng = np.random.default_rng(3)
    start = rng.normal(size=(3, 2)).astype("float32")
    variable = keras.Variable(start)
    optimizer = keras.optimizers.Adam(1e-2, beta_1=0.5, beta_2=0.9)
    optimizer.build([variable])
    expected = start.astype("float64")
    first = second = np.zeros((3, 2))
    for step in range(1, 6):
        gradient = rng.normal(size=(3, 2)).astype("float32")
        with native_kernels():
            optimizer.apply([ops.convert_to_tensor(gradient)], [variable])
        first = 0.5 * first + 0.5 * gradient
        second = 0.9 * second + 0.1 * gradient**2
        rate = 1e-2 * np.sqrt(1 - 0.9**step) / (1 - 0.5**step)
        expected = expected - rate * first / (np.sqrt(second) + 1e-7)
    np.testing.assert_allclose(variable, expected, rtol=1e-5)


@pytest.mark.parametrize("slope", [0.0, 0.2, 2.0])
def test_leaky_relu_and_its_derivatives(slope):
    """Of the square of `f = max(x, slope x)`: `2 f f'`, and then `2 f'^2`."""
    layer = keras.layers.LeakyReLU(slope)
    x = np.array([[-3.0, -0.5, 0.5, 3.0]], "float32")

    def square(x):
        with native_kernels():
            return ops.square(layer(x))

    def first(x):
        return backend.input_gradient(square, x)

    derivative = np.where(x > 0, 1.0, slope)
    x_tensor = ops.convert_to_tensor(x)
    gradient = ops.convert_to_numpy(first(x_tensor))
    np.testing.assert_allclose(gradient, 2 * x * derivative**2)
    second = backend.input_gradient(first, x_tensor)
    np.testing.assert_allclose(ops.convert_to_numpy(second), 2 * derivative**2)


QUIET = """
import numpy as np
from keras_aegan.models import GAN
model = GAN.for_shape((8, 8, 1), latent_dim=2, width=2)
model.compile()
model.fit(np.zeros((8, 8, 8, 1), "float32"), batch_size=4, verbose=0)
"""


def test_training_prints_no_error_of_the_framework():
    """TensorFlow's optimizer of graphs failed on LeakyReLU, and said so."""
    run = subprocess.run(
        [sys.executable, "-c", QUIET],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "0"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    lines = run.stderr.splitlines()
    assert not [line for line in lines if line.startswith("E0")]


def test_keras_is_itself_again_afterwards():
    layer = keras.layers.BatchNormalization
    call, update = layer.call, keras.optimizers.Adam._backend_update_step
    with pytest.raises(RuntimeError), native_kernels():
        raise RuntimeError
    assert layer.call is call
    assert keras.optimizers.Adam._backend_update_step is update

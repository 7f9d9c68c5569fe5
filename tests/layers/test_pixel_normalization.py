"""Pixel normalisation against its formula."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers


def test_formula():
    """x / sqrt(mean(x^2) + epsilon), in NumPy."""
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype("float32")
    expected = x / np.sqrt(np.mean(x**2, -1, keepdims=True) + 1e-2)
    y = ops.convert_to_numpy(layers.PixelNormalization(1e-2)(x))
    np.testing.assert_allclose(y, expected, rtol=1e-5)


def test_zeros_stay_zeros_and_half_precision_does_not_overflow():
    """3e4^2 is beyond float16; equal channels become 1."""
    x = np.array([[0.0, 0.0], [3e4, 3e4]])
    layer = layers.PixelNormalization(dtype="float16")
    y = ops.convert_to_numpy(layer(x.astype("float16")))
    assert y.dtype == "float16"
    np.testing.assert_allclose(y, [[0, 0], [1, 1]], rtol=1e-3)


def test_inside_a_functional_model():
    start = keras.Input((None, 3))
    model = keras.Model(start, layers.PixelNormalization()(start))
    assert model.output_shape == (None, None, 3)


@pytest.mark.parametrize("epsilon", [0, -1e-8])
def test_wrong_arguments(epsilon):
    with pytest.raises(ValueError, match="Received"):
        layers.PixelNormalization(epsilon)

"""The output of rows with numbers and categories."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import softmax

from keras_aegan import layers
from keras_aegan import models

SIZES = [1, 1, 3, 1, 2]


def rows():
    return np.random.default_rng(0).normal(0, 3, (5, 8)).astype("float32")


def test_softmax_in_categories_only():
    """SciPy's softmax over the blocks, and numbers as they were."""
    x = rows()
    y = ops.convert_to_numpy(layers.CategorySoftmax(SIZES)(x))
    expected = x.copy()
    for block in (slice(2, 5), slice(6, 8)):
        expected[:, block] = softmax(x[:, block], axis=1)
    np.testing.assert_allclose(y, expected, rtol=1e-5)
    np.testing.assert_allclose(y[:, 2:5].sum(1), 1, rtol=1e-6)


def test_several_axes():
    x = rows().reshape(5, 1, 8)
    layer = layers.CategorySoftmax(SIZES)
    y = ops.convert_to_numpy(layer(x))[:, 0]
    np.testing.assert_allclose(y, ops.convert_to_numpy(layer(x[:, 0])))


def test_small_probabilities_survive_half_precision():
    """exp(-20) is below what float16 holds."""
    keras.config.set_dtype_policy("mixed_float16")
    y = layers.CategorySoftmax([2])(np.array([[0.0, -20.0]]))
    np.testing.assert_allclose(float(y[0, 1]), np.exp(-20), rtol=1e-4)


@pytest.mark.parametrize("sizes", [[], [0], [1.5], 3, ["a"], [True]])
def test_sizes_that_are_none(sizes):
    with pytest.raises(ValueError, match="positive integers.*Received"):
        layers.CategorySoftmax(sizes)


def test_a_row_of_another_size():
    with pytest.raises(ValueError, match="all blocks, 8.*Received"):
        layers.CategorySoftmax(SIZES)(rows()[:, :7])


def test_networks_get_copies_of_it():
    """Two generators that are built with one layer do not share it."""
    layer = layers.CategorySoftmax(SIZES)
    first, second = (
        models.Autoencoder.for_shape(
            (8,), latent_dim=2, width=2, activation=layer
        ).generator.layers[-1]
        for _ in range(2)
    )
    assert first.sizes == second.sizes == SIZES
    assert len({id(layer), id(first), id(second)}) == 3


def test_a_series_of_mixed_rows():
    """Convolutional generators end in it, too."""
    model = models.Autoencoder.for_shape(
        (8, 3), latent_dim=2, width=2, activation=layers.CategorySoftmax([1, 2])
    )
    y = model.reconstruct(np.zeros((2, 8, 3), "float32"))
    np.testing.assert_allclose(y[..., 1:].sum(-1), 1, rtol=1e-6)

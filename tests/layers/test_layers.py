"""Layers against Keras' own, formulas and statistics."""

import keras
import numpy as np
import pytest
from catalogue import LAYERS
from keras import ops

from keras_aegan import layers


def test_depth_to_space_by_hand():
    """Four channels of one pixel become a 2x2 block, row by row."""
    x = np.arange(8, dtype="float32").reshape(1, 1, 2, 4)
    y = ops.convert_to_numpy(layers.DepthToSpace(2)(x))
    np.testing.assert_array_equal(y[0, :, :, 0], [[0, 1, 4, 5], [2, 3, 6, 7]])
    series = layers.DepthToSpace(2)(x.reshape(1, 2, 4))
    np.testing.assert_array_equal(
        ops.convert_to_numpy(series)[0], [[0, 1], [2, 3], [4, 5], [6, 7]]
    )


def test_depth_to_space_after_a_convolution_is_a_transposed_convolution():
    """With a 1x1 kernel: each input pixel paints a 2x2 block of its own."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 7, 3)).astype("float32")
    kernel = rng.normal(size=(2, 2, 4, 3)).astype("float32")
    transposed = ops.conv_transpose(x, kernel, strides=2, padding="valid")
    flat = kernel.transpose(3, 0, 1, 2).reshape(1, 1, 3, 16)
    ours = layers.DepthToSpace(2)(ops.conv(x, flat))
    np.testing.assert_allclose(
        ops.convert_to_numpy(ours),
        ops.convert_to_numpy(transposed),
        atol=1e-5,
    )


@pytest.mark.parametrize(
    "shape, factor", [((1, 4, 4, 3), 2), ((1, 4, 5), 2), ((1, 4), 2)]
)
def test_depth_to_space_refuses_what_does_not_divide(shape, factor):
    with pytest.raises(ValueError, match="Received"):
        layers.DepthToSpace(factor)(np.zeros(shape, "float32"))


NOISE = [layers.Dropout, layers.GaussianDropout, layers.GaussianNoise]


@pytest.mark.parametrize("cls", NOISE)
def test_noise_is_silent_at_inference(cls):
    x = np.ones((4, 5), "float32")
    layer = LAYERS[cls]()
    for training in (False, None):
        y = ops.convert_to_numpy(layer(x, training=training))
        np.testing.assert_array_equal(y, x)


@pytest.mark.parametrize(
    "layer, variance",
    [
        (layers.GaussianNoise(0.3, seed=0), 0.3**2),
        (layers.GaussianDropout(0.2, seed=0), 0.2 / 0.8),
        (layers.Dropout(0.2, seed=0), 0.2 / 0.8),
    ],
)
def test_noise_has_the_moments_of_its_formula(layer, variance):
    """On ones; within four standard errors of 400,000 numbers."""
    x = np.ones((400, 1000), "float32")
    y = ops.convert_to_numpy(layer(x, training=True))
    assert abs(y.mean() - 1) < 4 * (variance / y.size) ** 0.5
    np.testing.assert_allclose(y.var(), variance, rtol=0.02)


@pytest.mark.parametrize("cls", NOISE)
def test_noise_differs_from_call_to_call_and_follows_its_seed(cls):
    x = np.ones((4, 5), "float32")
    first, second = LAYERS[cls](), LAYERS[cls]()
    a, b = (ops.convert_to_numpy(first(x, training=True)) for _ in range(2))
    c, d = (ops.convert_to_numpy(second(x, training=True)) for _ in range(2))
    assert not np.array_equal(a, b)
    np.testing.assert_array_equal(a, c)
    np.testing.assert_array_equal(b, d)


@pytest.mark.parametrize("cls", NOISE)
def test_noise_inside_a_functional_model_goes_on_after_saving(cls, tmp_path):
    x = np.ones((4, 5), "float32")
    start = keras.Input((5,))
    model = keras.Model(start, LAYERS[cls]()(start))
    model(x, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(loaded(x, training=True)),
        ops.convert_to_numpy(model(x, training=True)),
    )


def test_priors():
    normal = ops.convert_to_numpy(layers.NormalPrior(8, seed=0).sample(50_000))
    np.testing.assert_allclose(np.cov(normal.T), np.eye(8), atol=0.02)
    uniform = layers.UniformPrior(8, limit=2.0, seed=0).sample(50_000)
    uniform = ops.convert_to_numpy(uniform)
    assert -2 <= uniform.min() < -1.99
    assert 1.99 < uniform.max() < 2
    np.testing.assert_allclose(uniform.var(), 4 / 3, rtol=0.01)
    like = layers.NormalPrior(3).sample_like(np.zeros((7, 2, 2), "float32"))
    assert tuple(like.shape) == (7, 3)


def test_wrong_arguments():
    for wrong in (
        lambda: layers.NormalPrior(0),
        lambda: layers.NormalPrior(2.5),
        lambda: layers.UniformPrior(2, limit=0),
        lambda: layers.GaussianNoise(-1),
        lambda: layers.Dropout(1.0),
        lambda: layers.GaussianDropout(-0.1),
        lambda: layers.DepthToSpace(0),
        lambda: layers.ClassPrior(2, np.zeros((3, 1))),
        lambda: layers.ClassPrior(2, np.full((3, 2), np.nan)),
        lambda: layers.ClassPrior(2, np.zeros((3, 2), complex)),
        lambda: layers.ClassPrior(2, [["a", "b"]]),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()
    with pytest.raises(NotImplementedError, match="sample"):
        layers.Prior(3).sample(2)

"""The vector quantiser against NumPy and against numbers by hand."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import backend
from keras_aegan import layers


def random(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def array(tensor):
    return ops.convert_to_numpy(tensor)


def with_codes(codes, **kwargs):
    codes = np.asarray(codes, "float32")
    layer = layers.VectorQuantizer(*codes.shape, **kwargs)
    layer.codebook.assign(codes)
    return layer


@pytest.mark.parametrize("positions", [(), (5,), (3, 4)])
def test_the_nearest_code_is_that_of_a_search_one_by_one(positions):
    z, codes = random(6, *positions, 3), random(11, 3, seed=1)
    distances = ((z[..., None, :] - codes) ** 2).sum(-1)
    expected = distances.argmin(-1)
    layer = with_codes(codes)
    np.testing.assert_array_equal(array(layer(z, output="indices")), expected)
    np.testing.assert_allclose(array(layer(z)), codes[expected], atol=1e-6)


def test_the_gradient_goes_straight_through():
    """d sum(w * output) / dz is w itself, whatever the codes are."""
    z, w = random(4, 2), random(4, 2, seed=2)
    layer = with_codes(random(5, 2, seed=1), commitment=0.0)
    gradient = backend.input_gradient(
        lambda u: ops.sum(ops.multiply(w, layer(u))), ops.convert_to_tensor(z)
    )
    np.testing.assert_allclose(array(gradient), w, rtol=1e-6)


def test_the_losses_by_hand():
    """z = 3 chooses e = 2, z = -1 chooses e = 0: mean of squares 1 and 1."""
    z = np.array([[3.0], [-1.0]], "float32")
    for decay, factor in ((0.9, 0.25), (None, 1.25)):
        layer = with_codes([[2.0], [0.0]], decay=decay, commitment=0.25)
        _, loss = layer(z, output="codes_and_loss")
        assert float(array(loss)) == pytest.approx(factor)
        assert not layer.losses
        layer(z)
        assert float(array(layer.losses[0])) == pytest.approx(factor)
        # d/dz: 0.25 * 2 (z - e) / 2; the codebook's term has z constant.
        gradient = backend.input_gradient(
            lambda u, layer=layer: layer(u, output="codes_and_loss")[1],
            ops.convert_to_tensor(z),
        )
        np.testing.assert_allclose(array(gradient), [[0.25], [-0.25]])


def test_averages_move_the_codebook_by_hand():
    """Code 0 is chosen by 4 and 6, code 1 by none; N starts at 1.

    N' = 0.9 * 1 + 0.1 * 2 = 1.1, m' = 0.9 * 3 + 0.1 * 10 = 3.7.
    """
    layer = with_codes([[3.0], [-5.0]], decay=0.9)
    z = np.array([[4.0], [6.0]], "float32")
    layer(z)
    np.testing.assert_allclose(array(layer.counts), [1, 1])
    layer(z, training=True)
    np.testing.assert_allclose(array(layer.counts), [1.1, 0.9], rtol=1e-6)
    np.testing.assert_allclose(
        array(layer.codebook), [[3.7 / 1.1], [-5.0]], rtol=1e-6
    )
    layer.trainable = False
    layer(z, training=True)
    np.testing.assert_allclose(array(layer.counts), [1.1, 0.9], rtol=1e-6)


def test_idle_codes_restart_on_vectors_of_the_batch():
    """The used code counts 2.5, 3.25, 3.625, the other 1/2, 1/4, 1/8."""
    layer = with_codes([[0.0], [50.0]], decay=0.5, restart=0.1)
    z = np.array([[1.0], [2.0], [3.0], [4.0]], "float32")
    for _ in range(2):
        layer(z, training=True)
    np.testing.assert_allclose(array(layer.codebook)[1], 50.0)
    # Now 1/8 is less than a tenth of the mean, which is 1.875.
    layer(z, training=True)
    assert array(layer.codebook)[1] in z
    np.testing.assert_allclose(array(layer.counts), [3.625, 1.875], rtol=1e-5)


def test_gradients_and_averages_train_a_codebook():
    """Two clusters at -2 and 3 are found, each by its code."""
    noise = random(256, 1) * 0.1
    x = np.where(np.arange(256)[:, None] % 2, 3.0, -2.0).astype("float32")
    for decay in (0.9, None):
        layer = with_codes([[-0.1], [0.1]], decay=decay)
        # A straight-through gradient moves what is before the codes only.
        model = keras.Sequential(
            [keras.Input((1,)), layer, keras.layers.Dense(1)]
        )
        model.compile(keras.optimizers.Adam(0.05), "mse")
        model.fit(x + noise, x, epochs=40, batch_size=64, verbose=0)
        found = np.sort(array(layer.codebook)[:, 0])
        np.testing.assert_allclose(found, [-2, 3], atol=0.1)
        assert layer.perplexity() == pytest.approx(2, abs=0.05)


def test_usage_by_hand():
    """Shares 1/2, 1/4, 1/4, 0: entropy 1.5 ln 2, so perplexity 2^1.5."""
    layer = layers.VectorQuantizer(4, 2)
    indices = np.array([[0, 0], [1, 2]])
    assert layer.usage(indices) == 0.75
    assert layer.perplexity(indices) == pytest.approx(2**1.5)
    assert layer.perplexity() == pytest.approx(4)


def test_first_codes_follow_the_seed():
    first, again, other = (
        array(layers.VectorQuantizer(8, 3, seed=s).codebook) for s in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    assert (np.abs(first) <= 1 / 8).all()
    assert first.std() == pytest.approx(1 / 8 / np.sqrt(3), rel=0.3)


def test_wrong_arguments():
    for wrong in (
        lambda: layers.VectorQuantizer(1, 2),
        lambda: layers.VectorQuantizer(4, 0),
        lambda: layers.VectorQuantizer(4, 2, commitment=-1.0),
        lambda: layers.VectorQuantizer(4, 2, decay=1.0),
        lambda: layers.VectorQuantizer(4, 2, decay=None, restart=0.1),
        lambda: layers.VectorQuantizer(4, 2)(random(3, 2), output="code"),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

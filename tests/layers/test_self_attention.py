"""Self-attention against its formula in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers


def expected(x, query, key, value, output, gain):
    """Position by position, as in equations 1 to 3 of the paper."""
    rows = x.reshape(len(x), -1, x.shape[-1]).astype("float64")
    result = rows.copy()
    for b, sample in enumerate(rows):
        for j, position in enumerate(sample):
            scores = (sample @ key) @ (position @ query)
            weights = np.exp(scores) / np.exp(scores).sum()
            result[b, j] += gain * (weights @ (sample @ value)) @ output
    return result.reshape(x.shape)


def random(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


@pytest.mark.parametrize("shape", [(2, 3, 4, 8), (2, 5, 8)])
def test_formula(shape):
    x = random(*shape)
    layer = layers.SelfAttention(reduction=4)
    np.testing.assert_array_equal(ops.convert_to_numpy(layer(x)), x)
    layer.gain.assign(0.7)
    parts = (layer.query, layer.key, layer.value, layer.output_projection)
    matrices = [part.get_weights()[0] for part in parts]
    assert [m.shape for m in matrices] == [(8, 2)] * 3 + [(2, 8)]
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)),
        expected(x, *matrices, 0.7),
        rtol=1e-4,
        atol=1e-5,
    )


def test_normalised_matrices():
    """Nothing but their scale differs: sigma, here from NumPy, is 1."""
    x = random(2, 5, 8)
    layer = layers.SelfAttention(4, spectral_normalization=True)
    for _ in range(100):
        layer(x, training=True)
    layer.gain.assign(0.7)
    parts = (layer.query, layer.key, layer.value, layer.output_projection)
    kernels = [part.layer.get_weights()[0] for part in parts]
    matrices = [w / np.linalg.svd(w, compute_uv=False)[0] for w in kernels]
    np.testing.assert_allclose(
        ops.convert_to_numpy(layer(x)),
        expected(x, *matrices, 0.7),
        rtol=1e-3,
        atol=1e-4,
    )


@pytest.mark.parametrize("normalized", [False, True])
def test_inside_a_saved_model_of_unknown_size(normalized, tmp_path):
    start = keras.Input((None, None, 3))
    model = keras.Model(start, layers.SelfAttention(8, normalized)(start))
    assert model.output_shape == (None, None, None, 3)
    model.layers[-1].gain.assign(0.5)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for size in (4, 6):
        x = random(3, size, 5, 3)
        a, b = (m.predict(x, verbose=0) for m in (model, loaded))
        np.testing.assert_allclose(a, b, rtol=1e-5)
        assert not np.allclose(a, x)


def test_wrong_arguments():
    for wrong in (
        lambda: layers.SelfAttention(0),
        lambda: layers.SelfAttention(0.5),
        lambda: layers.SelfAttention()(random(2, 3)),
        lambda: layers.SelfAttention()(keras.Input((2, 3, 4, 5))),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

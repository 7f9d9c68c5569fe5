"""VQGAN's numbers by hand, and what its codebook may do."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import models
from keras_aegan.engine import LastKernel
from keras_aegan.engine import linearize
from keras_aegan.losses import feature_distance

CODES = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]], "float32")


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def linear(inputs, kernel, name):
    """A network of one matrix."""
    layer = keras.layers.Dense(kernel.shape[-1], use_bias=False)
    network = keras.Sequential([keras.Input(inputs), layer], name=name)
    layer.kernel.assign(kernel)
    return network


def by_hand(**kwargs):
    """Rows of 3 numbers, one code of 2 each, all networks linear."""
    quantizer = layers.VectorQuantizer(3, 2, restart=0.1, seed=0)
    quantizer.codebook.assign(CODES)
    parts = {
        "encoder": linear((3,), normal(3, 2, seed=1), "encoder"),
        "quantizer": quantizer,
        "generator": linear((2,), normal(2, 3, seed=2), "generator"),
        "discriminator": linear((3,), normal(3, 1, seed=3), "discriminator"),
        "discriminator_start": 0,
    }
    return models.VQGAN(**{**parts, **kwargs})


def weights(model, name):
    return ops.convert_to_numpy(getattr(model, name).weights[0])


def logs(model, x):
    return model.evaluate(x, batch_size=len(x), verbose=0, return_dict=True)


@pytest.mark.parametrize("factor", [1.0, 3.0])
def test_losses_and_the_adaptive_weight_on_a_linear_last_layer(factor):
    """All of `play`, computed with matrices."""
    model, x = by_hand(), normal(16, 3)
    model.compile(loss_weights={"reconstruction": factor})
    z = x @ weights(model, "encoder")
    squares = ((z[:, None] - CODES) ** 2).sum(-1)
    z_q = CODES[squares.argmin(1)]
    x_tilde = z_q @ weights(model, "generator")
    judge = weights(model, "discriminator")
    fool = -np.mean(x_tilde @ judge)
    # d mean |x - x~| / dW and d fool / dW.
    pull = factor * z_q.T @ np.sign(x_tilde - x) / x.size
    push = z_q.T @ np.tile(-judge.T, (16, 1)) / 16
    ratio = np.linalg.norm(pull) / (np.linalg.norm(push) + 1e-4)
    real, fake = x @ judge, x_tilde @ judge
    hinge = np.mean(np.maximum(1 - real, 0) + np.maximum(1 + fake, 0))
    expected = {
        "reconstruction": np.mean(np.abs(x - x_tilde)),
        "adversarial": ratio * fool,
        "quantization": 0.25 * np.mean((z - z_q) ** 2),
        "discrimination": hinge,
        "discriminator_loss": hinge / 2,
    }
    expected["generator_loss"] = (
        factor * expected["reconstruction"]
        + 0.8 * expected["adversarial"]
        + expected["quantization"]
    )
    expected["loss"] = (
        factor * expected["reconstruction"] + expected["quantization"]
    )
    result = logs(model, x)
    assert set(result) == set(expected)
    for name, value in expected.items():
        assert result[name] == pytest.approx(value, rel=1e-4), name


def test_the_generator_moves_along_both_gradients():
    """One step of descent on W of `L + 0.8 ratio fool`."""
    model, x = by_hand(), normal(16, 3)
    # Adam's first step, 1e3 g / (|g| + 1e3), is nearly g. (Keras' SGD cannot
    # be recorded on PyTorch.) The judge is that of before.
    adam = keras.optimizers.Adam(1e3, beta_2=0.0, epsilon=1e3)
    model.compile(optimizer=adam, update="simultaneous")
    z = x @ weights(model, "encoder")
    z_q = CODES[((z[:, None] - CODES) ** 2).sum(-1).argmin(1)]
    before = weights(model, "generator").copy()
    x_tilde = z_q @ before
    judge = weights(model, "discriminator").copy()
    pull = z_q.T @ np.sign(x_tilde - x) / x.size
    push = z_q.T @ np.tile(-judge.T, (16, 1)) / 16
    ratio = np.linalg.norm(pull) / (np.linalg.norm(push) + 1e-4)
    model.fit(x, batch_size=16, verbose=0)
    moved = before - weights(model, "generator")
    expected = pull + 0.8 * ratio * push
    np.testing.assert_allclose(moved, expected, rtol=2e-3, atol=1e-5)


def test_a_linearized_loss_has_the_loss_s_value_and_gradient():
    """mean u^2, whose gradient is 2 u / n."""
    u = ops.convert_to_tensor(normal(4, 3))

    def loss(u):
        return ops.mean(ops.square(u))

    value, slope = linearize(loss, u)
    assert float(value) == pytest.approx(np.mean(normal(4, 3) ** 2))
    np.testing.assert_allclose(slope, normal(4, 3) / 6, rtol=1e-5)
    again = backend.input_gradient(lambda v: 3 * linearize(loss, v)[0], u)
    np.testing.assert_allclose(again, normal(4, 3) / 2, rtol=1e-5)


def test_the_last_kernel_s_ratio_is_bounded():
    network = linear((2,), normal(2, 3), "network")
    inputs = ops.convert_to_tensor(normal(5, 2))
    slope = ops.convert_to_tensor(normal(5, 3, seed=1))
    last = LastKernel(network)
    expected = normal(5, 2).T @ normal(5, 3, seed=1)
    np.testing.assert_allclose(
        last.gradient(inputs, slope), expected, rtol=1e-4
    )
    size = np.linalg.norm(expected)
    same = float(last.ratio(inputs, slope, 2 * slope))
    assert same == pytest.approx(size / (2 * size + 1e-4), rel=1e-4)
    assert float(last.ratio(inputs, 1e6 * slope, 0 * slope)) == 1e4
    with pytest.raises(ValueError, match="`kernel`.*Received"):
        LastKernel(keras.Sequential([keras.Input((2,)), keras.layers.ReLU()]))


def test_the_discriminator_starts_late():
    model, x = by_hand(discriminator_start=2), normal(16, 3)
    model.compile()
    for step in range(4):
        before = weights(model, "discriminator").copy()
        history = model.fit(x, batch_size=16, verbose=0).history
        started = step >= 2
        assert (history["adversarial"][0] != 0) == started
        still = np.array_equal(weights(model, "discriminator"), before)
        assert still != started


def test_the_codebook_moves_in_its_owner_s_turn_only():
    model, x = by_hand(), normal(16, 3)
    off = dict.fromkeys(model.terms()["generator"], 0.0)
    model.compile(loss_weights=off)
    model.fit(x, batch_size=16, verbose=0)
    np.testing.assert_array_equal(weights(model, "quantizer"), CODES)
    model.compile(loss_weights={"discrimination": 0.0})
    model.fit(x, batch_size=16, verbose=0)
    assert not np.array_equal(weights(model, "quantizer"), CODES)


def test_a_trained_codebook_follows_its_gradient():
    model = models.VQGAN.for_shape(
        (8,),
        latent_dim=2,
        width=2,
        quantizer=layers.VectorQuantizer(4, 2, decay=None),
    )
    model.compile()
    assert model.quantizer.codebook.trainable
    before = weights(model, "quantizer").copy()
    model.fit(normal(16, 8), batch_size=16, verbose=0)
    assert not np.array_equal(weights(model, "quantizer"), before)


def test_features_are_compared_and_their_network_stays_as_it_is():
    """A frozen network of batch statistics, its distance by hand."""
    kernel = normal(3, 4, seed=5)
    features = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(4, use_bias=False),
            keras.layers.BatchNormalization(epsilon=0.0),
        ]
    )
    features.layers[0].kernel.assign(kernel)
    model, x = by_hand(feature_network=features), normal(16, 3)
    model.compile()
    before = features.get_weights()

    def unit(u):
        f = u @ kernel
        return f / np.linalg.norm(f, axis=-1, keepdims=True)

    x_tilde = model.reconstruct(x)
    expected = np.mean(np.sum((unit(x) - unit(x_tilde)) ** 2, -1))
    found = logs(model, x)["perceptual"]
    assert found == pytest.approx(expected, rel=1e-4)
    none = feature_distance(features, x, x)
    assert float(ops.convert_to_numpy(none)) == 0
    model.fit(x, batch_size=8, verbose=0)
    for old, new in zip(before, features.get_weights()):
        np.testing.assert_array_equal(old, new)


def test_codes_and_indices():
    model, x = by_hand(), normal(16, 3)
    z = x @ weights(model, "encoder")
    expected = ((z[:, None] - CODES) ** 2).sum(-1).argmin(1)
    indices = model.indices(x)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_array_equal(model.encode(x), CODES[expected])
    rebuilt = model.reconstruct(x)
    np.testing.assert_array_equal(model.decode(indices), rebuilt)
    np.testing.assert_allclose(
        rebuilt, CODES[expected] @ weights(model, "generator"), atol=1e-6
    )
    for wrong in ([3], [-1]):
        with pytest.raises(ValueError, match=r"in \[0, 3\).*Received"):
            model.decode(np.array(wrong))


def test_maps_are_interpolated():
    model = models.VQGAN.for_shape((8, 12, 1), 4, width=2, num_codes=8)
    x = normal(4, 8, 12, 1)
    assert model.encode(x).shape == (4, 4, 6, 4)
    assert model.indices(x).shape == (4, 4, 6)
    way = model.interpolate(x[:2], x[2:], 3)
    np.testing.assert_allclose(way[:, 0], model.reconstruct(x[:2]), atol=1e-6)
    np.testing.assert_allclose(way[:, 2], model.reconstruct(x[2:]), atol=1e-6)
    codes = (model.encode(x[:2]) + model.encode(x[2:])) / 2
    np.testing.assert_allclose(way[:, 1], model.decode(codes), atol=1e-6)


def test_every_patch_is_conditioned():
    """v.f + b + (V c).f at each position; encode and decode need no label."""
    features, labels = normal(3, 4, 5, 2), np.array([1, 0, 1])
    layer = layers.Projection()
    found = layer([np.eye(2, dtype="float32")[labels], features])
    kernel, bias, embedding = (ops.convert_to_numpy(w) for w in layer.weights)
    expected = features @ kernel + bias
    embedded = embedding[labels][:, None, None]
    expected += np.sum(features * embedded, -1, keepdims=True)
    found = ops.convert_to_numpy(found)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    model = models.VQGAN.for_shape((8, 8, 1), 2, width=2, num_classes=2)
    x = normal(3, 8, 8, 1)
    assert model.discriminator([x, labels]).shape == (3, 4, 4, 1)
    assert model.decode(model.indices(x)).shape == x.shape


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="no prior.*VAEGAN.*Received"):
        by_hand().generate(2)
    with pytest.raises(ValueError, match="size 2.*Received: code_dim=3"):
        by_hand(quantizer=layers.VectorQuantizer(3, 3))

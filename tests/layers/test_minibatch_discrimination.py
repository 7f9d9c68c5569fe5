"""Minibatch discrimination against loops in NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import engine
from keras_aegan import layers


def expected(x, kernel, kernels, size):
    """The sums of the docstring, term by term."""
    vectors = (x @ kernel).reshape(len(x), kernels, size)
    sums = np.zeros((len(x), kernels))
    for i in range(len(x)):
        for j in range(len(x)):
            if i != j:
                distance = np.abs(vectors[i] - vectors[j]).sum(-1)
                sums[i] += np.exp(-distance)
    return np.concatenate([x, sums], -1)


def test_formula():
    x = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    layer = layers.MinibatchDiscrimination(3, kernel_size=2)
    y = ops.convert_to_numpy(layer(x))
    kernel = layer.get_weights()[0]
    np.testing.assert_allclose(y, expected(x, kernel, 3, 2), rtol=1e-4)


def test_a_batch_of_equal_samples_and_a_batch_of_one():
    """Each of 5 is like the 4 others, and one alone like none."""
    layer = layers.MinibatchDiscrimination(3)
    y = ops.convert_to_numpy(layer(np.ones((5, 4), "float32")))
    np.testing.assert_allclose(y[:, 4:], 4, rtol=1e-6)
    y = ops.convert_to_numpy(layer(np.ones((1, 4), "float32")))
    np.testing.assert_array_equal(y[:, 4:], 0)


def test_what_is_hardly_alike_is_not_rounded_away():
    """exp(-20) = 2.1e-9 is lost beside a 1 in float32."""
    layer = layers.MinibatchDiscrimination(1, 1)
    layer.build((None, 1))
    layer.set_weights([np.ones((1, 1))])
    y = ops.convert_to_numpy(layer(np.array([[0.0], [20.0]], "float32")))
    np.testing.assert_allclose(y[:, 1], np.exp(-20.0), rtol=1e-5)


def test_batches_of_every_size_pass_a_compiled_model():
    """`predict` compiles for an unknown batch size on TensorFlow."""
    start = keras.Input((4,))
    layer = layers.MinibatchDiscrimination(3)
    model = keras.Model(start, layer(start))
    assert model.output_shape == (None, 7)
    x = np.random.default_rng(0).normal(size=(7, 4)).astype("float32")
    y = model.predict(x, batch_size=4, verbose=0)
    kernel = layer.get_weights()[0]
    parts = [expected(part, kernel, 3, 5) for part in (x[:4], x[4:])]
    np.testing.assert_allclose(y, np.concatenate(parts), rtol=1e-4)


def test_batches_are_not_stacked():
    """`call_stacked` would compare real samples with generated ones."""
    start = keras.Input((4,))
    output = layers.MinibatchDiscrimination(3)(start)
    model = keras.Model(start, output)
    rng = np.random.default_rng(0)
    x, y = (ops.convert_to_tensor(rng.normal(size=(3, 4))) for _ in range(2))
    for stacked, alone in zip(engine.call_stacked(model, x, y), (x, y)):
        np.testing.assert_allclose(
            ops.convert_to_numpy(stacked), ops.convert_to_numpy(model(alone))
        )


def test_wrong_arguments():
    for wrong in (
        lambda: layers.MinibatchDiscrimination(0),
        lambda: layers.MinibatchDiscrimination(2, 1.5),
        lambda: layers.MinibatchDiscrimination(2)(np.ones((2, 3, 4))),
        lambda: layers.MinibatchDiscrimination(2)(keras.Input((3, 4))),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

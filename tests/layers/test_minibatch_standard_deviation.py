"""Minibatch standard deviation against NumPy."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import backend
from keras_aegan import layers


def expected(x, group):
    """Groups of samples that are `len(x) // group` apart, one by one."""
    count = len(x) // group
    channel = np.zeros((*x.shape[:-1], 1))
    for g in range(count):
        deviation = np.sqrt(np.var(x[g::count], axis=0) + 1e-8)
        channel[g::count] = deviation.mean()
    return np.concatenate([x, channel], -1)


def random(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_by_hand():
    """Samples 0 and 2 differ by 2, so by 1 from their mean, 1 and 3 by 6."""
    x = np.array([[1.0], [1.0], [3.0], [7.0]], "float32")
    y = ops.convert_to_numpy(layers.MinibatchStandardDeviation(2)(x))
    np.testing.assert_allclose(y[:, 1], [1, 3, 1, 3], rtol=1e-6)


@pytest.mark.parametrize("rest", [(3,), (6, 3), (2, 4, 3)])
@pytest.mark.parametrize(
    "batch_size, group",
    # The largest divisor among 2, 3 and 4, or all.
    [(8, 4), (6, 3), (10, 2), (3, 3), (7, 7), (1, 1)],
)
def test_formula(batch_size, group, rest):
    x = random(batch_size, *rest)
    y = ops.convert_to_numpy(layers.MinibatchStandardDeviation(4)(x))
    np.testing.assert_allclose(y, expected(x, group), rtol=1e-4, atol=1e-6)


def test_batches_of_every_size_pass_a_compiled_model():
    """`predict` compiles for an unknown batch size on TensorFlow."""
    start = keras.Input((2, 2, 3))
    output = layers.MinibatchStandardDeviation(4)(start)
    model = keras.Model(start, output)
    assert model.output_shape == (None, 2, 2, 4)
    x = random(15, 2, 2, 3)
    y = model.predict(x, batch_size=8, verbose=0)
    parts = [expected(x[:8], 4), expected(x[8:], 7)]
    np.testing.assert_allclose(y, np.concatenate(parts), rtol=1e-4)


def test_equal_samples_have_a_finite_gradient():
    """The gradient of sqrt(variance + 1e-8) is 0 where all are equal."""
    layer = layers.MinibatchStandardDeviation(4)
    x = ops.ones((4, 3))
    gradient = backend.input_gradient(lambda u: layer(u)[:, -1], x)
    np.testing.assert_array_equal(ops.convert_to_numpy(gradient), 0)


def test_wrong_arguments():
    for wrong in (
        lambda: layers.MinibatchStandardDeviation(1),
        lambda: layers.MinibatchStandardDeviation(2.5),
        lambda: layers.MinibatchStandardDeviation()(np.ones(4, "float32")),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

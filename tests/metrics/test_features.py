"""Feature networks: Inception without its weights, a classifier of digits."""

import keras
import numpy as np
import pytest
from sklearn import datasets

from keras_aegan import metrics

features = metrics.features


@pytest.fixture(scope="module")
def digits():
    x, y = datasets.load_digits(return_X_y=True)
    return x.reshape(-1, 8, 8, 1).astype("float32") / 16, y


def test_inception_gets_scaled_images_of_its_size():
    """Keras' Inception wants three channels in [-1, 1], 299 x 299."""
    network = features.inception_v3((8, 6, 1), (0.0, 255.0), weights=None)
    assert network.output_shape == (None, 2048)
    front = keras.Model(network.input, network.layers[-2].output)
    x = np.zeros((2, 8, 6, 1), "float32")
    x[1] = 255.0
    x[0, :, 3:] = 51.0
    seen = front.predict(x, verbose=0)
    assert seen.shape == (2, 299, 299, 3)
    np.testing.assert_allclose(seen[1], 1.0, atol=1e-6)
    np.testing.assert_allclose(seen[0, :, :120], -1.0, atol=1e-6)
    np.testing.assert_allclose(seen[0, :, 180:], -0.6, atol=1e-6)


def test_a_classifier_of_digits_learns(digits):
    x, y = digits
    classifier = features.train_classifier(
        x[:1200], y[:1200], epochs=20, width=8, include_top=True
    )
    probabilities = classifier.predict(x[1200:], verbose=0)
    np.testing.assert_allclose(probabilities.sum(1), 1.0, rtol=1e-5)
    # Logistic regression of these pixels reaches 0.90 on these rows.
    assert (probabilities.argmax(1) == y[1200:]).mean() > 0.88
    network = features.without_top(classifier)
    assert network.output_shape == (None, 32)
    rows = network.predict(x[1200:], verbose=0)
    kernel, bias = classifier.get_weights()[-2:]
    logits = rows @ kernel + bias
    expected = np.exp(logits - logits.max(1, keepdims=True))
    expected /= expected.sum(1, keepdims=True)
    np.testing.assert_allclose(probabilities, expected, atol=1e-5)
    metric = metrics.InceptionScore(classifier)
    metric.update_generated(x[1200:])
    assert 5 < metric.result() <= 10


def test_its_features_tell_digits_from_noise(digits):
    x, y = digits
    network = features.train_classifier(x, y, epochs=1, width=4)
    noise = np.random.default_rng(0).uniform(size=(600, 8, 8, 1))
    metric = metrics.FrechetDistance(network)
    same = metric(x[:600], x[600:1200])
    metric.reset_generated()
    metric.update_generated(noise)
    assert 5 * same < metric.result()


@pytest.mark.parametrize("shape", [(5,), (12, 2), (9, 8, 3)], ids=str)
def test_every_kind_of_sample(shape):
    x = np.random.default_rng(0).normal(size=(20, *shape))
    y = np.arange(20) % 3
    network = features.train_classifier(x, y, epochs=1, width=2)
    assert network.predict(x, verbose=0).shape == (20, 8)


def test_the_same_seed_trains_the_same_network():
    """On every backend: these numbers are those of JAX."""
    x = np.linspace(-1, 1, 64).reshape(16, 4)
    y = np.arange(16) % 2
    keras.utils.set_random_seed(1)
    first = features.train_classifier(x, y, epochs=2, width=1, seed=3)
    rows = first.predict(x, verbose=0)
    expected = [0.16281238, 0.06509531, 0.70017815, 2.3141875]
    np.testing.assert_allclose(rows[::5].sum(1), expected, rtol=1e-4)
    other = features.train_classifier(x, y, epochs=2, width=1, seed=4)
    assert abs(other.predict(x, verbose=0) - rows).max() > 1e-3


def test_labels_are_numbered_by_those_that_occur():
    """A label of ten million is no last layer of ten million units."""
    x = np.linspace(-1, 1, 64).reshape(16, 4)
    x[::2] += 10.0
    classifier = features.train_classifier(
        x, np.array([1e7, 7.0])[np.arange(16) % 2], 20, 4, include_top=True
    )
    probabilities = classifier.predict(x, verbose=0)
    assert probabilities.shape == (16, 2)
    assert probabilities.argmax(1).tolist() == [1, 0] * 8


def test_wrong_arguments(digits):
    x, y = digits
    for wrong in (
        lambda: features.inception_v3((8, 8)),
        lambda: features.inception_v3((8, 8, 4)),
        lambda: features.train_classifier(x, y[:-1]),
        lambda: features.train_classifier(x[:0], y[:0]),
        lambda: features.train_classifier(x, y - 1),
        lambda: features.train_classifier(y, y),
        lambda: features.train_classifier(x, 0 * y),
        lambda: features.train_classifier(x, y + 0.5),
        lambda: features.train_classifier(x, np.where(y == 3, np.nan, y)),
        lambda: features.train_classifier(x, np.where(y == 3, np.inf, y)),
        lambda: features.train_classifier(x, np.eye(10)[y]),
        lambda: features.train_classifier(x, y.astype(str)),
        lambda: features.train_classifier(x, y.astype(object)),
        lambda: features.train_classifier(np.where(x > 0.9, np.nan, x), y),
        lambda: features.train_classifier(x, y, epochs=0),
        lambda: features.train_classifier(x, y, seed="a"),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

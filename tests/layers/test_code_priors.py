"""Priors made of codes against NumPy and scikit-learn, and noise on codes."""

import sys

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.mixture import GaussianMixture

from keras_aegan import layers
from keras_aegan.layers.conditional import condition_scope

COUNT = 4000


def array(x):
    return ops.convert_to_numpy(x)


def two_classes(count=60, seed=0):
    """Codes of three numbers, those of the second class in another place."""
    generator = np.random.default_rng(seed)
    labels = generator.integers(2, size=count)
    codes = generator.normal(size=(count, 3)) * [1.0, 0.5, 2.0]
    codes[:, 1] += codes[:, 0]
    codes[labels == 1] = codes[labels == 1] * 0.5 + 4.0
    return codes.astype("float32"), labels


def fitted(codes, labels=None, **kwargs):
    prior = layers.FittedPrior(codes.shape[1], seed=0, **kwargs)
    for part in range(0, len(codes), 25):
        own = None if labels is None else labels[part : part + 25]
        prior.collect(codes[part : part + 25], own)
    prior.fit()
    return prior


def test_a_gain_of_0_leaves_codes_alone_and_another_moves_them():
    layer = layers.CodeAndNoise(3, noise_dim=2)
    h, z = np.ones((4, 3), "float32"), np.full((4, 2), 0.5, "float32")
    np.testing.assert_array_equal(array(layer([h, z])), h)
    kernel = np.arange(6, dtype="float32").reshape(2, 3) / 10
    bias = np.array([0.1, 0.0, -0.1], "float32")
    layer.set_weights([kernel, bias, np.float32(0.25)])
    expected = h + 0.25 * np.tanh(z @ kernel + bias)
    np.testing.assert_allclose(array(layer([h, z])), expected, rtol=1e-5)


@pytest.mark.parametrize("sizes", [(0,), (3, 0), (2.0,)], ids=str)
def test_sizes_must_be_positive_integers(sizes):
    with pytest.raises(ValueError, match="positive integer.*Received"):
        layers.CodeAndNoise(*sizes)


def test_a_normal_distribution_for_each_class_is_numpys():
    codes, labels = two_classes()
    prior = fitted(codes, labels, num_classes=2)
    for label in range(2):
        own = codes[labels == label].astype("float64")
        factor = array(prior.factors)[label]
        np.testing.assert_allclose(
            array(prior.means)[label], own.mean(axis=0), rtol=1e-5
        )
        np.testing.assert_allclose(
            factor @ factor.T, np.cov(own.T), rtol=1e-4, atol=1e-5
        )
        share = np.mean(labels == label)
        np.testing.assert_allclose(
            array(prior.class_probabilities)[label], share
        )


def test_it_samples_what_it_was_fitted_to():
    """Within five standard errors of the mean, 4000 samples of each class."""
    codes, labels = two_classes()
    prior = fitted(codes, labels, num_classes=2)
    sampled = array(prior.sample(COUNT))
    near = np.linalg.norm(
        sampled[:, None] - array(prior.means)[None], axis=-1
    ).argmin(axis=1)
    error = 5 * np.sqrt(0.25 / COUNT)
    # The classes overlap a little, so nearness is nearly the class.
    assert abs(near.mean() - labels.mean()) < error + 0.05
    for label in range(2):
        own = codes[labels == label]
        with condition_scope(np.full(COUNT, label)):
            sampled = array(prior.sample(COUNT))
        error = 5 * own.std(axis=0) / np.sqrt(COUNT)
        assert (np.abs(sampled.mean(axis=0) - own.mean(axis=0)) < error).all()
        np.testing.assert_allclose(
            np.cov(sampled.T), np.cov(own.T), rtol=0.15, atol=0.1
        )


def test_before_fitting_it_is_standard_normal():
    sampled = array(layers.FittedPrior(2, num_classes=3, seed=0).sample(COUNT))
    assert (np.abs(sampled.mean(axis=0)) < 5 / np.sqrt(COUNT)).all()
    np.testing.assert_allclose(np.cov(sampled.T), np.eye(2), atol=0.12)


def test_a_mixture_is_scikit_learns():
    codes, _ = two_classes(200)
    prior = fitted(codes, components=2)
    expected = GaussianMixture(2, random_state=0).fit(codes)
    np.testing.assert_allclose(
        array(prior.mixing), expected.weights_, rtol=1e-3
    )
    np.testing.assert_allclose(array(prior.means), expected.means_, rtol=1e-3)
    factors = array(prior.factors)
    np.testing.assert_allclose(
        factors @ factors.transpose(0, 2, 1),
        expected.covariances_,
        rtol=1e-3,
        atol=1e-4,
    )
    sampled = array(prior.sample(COUNT))
    np.testing.assert_allclose(
        sampled.mean(axis=0), codes.mean(axis=0), atol=0.2
    )


def test_a_class_of_few_codes_is_fitted_as_far_as_they_go():
    codes, labels = two_classes(12)
    labels[:] = 0
    labels[3] = 2
    prior = fitted(codes, labels, num_classes=3, components=4)
    with condition_scope(np.full(8, 2)):
        np.testing.assert_allclose(
            array(prior.sample(8)), np.tile(codes[3], (8, 1)), rtol=1e-6
        )
    with condition_scope(np.full(8, 1)):
        assert np.isfinite(array(prior.sample(8))).all()


def test_the_latest_codes_are_kept():
    prior = layers.FittedPrior(1, capacity=5)
    for start in range(0, 12, 3):
        prior.collect(np.arange(start, start + 3, dtype="float32")[:, None])
    codes, _ = prior.collected()
    assert sorted(codes[:, 0]) == [7, 8, 9, 10, 11]
    prior.collect(np.arange(20, 30, dtype="float32")[:, None])
    assert sorted(prior.collected()[0][:, 0]) == [25, 26, 27, 28, 29]
    prior.reset()
    assert len(prior.collected()[0]) == 0


def test_a_bootstrap_samples_each_code_of_a_class_equally_often():
    codes, labels = two_classes(10)
    prior = layers.BootstrapPrior(3, num_classes=2, capacity=20, seed=0)
    assert not array(prior.sample(3)).any()
    prior.collect(codes, labels)
    prior.fit()
    for label in (None, 0, 1):
        with condition_scope(None if label is None else np.full(COUNT, label)):
            sampled = array(prior.sample(COUNT))
        own = codes if label is None else codes[labels == label]
        found = (sampled[:, None] == own[None]).all(axis=-1)
        assert found.any(axis=1).all()
        # Five standard errors of a share of 1 / n.
        share = 1 / len(own)
        error = 5 * np.sqrt(share * (1 - share) / COUNT)
        np.testing.assert_allclose(found.mean(axis=0), share, atol=error)


@pytest.mark.parametrize("cls", [layers.FittedPrior, layers.BootstrapPrior])
def test_labels_must_be_there_and_in_range(cls):
    prior = cls(2, num_classes=2)
    codes = np.zeros((4, 2), "float32")
    with pytest.raises(ValueError, match="needs a label.*Received: none"):
        prior.collect(codes)
    prior.collect(codes, np.array([0, 1, 2, 1]))
    with pytest.raises(ValueError, match="Received: labels from 0 to 2"):
        prior.fit()
    for wrong in ({"num_classes": 0}, {"capacity": 1.5}):
        with pytest.raises(ValueError, match="positive integer.*Received"):
            cls(2, **wrong)


def test_components_must_be_a_positive_integer():
    with pytest.raises(ValueError, match="components.*Received"):
        layers.FittedPrior(2, components=0)


@keras.saving.register_keras_serializable(package="keras_aegan_tests")
class Held(keras.Model):
    """A model that does nothing but hold a prior."""

    def __init__(self, prior=None, **kwargs):
        super().__init__(**kwargs)
        self.held = prior or layers.FittedPrior(3, num_classes=2, seed=0)

    def call(self, x):
        return x


def test_what_was_fitted_is_saved(tmp_path):
    codes, labels = two_classes()
    model = Held(fitted(codes, labels, num_classes=2))
    model.build((None, 3))
    model.save_weights(tmp_path / "held.weights.h5")
    other = Held()
    other.build((None, 3))
    other.load_weights(tmp_path / "held.weights.h5")
    np.testing.assert_array_equal(
        array(other.held.sample(5)), array(model.held.sample(5))
    )


def test_a_mixture_without_scikit_learn_is_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.mixture", None)
    codes, _ = two_classes()
    with pytest.raises(ImportError, match=r'install "keras_aegan\[anomaly\]"'):
        fitted(codes, components=3)

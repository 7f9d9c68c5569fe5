"""The kernel density of codes against its moments, and one on disk."""

import numpy as np
import pytest
from keras import ops

from keras_aegan.layers import KernelPrior
from keras_aegan.layers.conditional import condition_scope


def _codes(count=500, seed=0):
    generator = np.random.default_rng(seed)
    mixing = np.array([[2.0, 0.0, 0.5], [0.0, 0.3, 0.0], [1.0, 0.0, 1.0]])
    return (generator.normal(size=(count, 3)) @ mixing + 1).astype("float32")


def _sample(prior, count):
    return ops.convert_to_numpy(prior.sample(count))


@pytest.mark.parametrize("bandwidth", [0.4, 1.0])
def test_moments_are_those_of_a_kernel_density(bandwidth):
    # A sum of independent numbers: the mean stays, and the covariance of
    # codes is added bandwidth^2 times.
    codes = _codes()
    prior = KernelPrior(3, bandwidth, capacity=1000, seed=0)
    for part in np.split(codes, 5):
        prior.collect(part)
    z = _sample(prior, 40_000)
    np.testing.assert_allclose(z.mean(0), codes.mean(0), atol=0.05)
    expected = (1 + bandwidth**2) * np.cov(codes.T)
    np.testing.assert_allclose(np.cov(z.T), expected, rtol=0.05, atol=0.05)


@pytest.mark.parametrize("num_classes", [1, 2])
def test_the_default_bandwidth_is_half_of_silvermans(num_classes):
    # By hand, 500 codes of 3 numbers: (4 / 5 / 500)^(1/7) / 2.
    codes, labels = _codes(500 * num_classes), None
    if num_classes > 1:
        labels = np.arange(len(codes)) % num_classes
    samples = []
    for bandwidth in (None, 0.199324):
        prior = KernelPrior(3, bandwidth, num_classes, capacity=2000, seed=0)
        prior.collect(codes, labels)
        with condition_scope(None if labels is None else labels[:50]):
            samples.append(_sample(prior, 50))
    np.testing.assert_allclose(*samples, rtol=1e-5, atol=1e-5)


def test_without_bandwidth_it_samples_the_latest_codes():
    codes = _codes(30)
    prior = KernelPrior(3, bandwidth=0.0, capacity=20, seed=0)
    for part in np.split(codes, 3):
        prior.collect(part)
    found = {tuple(z) for z in _sample(prior, 2000)}
    assert found == {tuple(z) for z in codes[10:]}


def test_before_any_codes_it_is_standard_normal():
    z = _sample(KernelPrior(3, seed=0), 20_000)
    np.testing.assert_allclose(z.mean(0), 0, atol=0.03)
    np.testing.assert_allclose(np.cov(z.T), np.eye(3), atol=0.03)


def test_labels_choose_among_their_own_codes():
    codes = _codes(40)
    labels = np.arange(40) % 3
    labels[labels == 2] = -1  # not known
    prior = KernelPrior(3, 0.0, num_classes=3, capacity=64, seed=0)
    prior.collect(codes, labels)
    wanted = np.repeat([0, 1], 300)
    with condition_scope(wanted):
        z = _sample(prior, 600)
    for label in range(2):
        own = {tuple(c) for c in codes[labels == label]}
        assert {tuple(c) for c in z[wanted == label]} == own
    # Nothing is known of the third class.
    with condition_scope(np.full(2000, 2)):
        z = _sample(prior, 2000)
    np.testing.assert_allclose(z.std(0), 1, atol=0.1)


def test_it_samples_the_same_everywhere():
    # Written by the JAX backend; the numbers are a function of the seed.
    prior = KernelPrior(2, 0.5, capacity=8, seed=3)
    prior.collect(np.arange(10, dtype="float32").reshape(5, 2))
    expected = [
        [5.878680229187012, 6.878680229187012],
        [-2.8284270763397217, -1.8284269571304321],
        [8.707106590270996, 9.707106590270996],
    ]
    np.testing.assert_allclose(_sample(prior, 3), expected, rtol=1e-5)


def test_a_bandwidth_is_not_negative():
    with pytest.raises(ValueError, match="`bandwidth` must be .*Received"):
        KernelPrior(2, bandwidth=-0.1)

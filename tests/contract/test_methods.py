"""Encoding, decoding and generating, for every model that can."""

import numpy as np
import pytest
from catalogue import FLAGSHIP
from catalogue import samples


@pytest.fixture(params=FLAGSHIP.values(), ids=[c.__name__ for c in FLAGSHIP])
def model(request):
    return request.param()


def test_shapes_and_types(model):
    x = samples(model, 40)
    latent_dim = model.prior.latent_dim
    z = model.encode(x, batch_size=16)
    assert isinstance(z, np.ndarray)
    assert z.shape == (40, latent_dim)
    assert model.decode(z).shape == x.shape
    assert model.generate(5).shape == (5, *model.sample_shape)
    way = model.interpolate(x[:3], x[3:6], steps=4)
    assert way.shape == (3, 4, *model.sample_shape)
    rebuilt = model.reconstruct(x)
    np.testing.assert_allclose(way[:, 0], rebuilt[:3], atol=1e-5)
    np.testing.assert_allclose(way[:, -1], rebuilt[3:6], atol=1e-5)
    np.testing.assert_allclose(model.predict(x, verbose=0), rebuilt, atol=1e-5)


def test_generation_follows_its_seed_and_moves_nothing(model):
    before = model.get_weights()
    first = model.generate(4, seed=7)
    np.testing.assert_array_equal(first, model.generate(4, seed=7))
    assert not np.array_equal(first, model.generate(4, seed=8))
    assert not np.array_equal(model.generate(4), model.generate(4))
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_wrong_arguments(model):
    x = samples(model, 4)
    with pytest.raises(ValueError, match="Received"):
        model.generate(0)
    with pytest.raises(ValueError, match="Received"):
        model.interpolate(x, x[:2])
    with pytest.raises(ValueError, match="Received"):
        model.interpolate(x, x, steps=1)

"""The map of the latent space, against a singular value decomposition."""

import numpy as np
import pytest

from keras_aegan import models
from keras_aegan import pictures
from keras_aegan.pictures.latent_map import projected


def places(figure):
    return [
        np.asarray(dots.get_offsets()) for dots in figure.axes[0].collections
    ]


def test_principal_components():
    rng = np.random.default_rng(0)
    first = rng.normal(size=(30, 5)) * [1, 5, 2, 1, 1] + 3
    second = rng.normal(size=(20, 5))
    found, shares = projected({"data": first, "prior": second})
    rows = np.concatenate([first, second])
    rows -= rows.mean(0)
    _, values, directions = np.linalg.svd(rows, full_matrices=False)
    expected = np.abs(rows @ directions[:2].T)
    np.testing.assert_allclose(np.abs(found["data"]), expected[:30], atol=1e-9)
    np.testing.assert_allclose(np.abs(found["prior"]), expected[30:], atol=1e-9)
    variance = values**2 / (values**2).sum()
    np.testing.assert_allclose(shares, variance[:2])


def test_codes_of_data_and_prior_are_drawn(model, images):
    figure = pictures.latent_map(model, images, seed=3)
    codes = {
        "data": model.encode(images),
        "prior": model.sample_codes(24, seed=3),
    }
    expected, shares = projected(codes)
    prior, data = places(figure)
    np.testing.assert_allclose(data, expected["data"], atol=1e-5)
    np.testing.assert_allclose(prior, expected["prior"], atol=1e-5)
    names = [t.get_text() for t in figure.axes[0].get_legend().get_texts()]
    assert names == ["prior", "data"]
    assert f"{100 * shares[0]:.0f} %" in figure.axes[0].get_xlabel()


def test_labels_are_colours(model, images):
    labels = np.arange(24) % 3
    figure = pictures.latent_map(model, images, labels)
    whole = places(pictures.latent_map(model, images))[1]
    groups = places(figure)[1:]
    for i, group in enumerate(groups):
        np.testing.assert_allclose(group, whole[i::3], atol=1e-5)
    texts = [t.get_text() for t in figure.axes[0].get_legend().get_texts()]
    assert texts == ["prior", "0", "1", "2"]
    colors = {tuple(d.get_facecolor()[0]) for d in figure.axes[0].collections}
    assert len(colors) == 4


def test_many_labels_are_a_scale(model, images):
    figure = pictures.latent_map(model, images, np.linspace(0, 1, 24))
    np.testing.assert_allclose(
        figure.axes[0].collections[1].get_array(), np.linspace(0, 1, 24)
    )
    assert len(figure.axes) == 2


def test_models_without_prior_and_codes_that_are_maps():
    model = models.VQGAN.for_shape(
        (8, 8, 1), latent_dim=2, width=2, num_codes=4
    )
    x = np.random.default_rng(0).uniform(-1, 1, (6, 8, 8, 1))
    (data,) = places(pictures.latent_map(model, x))
    expected = projected({"data": model.encode(x).reshape(6, -1)})[0]["data"]
    np.testing.assert_allclose(data, expected, atol=1e-5)


def test_conditional_models_get_the_labels():
    model = models.VAE.for_shape((6,), latent_dim=2, width=2, num_classes=2)
    x = np.random.default_rng(0).normal(size=(8, 6)).astype("float32")
    labels = np.arange(8) % 2
    found = places(pictures.latent_map(model, x, labels))
    codes = {
        "data": model.encode(x, labels=labels),
        "prior": model.sample_codes(8, seed=0, labels=labels),
    }
    expected = projected(codes)[0]["data"]
    np.testing.assert_allclose(found[1], expected[::2], atol=1e-5)


def test_one_number_no_variance_and_no_numbers():
    found, _ = projected({"data": np.arange(4.0)[:, None]})
    np.testing.assert_allclose(
        np.abs(found["data"][:, 0]), [1.5, 0.5, 0.5, 1.5]
    )
    np.testing.assert_allclose(found["data"][:, 1], 0)
    for value in (1.0, np.nan, np.inf):
        found, _ = projected({"data": np.full((4, 3), value)})
        np.testing.assert_allclose(found["data"], 0, atol=1e-12)


def test_errors(model, images):
    gan = models.GAN.for_shape((8, 8, 1), latent_dim=2, width=2)
    with pytest.raises(ValueError, match="cannot encode.*Received"):
        pictures.latent_map(gan, images)
    with pytest.raises(ValueError, match="Received"):
        pictures.latent_map(model, images, labels=[1, 2])

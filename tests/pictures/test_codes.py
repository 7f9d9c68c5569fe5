"""Interpolations, traversals and edits are decodings of the right codes."""

import keras
import numpy as np
import pytest
from figure_contents import LEFT
from figure_contents import assert_shows
from figure_contents import texts
from scipy.spatial import geometric_slerp

from keras_aegan import models
from keras_aegan import networks
from keras_aegan import pictures
from keras_aegan.engine.interpolation import interpolate_codes
from keras_aegan.pictures.traversals import moved_codes

TRAVERSALS = "latent traversals, in standard deviations"
NAMED = LEFT + 3 * 7  # Beside names like `z0`.


def test_linear_interpolations(model, images):
    a, b = images[:2], images[2:4]
    figure = pictures.interpolations(model, a, b, steps=5)
    first, last = model.encode(a), model.encode(b)
    for column in range(5):
        share = column / 4
        tiles = model.decode((1 - share) * first + share * last)
        assert_shows(figure, 0, column, tiles[0])
        assert_shows(figure, 1, column, tiles[1])
    assert texts(figure) == ["interpolations, linear", "a", "", "", "", "b"]


def test_spherical_interpolations(model, images):
    """Half of the angle between codes."""
    a, b = images[:1], images[1:2]
    figure = pictures.interpolations(model, a, b, steps=3, spherical=True)
    samples = model.interpolate(a, b, steps=3, spherical=True)
    first, last = model.encode(a)[0], model.encode(b)[0]
    lengths = np.linalg.norm(first), np.linalg.norm(last)
    angle = np.arccos(first @ last / np.prod(lengths))
    # Half of the angle: both ends weigh sin(w / 2) / sin(w).
    middle = (first + last) * np.sin(angle / 2) / np.sin(angle)
    expected = model.decode(middle[None])[0]
    np.testing.assert_allclose(samples[0, 1], expected, atol=1e-5)
    assert_shows(figure, 0, 1, expected)


def test_spherical_interpolation_agrees_with_scipy():
    z = np.random.default_rng(0).normal(size=(2, 4, 6))
    a, b = z / np.linalg.norm(z, axis=-1, keepdims=True)
    found = interpolate_codes(3 * a, 3 * b, 7, spherical=True)
    for i in range(4):
        expected = 3 * geometric_slerp(a[i], b[i], np.linspace(0, 1, 7))
        np.testing.assert_allclose(found[i], expected, atol=1e-5)


def test_spherical_interpolation_of_parallel_codes_is_linear():
    a = np.array([[1.0, 2.0], [0.0, 0.0], [1.0, 0.0]])
    b = np.array([[2.0, 4.0], [1.0, 1.0], [-1.0, 0.0]])
    found = interpolate_codes(a, b, 5, spherical=True)
    np.testing.assert_allclose(found, interpolate_codes(a, b, 5), atol=1e-6)


def test_interpolations_of_the_prior_need_no_encoder():
    model = models.GAN.for_shape((8, 8, 1), latent_dim=3, width=2)
    figure = pictures.interpolations(model, steps=3, num_rows=2, seed=5)
    first, last = (model.generate(2, seed=seed) for seed in (5, 6))
    for row in range(2):
        assert_shows(figure, row, 0, first[row])
        assert_shows(figure, row, 2, last[row])


def test_traversals(model, images):
    figure = pictures.traversals(model, images[:2], [2], extent=1.5, steps=3)
    codes = model.encode(images[:2])
    spread = model.sample_codes(256, seed=0).std(0)
    for sample in range(2):
        # The title is wider than three tiles.
        left = NAMED + sample * (len(TRAVERSALS) * 7 + 12)
        for column, move in enumerate((-1.5, 0.0, 1.5)):
            z = codes[sample : sample + 1].copy()
            z[:, 2] += move * spread[2]
            assert_shows(figure, 0, column, model.decode(z)[0], left)
    assert texts(figure).count("z2") == 2
    assert texts(figure)[2:5] == ["z2", "-1.5", "0"]


def test_moved_codes_differ_in_one_dimension():
    codes = np.random.default_rng(0).normal(size=(2, 4))
    moves = np.arange(1.0, 13.0).reshape(4, 3)
    moved = moved_codes(codes, [3, 1], moves)
    assert moved.shape == (2, 2, 3, 4)
    difference = moved - codes[:, None, None]
    for i, dimension in enumerate((3, 1)):
        np.testing.assert_allclose(
            difference[:, i, :, dimension], [moves[dimension]] * 2
        )
        others = np.delete(difference[:, i], dimension, axis=-1)
        assert not others.any()


def test_traversals_show_what_changes_samples():
    """The generator uses only 2 of 10 dimensions."""
    z = keras.Input((10,))
    kernel = np.zeros((10, 6))
    kernel[[3, 7]] = 1.0
    x = keras.layers.Dense(6, use_bias=False)
    generator = keras.Model(z, x(z))
    x.set_weights([kernel])
    discriminator = networks.dense_network(6, 1, 4, depth=1)
    model = models.GAN(generator=generator, discriminator=discriminator)
    names = texts(pictures.traversals(model))
    assert "z3" in names and "z7" in names
    assert sum(name.startswith("z") for name in names) == 8


def test_traversals_without_a_prior():
    model = models.Autoencoder.for_shape((6,), latent_dim=2, width=2)
    x = np.random.default_rng(0).normal(size=(5, 6)).astype("float32")
    figure = pictures.traversals(model, x, dimensions=[1], steps=2)
    codes = model.encode(x)
    codes[:, 1] += 2 * codes.std(0)[1]
    line = figure.axes[1].lines[0].get_ydata()
    np.testing.assert_allclose(line, model.decode(codes)[0], atol=1e-5)
    with pytest.raises(ValueError, match="at least 2 samples.*Received"):
        pictures.traversals(model, x[:1])


def test_the_attribute_direction_is_the_difference_of_means(model, images):
    flags = np.arange(24) % 3 == 0
    direction = pictures.attribute_direction(model, images, flags)
    codes = model.encode(images)
    expected = codes[::3].mean(0) - codes[~flags].mean(0)
    np.testing.assert_allclose(direction, expected, atol=1e-6)
    integers = pictures.attribute_direction(model, images, flags.astype(int))
    np.testing.assert_array_equal(integers, direction)


def test_attribute_edits(model, images):
    direction = np.array([1.0, -2.0, 0.5])
    figure = pictures.attribute_edits(model, images[:2], direction, (-1, 0, 2))
    codes = model.encode(images[:2])
    for column, strength in enumerate((-1, 0, 2)):
        tiles = model.decode((codes + strength * direction).astype("float32"))
        assert_shows(figure, 0, column, tiles[0])
        assert_shows(figure, 1, column, tiles[1])
    assert texts(figure) == ["attribute edits", "-1", "0", "+2"]


def test_maps_of_codes():
    model = models.VQGAN.for_shape(
        (8, 8, 1), latent_dim=2, width=2, num_codes=4
    )
    x = np.random.default_rng(0).uniform(-1, 1, (4, 8, 8, 1))
    direction = pictures.attribute_direction(model, x, [0, 0, 1, 1])
    assert direction.shape == (4, 4, 2)
    figure = pictures.attribute_edits(model, x[:1], direction, (0.0, 1.0))
    assert_shows(figure, 0, 0, model.reconstruct(x[:1])[0])
    figure = pictures.interpolations(model, x[:1], x[1:2], 2, spherical=True)
    assert_shows(figure, 0, 1, model.reconstruct(x[1:2])[0])
    with pytest.raises(ValueError, match="codes are vectors.*Received"):
        pictures.traversals(model, x[:1])
    with pytest.raises(ValueError, match="no prior.*Received"):
        pictures.interpolations(model)


def test_conditional_models_get_the_labels():
    model = models.VAE.for_shape((6,), latent_dim=2, width=2, num_classes=3)
    x = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    labels = np.array([0, 2, 1])
    figure = pictures.attribute_edits(model, x, np.zeros(2), (0.0,), labels)
    expected = model.reconstruct(x, labels=labels)
    for axes, row in zip(figure.axes, expected):
        np.testing.assert_allclose(axes.lines[0].get_ydata(), row, atol=1e-5)
    figure = pictures.traversals(model, x, [0], steps=3, labels=labels)
    for i, row in enumerate(expected):
        line = figure.axes[3 * i + 1].lines[0].get_ydata()
        np.testing.assert_allclose(line, row, atol=1e-5)
    figure = pictures.interpolations(model, steps=2, num_rows=3, labels=labels)
    first = model.generate(labels=labels, seed=0)
    for axes, row in zip(figure.axes[::2], first):
        np.testing.assert_allclose(axes.lines[0].get_ydata(), row, atol=1e-5)
    with pytest.raises(ValueError, match="Received: none"):
        pictures.traversals(model, x)


def test_wrong_arguments(model, images):
    x, flags = images[:4], [0, 1, 0, 1]
    for draw in (
        lambda: pictures.interpolations(model, x),
        lambda: pictures.interpolations(model, x, x[:2]),
        lambda: pictures.interpolations(model, x, x, steps=1),
        lambda: pictures.traversals(model, x, dimensions=[3]),
        lambda: pictures.traversals(model, x, dimensions=[]),
        lambda: pictures.traversals(model, x, steps=1),
        lambda: pictures.traversals(model, x, extent=0),
        lambda: pictures.traversals(model, x, labels=flags),
        lambda: pictures.attribute_direction(model, x, flags[:3]),
        lambda: pictures.attribute_direction(model, x, [0, 1, 2, 1]),
        lambda: pictures.attribute_direction(model, x, [1] * 4),
        lambda: pictures.attribute_edits(model, x, np.zeros(2)),
        lambda: pictures.attribute_edits(model, x, np.zeros(3), ()),
        lambda: pictures.traversals(model, x, dimensions=[1.5]),
        lambda: pictures.traversals(model, x, dimensions=[True]),
        lambda: pictures.attribute_direction(model, x, ["a"] * 4),
        lambda: pictures.attribute_edits(model, x, np.zeros(3) + 1j),
        lambda: pictures.attribute_edits(model, x, np.zeros(3), ("a",)),
        lambda: pictures.samples(x + 1j),
        lambda: pictures.samples(x.astype(object)),
        lambda: pictures.samples(x.astype(str)),
    ):
        with pytest.raises(ValueError, match="Received"):
            draw()

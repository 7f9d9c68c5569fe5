"""Nearest training samples, against scikit-learn."""

import numpy as np
import pytest
from figure_contents import assert_shows
from figure_contents import texts
from sklearn.neighbors import NearestNeighbors

from keras_aegan import pictures
from keras_aegan.pictures.neighbours import nearest_of


def test_nearest_samples_across_blocks():
    rng = np.random.default_rng(0)
    samples, data = rng.normal(size=(7, 3, 2)), rng.normal(size=(2345, 3, 2))
    found, distances = nearest_of(samples, data, 4)
    searcher = NearestNeighbors(n_neighbors=4).fit(data.reshape(-1, 6))
    expected = searcher.kneighbors(samples.reshape(-1, 6))
    np.testing.assert_allclose(distances, expected[0], rtol=1e-5)
    np.testing.assert_array_equal(found, expected[1])


def test_sequences_of_tokens_differ_in_places():
    rng = np.random.default_rng(0)
    samples, data = rng.integers(9, size=(5, 8)), rng.integers(9, size=(40, 8))
    _, distances = nearest_of(samples, data, 3)
    searcher = NearestNeighbors(n_neighbors=3, metric="hamming").fit(data)
    expected = searcher.kneighbors(samples)[0] * 8
    np.testing.assert_allclose(distances, expected, atol=1e-5)


def test_the_closest_samples_are_shown_beside_their_neighbours(images):
    rng = np.random.default_rng(0)
    noise = (
        rng.normal(size=images.shape)
        * np.linspace(0.4, 0.1, 24)[:, None, None, None]
    )
    samples = np.clip(images + noise, -1, 1)
    figure = pictures.neighbours(samples, images, num_neighbours=2, num_rows=3)
    distances = np.sqrt(((samples - images) ** 2).sum((1, 2, 3)))
    order = np.argsort(distances)[:3]
    names = [f"{distances[i]:.3g}" for i in order]
    assert texts(figure)[3:6] == names
    left = 12 + 7 * (1 + max(map(len, names)))
    right = 12 + 7 * len("the closest, by distance") + 12
    for row, i in enumerate(order):
        assert_shows(figure, row, 0, samples[i], left)
        assert_shows(figure, row, 0, images[i], right)


def test_the_plot_compares_with_training_samples_among_themselves():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(50, 4))
    figure = pictures.neighbours(data + 1e-3, data)
    legend = figure.axes[-1].get_legend().get_texts()
    searcher = NearestNeighbors(n_neighbors=2).fit(data)
    own = np.median(searcher.kneighbors(data)[0][:, 1])
    # A shift of 0.001 in 4 dimensions is 0.002 long.
    assert [text.get_text() for text in legend] == [
        "generated, median 0.002",
        f"training, median {own:.3g}",
    ]


def test_samples_of_nan_and_infinity_are_drawn():
    data = np.random.default_rng(0).normal(size=(20, 4))
    samples = np.full((3, 4), np.nan)
    samples[1] = np.inf
    pictures.neighbours(samples, data)


def test_wrong_arguments(images):
    for samples, data in (
        (images, images[:5]),
        (images, images[:, :4]),
        (images[:0], images),
    ):
        with pytest.raises(ValueError, match="Received"):
            pictures.neighbours(samples, data)

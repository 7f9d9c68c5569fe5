"""The plane of principal components, against scikit-learn."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from keras_aegan.pages.principal_plane import principal_plane


@pytest.mark.parametrize("shape", [(50, 7), (5, 20), (200, 2)])
def test_it_is_scikit_learns(shape):
    generator = np.random.default_rng(0)
    rows = generator.normal(size=shape) * np.arange(1, shape[1] + 1) + 3.0
    axes, shares = principal_plane(rows)
    analysis = PCA(2, random_state=0)
    expected = analysis.fit_transform(rows)
    found = (rows - rows.mean(axis=0)) @ axes
    signs = np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(found * signs, expected, atol=1e-9)
    np.testing.assert_allclose(shares, analysis.explained_variance_ratio_)
    np.testing.assert_allclose(axes.T @ axes, np.eye(2), atol=1e-12)
    # What makes the axes unique.
    assert (axes[np.abs(axes).argmax(axis=0), [0, 1]] > 0).all()


def test_a_component_that_is_missing_is_zero():
    axes, shares = principal_plane(np.array([[1.0], [3.0], [2.0]]))
    assert axes.tolist() == [[1.0, 0.0]] and shares.tolist() == [1.0, 0.0]
    axes, shares = principal_plane(np.ones((4, 3)))
    assert np.isfinite(axes).all() and shares.tolist() == [0.0, 0.0]

"""Two-sample metrics against closed forms, SciPy, scikit-learn and loops."""

import keras
import numpy as np
import pytest
from scipy import linalg
from scipy import special
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from keras_aegan import metrics
from keras_aegan.models import AEGAN


def normal(count, dimensions, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dimensions))


def exactly(mean, root, count=500):
    """Samples whose mean and unbiased covariance are given to rounding."""
    x = normal(count, len(mean), seed=1)
    x = x - x.mean(0)
    x = x @ np.linalg.inv(np.linalg.cholesky(np.atleast_2d(np.cov(x.T))).T)
    return x @ np.asarray(root).T + mean


ALL = {
    "frechet_distance": metrics.FrechetDistance,
    "kernel_distance": metrics.KernelDistance,
    "precision_recall": metrics.PrecisionRecall,
    "density_coverage": metrics.DensityCoverage,
    "sliced_wasserstein_distance": metrics.SlicedWassersteinDistance,
}


# === Values ===


def test_frechet_distance_of_two_gaussians_is_the_closed_form():
    first = exactly([1.0, 2.0, 3.0], np.diag([1.0, 2.0, 0.5]))
    second = exactly([0.0, 2.0, 5.0], np.diag([3.0, 2.0, 1.0]))
    # For commuting covariances: |m1 - m2|^2 + sum (s1 - s2)^2.
    expected = (1 + 0 + 4) + (4 + 0 + 0.25)
    result = metrics.FrechetDistance()(first, second)
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_frechet_distance_is_that_of_scipys_matrix_root():
    rng = np.random.default_rng(0)
    first, second = (
        normal(300, 6, i) @ rng.normal(size=(6, 6)) for i in (0, 1)
    )
    a, b = np.cov(first.T), np.cov(second.T)
    shift = first.mean(0) - second.mean(0)
    root = linalg.sqrtm(a @ b).real
    expected = shift @ shift + np.trace(a + b - 2 * root)
    result = metrics.FrechetDistance()(first, second)
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_frechet_distance_of_singular_covariances():
    """Samples on two lines at a right angle, which share nothing."""
    t = exactly([0.0], [[2.0]])
    first, second = np.hstack([t, 0 * t, 0 * t]), np.hstack([0 * t, t, 0 * t])
    metric = metrics.FrechetDistance()
    np.testing.assert_allclose(metric(first, second), 4 + 4, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(first, first), 0.0, atol=1e-12)
    metric.reset_state()
    np.testing.assert_allclose(metric(first, 0 * first), 4.0, rtol=1e-6)


def test_kernel_distance_is_the_mean_over_all_pairs():
    x, y = normal(40, 3), 1.5 * normal(30, 3, 1)

    def k(a, b):
        return (a @ b / 3 + 1) ** 3

    among_x = [k(a, b) for i, a in enumerate(x) for b in np.delete(x, i, 0)]
    among_y = [k(a, b) for i, a in enumerate(y) for b in np.delete(y, i, 0)]
    between = [k(a, b) for a in x for b in y]
    expected = np.mean(among_x) + np.mean(among_y) - 2 * np.mean(between)
    result = metrics.KernelDistance()(x, y)
    np.testing.assert_allclose(result, expected, rtol=1e-4)


def test_kernel_distance_has_no_bias_and_says_its_spread():
    """Over many small samples of one distribution the mean is 0."""
    results, spreads = [], []
    for seed in range(60):
        metric = metrics.KernelDistance(subsets=20)
        results.append(metric(normal(50, 2, seed), normal(50, 2, seed + 999)))
        spreads.append(metric.spread())
    error = np.std(results) / np.sqrt(len(results))
    assert abs(np.mean(results)) < 3 * error
    # Subsets are of 25 samples: a spread of the same order, but larger.
    assert np.std(results) < np.mean(spreads) < 4 * np.std(results)


def test_precision_recall_density_and_coverage_by_scikit_learn():
    real, fake = normal(120, 2), 1.5 * normal(90, 2, 1) + 0.5

    def balls(x, k):
        return NearestNeighbors().fit(x).kneighbors(x, k + 1)[0][:, k]

    distances = np.linalg.norm(real[:, None] - fake[None], axis=-1)
    inside = distances < balls(real, 3)[:, None]
    assert 0.3 < inside.any(0).mean() < 1
    result = metrics.PrecisionRecall()(real, fake)
    np.testing.assert_allclose(result["precision"], inside.any(0).mean())
    recalled = (distances < balls(fake, 3)).any(1).mean()
    assert 0.3 < recalled < 1
    np.testing.assert_allclose(result["recall"], recalled)
    inside = distances < balls(real, 5)[:, None]
    result = metrics.DensityCoverage()(real, fake)
    np.testing.assert_allclose(result["density"], inside.sum() / (5 * 90))
    np.testing.assert_allclose(result["coverage"], inside.any(1).mean())


def test_copies_of_few_real_samples_are_precise_but_cover_little():
    real = normal(400, 2)
    copies = np.repeat(real[:10], 40, 0)
    result = metrics.PrecisionRecall()(real, copies)
    assert result == {"precision": 1.0, "recall": 0.0}
    assert metrics.DensityCoverage()(real, copies)["coverage"] < 0.2


@pytest.mark.parametrize("counts", [(60, 60), (60, 41)], ids=str)
def test_wasserstein_distance_of_one_dimension_is_scipys(counts):
    x, y = (normal(n, 1, n) * n for n in counts)
    result = metrics.SlicedWassersteinDistance(num_projections=2, order=1)(x, y)
    expected = stats.wasserstein_distance(x[:, 0], y[:, 0])
    np.testing.assert_allclose(result, expected, rtol=1e-5)


def test_sliced_wasserstein_distance_of_a_shift():
    """|theta . m|^2 has the mean |m|^2 / dimensions over directions."""
    x = normal(200, 4)
    shift = np.array([3.0, 0.0, 4.0, 0.0])
    metric = metrics.SlicedWassersteinDistance(num_projections=4000)
    np.testing.assert_allclose(metric(x, x + shift), 5 / 2, rtol=0.05)


def test_inception_score_by_scipys_relative_entropy():
    p = special.softmax(2 * normal(60, 4), axis=1)
    scores = [
        np.exp(special.rel_entr(part, part.mean(0)).sum(1).mean())
        for part in np.split(p, 3)
    ]
    metric = metrics.InceptionScore(lambda x: x, splits=3)
    metric.update_generated(p[:7])
    metric.update_generated(p[7:])
    np.testing.assert_allclose(metric.result(), np.mean(scores), rtol=1e-5)
    np.testing.assert_allclose(metric.spread(), np.std(scores), rtol=1e-4)


def test_inception_score_of_impossible_classes_is_finite():
    metric = metrics.InceptionScore(lambda x: x, splits=1)
    assert metric(np.eye(3)[[0, 0, 1, 1]]) == pytest.approx(2.0)


# === Batches, networks ===


@pytest.mark.parametrize("name", ALL)
def test_batches_of_any_size_give_the_same(name):
    # A mean far from 0 is where sums of squares lose their digits.
    x, y = normal(500, 3) + 300.0, 1.2 * normal(500, 3, 1) + 300.5
    expected = ALL[name]()(x, y)
    for size in (1, 7, 64):
        metric = ALL[name]()
        for i in range(0, 500, size):
            metric.update_real(x[i : i + size])
            metric.update_generated(y[i : i + size])
        result = metric.result()
        for a, b in zip(np.hstack(values(expected)), values(result)):
            np.testing.assert_allclose(b, a, rtol=1e-6)


def values(result):
    return list(result.values()) if isinstance(result, dict) else [result]


@pytest.mark.parametrize("name", ALL)
def test_a_keras_model_makes_the_features(name):
    network = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    x, y = (
        np.random.default_rng(i).normal(size=(50, 4, 4, 1)).astype("float32")
        for i in (0, 1)
    )
    kernel, bias = network.get_weights()
    expected = ALL[name]()(*(u.reshape(50, 16) @ kernel + bias for u in (x, y)))
    metric = ALL[name](network)
    assert metric.name == name
    result = metric(keras.ops.convert_to_tensor(x), y)
    np.testing.assert_allclose(values(result), values(expected), rtol=1e-3)


def test_real_samples_stay_when_generated_ones_are_forgotten():
    x = normal(100, 2)
    metric = metrics.FrechetDistance()
    metric.update_real(x)
    for shift in (1.0, 2.0):
        metric.reset_generated()
        metric.update_generated(x + shift)
        np.testing.assert_allclose(metric.result(), 2 * shift**2, rtol=1e-6)
    metric.reset_state()
    with pytest.raises(ValueError, match="needs real samples.*Received: none"):
        metric.result()


# === Bad input ===


def test_too_few_samples_for_the_features_is_a_warning_that_says_how_many():
    x = normal(10, 12)
    metric = metrics.FrechetDistance()
    with pytest.warns(UserWarning, match="more than 12 samples"):
        result = metric(x, x + 1.0)
    np.testing.assert_allclose(result, 12.0, rtol=1e-6)


def test_images_that_are_scaled_differently_are_a_warning():
    x = np.random.default_rng(0).uniform(size=(40, 2, 2, 1))
    metric = metrics.FrechetDistance()
    with pytest.warns(UserWarning, match=r"scaled alike.*\[.*\].*\[.*\]"):
        metric(255 * x, 2 * x - 1)


@pytest.mark.parametrize("name", ALL)
def test_wrong_samples(name):
    metric = ALL[name]()
    x = normal(20, 2)
    for side in (metric.update_real, metric.update_generated):
        for empty in (x[:0], np.zeros(())):
            with pytest.raises(ValueError, match="Received: an array of shape"):
                side(empty)
        with pytest.raises(ValueError, match="finite. Received: 1 of 40"):
            side(np.where(np.arange(40).reshape(20, 2) == 3, np.nan, x))
    metric.update_real(x)
    with pytest.raises(ValueError, match="generated samples.*Received"):
        metric.result()
    with pytest.raises(ValueError, match=r"\(2,\).*Received: \(3,\)"):
        metric.update_generated(normal(20, 3))


@pytest.mark.parametrize(
    "name", sorted(set(ALL) - {"sliced_wasserstein_distance"})
)
def test_one_sample_is_too_few(name):
    with pytest.raises(ValueError, match="at least.*Received: 1"):
        ALL[name]()(normal(1, 2), normal(1, 2))


def test_wrong_arguments():
    for wrong in (
        lambda: metrics.FrechetDistance("inception"),
        lambda: metrics.KernelDistance(subsets=0),
        lambda: metrics.KernelDistance(subset_size=1),
        lambda: metrics.PrecisionRecall(k=0),
        lambda: metrics.DensityCoverage(k=1.5),
        lambda: metrics.InceptionScore(lambda x: x, splits=0),
        lambda: metrics.SlicedWassersteinDistance(num_projections=0),
        lambda: metrics.SlicedWassersteinDistance(order=0),
        lambda: metrics.InceptionScore(lambda x: x)(normal(20, 3)),
        lambda: metrics.InceptionScore(lambda x: x)(np.eye(3)),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()


def test_a_compiled_step_is_no_place_for_it():
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    with pytest.raises(ValueError, match="GenerationMetrics.*Received"):
        model.compile(metrics=[metrics.FrechetDistance()])

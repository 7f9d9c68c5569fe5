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


@pytest.mark.parametrize("counts", [(9, 12), (9, 300), (300, 9)], ids=str)
def test_frechet_distance_of_few_samples_is_scipys(counts):
    """Fewer than 20 columns; the root of a singular product by eigenvalues."""
    first, second = (normal(n, 20, n) * 3 + 5 for n in counts)
    a, b = np.cov(first.T), np.cov(second.T)
    shift = first.mean(0) - second.mean(0)
    root = np.sqrt(np.maximum(linalg.eigvals(a @ b).real, 0.0)).sum()
    expected = shift @ shift + np.trace(a + b) - 2 * root
    for size in (2, 300):
        metric = metrics.FrechetDistance()
        for update, x in (
            (metric.update_real, first),
            (metric.update_generated, second),
        ):
            for i in range(0, len(x), size):
                update(x[i : i + size])
        with pytest.warns(UserWarning, match="more than 20 samples"):
            result = metric.result()
        np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_frechet_distance_of_few_samples_computes_no_covariance():
    """Of 30,000 columns it would have 7.2 GB."""
    x = normal(6, 30_000)
    metric = metrics.FrechetDistance()
    with pytest.warns(UserWarning, match="more than 30000 samples"):
        result = metric(x, x + 1.0)
    np.testing.assert_allclose(result, 30_000.0, rtol=1e-6)
    assert metric.summaries()[0].arrays()["rows"].shape == x.shape


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
    inside = distances <= balls(real, 3)[:, None]
    assert 0.3 < inside.any(0).mean() < 1
    result = metrics.PrecisionRecall()(real, fake)
    np.testing.assert_allclose(result["precision"], inside.any(0).mean())
    recalled = (distances <= balls(fake, 3)).any(1).mean()
    assert 0.3 < recalled < 1
    np.testing.assert_allclose(result["recall"], recalled)
    inside = distances <= balls(real, 5)[:, None]
    result = metrics.DensityCoverage()(real, fake)
    np.testing.assert_allclose(result["density"], inside.sum() / (5 * 90))
    np.testing.assert_allclose(result["coverage"], inside.any(1).mean())


def yes_or_no(count, columns=4, seed=0):
    return np.random.default_rng(seed).integers(0, 2, (count, columns))


# Scaled and moved so that squared distances of equal rows are not exactly 0
# by the rule |a|^2 + |b|^2 - 2 a b.
@pytest.mark.parametrize(
    "move", [lambda x: x, lambda x: 0.1 * x + 1e4], ids=["0", "1e4"]
)
def test_a_perfect_generator_of_a_table_of_yes_and_no(move):
    """Most radii are 0: a sample's nearest neighbours are equal to it."""
    real = move(yes_or_no(300))
    for fake in (move(yes_or_no(250, seed=1)), real):
        result = metrics.PrecisionRecall()(real, fake)
        assert result == {"precision": 1.0, "recall": 1.0}
        result = metrics.DensityCoverage()(real, fake)
        assert result["coverage"] == 1.0
        np.testing.assert_allclose(result["density"], 1.0, atol=0.15)
    result = metrics.DensityCoverage()(real, move(2 + yes_or_no(250)))
    assert result == {"density": 0.0, "coverage": 0.0}


def test_density_among_equal_samples_by_hand():
    """Radii 0, 0, 0 and 3; the balls have 2, 2, 2 and 3 others inside."""
    real = np.array([[0.0], [0.0], [0.0], [3.0]])
    fake = np.array([[0.0], [6.0], [7.0]])
    result = metrics.DensityCoverage(k=2)(real, fake)
    # The first is in all four balls, the second in that of radius 3.
    expected = (3 * 1 / 2 + 2 / 3) / 3
    np.testing.assert_allclose(result["density"], expected)
    assert result["coverage"] == 1.0


@pytest.mark.parametrize("make", [normal, yes_or_no], ids=["normal", "yes"])
def test_balls_far_from_0_are_those_of_differences(make):
    """Of float64, whose squares lose what differences keep."""
    real, fake = make(80, 6) + 1e4, make(70, 6, seed=1) + 1e4

    def squares(a, b):
        return np.square(a[:, None] - b[None]).sum(-1)

    inside = [
        squares(centres, samples)
        <= np.sort(squares(centres, centres), 1)[:, [3]]
        for centres, samples in ((real, fake), (fake, real))
    ]
    assert metrics.PrecisionRecall()(real, fake) == {
        "precision": inside[0].any(0).mean(),
        "recall": inside[1].any(0).mean(),
    }


def test_copies_of_few_real_samples_are_precise_but_cover_little():
    real = normal(400, 2)
    copies = np.repeat(real[:10], 40, 0)
    result = metrics.PrecisionRecall()(real, copies)
    # Balls of equal copies have radius 0: they contain the 10 themselves.
    assert result == {"precision": 1.0, "recall": 10 / 400}
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


SCALES = {
    "bytes": lambda u: 255 * u,
    "unit": lambda u: u,
    "signed": lambda u: 2 * u - 1,
    "standardized": lambda u: (u - 0.5) / 0.3,
    # A generator before it has learnt, and one that overshoots.
    "small": lambda u: 0.4 * u - 0.2,
    "overshooting": lambda u: 1.4 * u - 0.2,
    "collapsed": lambda u: 0.7 + 0 * u,
}


@pytest.mark.parametrize(
    "names",
    [
        ("bytes", "unit"),
        ("bytes", "signed"),
        ("bytes", "standardized"),
        ("unit", "signed"),
        ("signed", "unit"),
        ("standardized", "unit"),
        ("unit", "bytes"),
    ],
    ids=str,
)
def test_samples_on_plainly_different_scales_are_one_warning(names):
    u = np.random.default_rng(0).uniform(size=(40, 2, 2, 1))
    real, fake = (SCALES[name](u) for name in names)
    metric = metrics.SlicedWassersteinDistance()
    with pytest.warns(UserWarning, match=r"scaled alike.*\[.*\].*\[.*\]"):
        metric(real, fake)
    metric.reset_generated()
    metric.update_generated(0.99 * fake)
    metric.result()  # Warnings are errors here.


@pytest.mark.parametrize(
    "names",
    [
        ("unit", "unit"),
        ("unit", "small"),
        ("unit", "overshooting"),
        ("signed", "small"),
        ("signed", "collapsed"),
        ("standardized", "overshooting"),
        ("standardized", "collapsed"),
    ],
    ids=str,
)
def test_generators_that_are_bad_are_not_on_another_scale(names):
    u = np.random.default_rng(0).uniform(size=(40, 2, 2, 1))
    metrics.SlicedWassersteinDistance()(*(SCALES[name](u) for name in names))


def test_codes_may_lie_anywhere():
    z = normal(40, 2)
    metrics.PriorDistance()(z, np.abs(np.tanh(z)))


@pytest.mark.parametrize("name", ALL)
def test_too_few_samples_are_an_error_that_says_how_many(name):
    metric = ALL[name]()
    least = metric.minimum_samples
    assert least >= 2
    x = normal(least, 2)
    for real, fake, kind in ((x[1:], x, "real"), (x, x[1:], "generated")):
        metric.reset_state()
        message = f"at least {least} {kind} samples. Received: {least - 1}"
        with pytest.raises(ValueError, match=message):
            metric(real, fake)
    x = normal(max(least, 3), 2)
    metric.reset_state()
    metric(x, x[::-1])


def test_a_spread_needs_samples_too():
    for metric in (
        metrics.KernelDistance(),
        metrics.InceptionScore(lambda x: x),
    ):
        with pytest.raises(ValueError, match="needs.*samples.*Received: none"):
            metric.spread()
    metric = metrics.InceptionScore(lambda x: x, splits=2)
    with pytest.raises(ValueError, match="at least 4.*Received: 3"):
        metric(np.eye(3))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "uint8"])
def test_narrow_numbers_give_what_their_values_give(name, dtype):
    """Sums of these would overflow in their own arithmetic."""
    rng = np.random.default_rng(0)
    x, y = (
        keras.ops.cast(rng.integers(0, 200, (40, 3)), dtype) for _ in range(2)
    )
    exact = [
        keras.ops.convert_to_numpy(keras.ops.cast(u, "float32")) for u in (x, y)
    ]
    expected = ALL[name]()(*exact)
    np.testing.assert_allclose(
        values(ALL[name]()(x, y)), values(expected), rtol=1e-6
    )
    assert np.isfinite(values(expected)).all()


@pytest.mark.parametrize("name", ALL)
def test_what_is_no_array_of_samples(name):
    x = normal(20, 2)
    metric = ALL[name]()
    for wrong in (
        x + 1j,
        x.astype(object),
        x.astype(str),
        x[:, 0],
        x[:, :0],
        [[1.0], [2.0, 3.0]],
        None,
    ):
        for side in (metric.update_real, metric.update_generated):
            with pytest.raises(ValueError, match="Received"):
                side(wrong)
    metric(x, x)  # Nothing of these has stayed.


def test_features_of_another_number_of_rows():
    metric = metrics.FrechetDistance(lambda x: np.repeat(x, 2, 0))
    with pytest.raises(ValueError, match=r"each of 20.*Received.*\(40, 2\)"):
        metric.update_real(normal(20, 2))


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
        lambda: metrics.SlicedWassersteinDistance(seed=-1),
        lambda: metrics.InceptionScore(lambda x: x)(normal(20, 3)),
        lambda: metrics.InceptionScore(lambda x: x)(np.eye(3)),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()


def test_a_compiled_step_is_no_place_for_it():
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    with pytest.raises(ValueError, match="GenerationMetrics.*Received"):
        model.compile(metrics=[metrics.FrechetDistance()])

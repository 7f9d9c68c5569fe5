"""What scores are made of: scales, tails, forests, thresholds."""

import random

import keras
import numpy as np
import pytest
from scipy import stats
from sklearn.ensemble import IsolationForest as ScikitLearnForest
from sklearn.preprocessing import MinMaxScaler
from sklearn.preprocessing import StandardScaler

from keras_aegan.anomaly import threshold
from keras_aegan.anomaly import training
from keras_aegan.anomaly.isolation_forest import IsolationForest
from keras_aegan.anomaly.isolation_forest import average_path_length
from keras_aegan.anomaly.scaling import Scaling
from keras_aegan.anomaly.tail import Tail

RNG = np.random.default_rng(0)


def test_scales_are_those_of_scikit_learn():
    x = RNG.normal(5, 3, size=(50, 4)) * [1.0, 1e3, 1e-3, 1e6]
    np.testing.assert_allclose(
        Scaling().fit(x)(x), StandardScaler().fit_transform(x), atol=1e-5
    )
    np.testing.assert_allclose(
        Scaling((-1.0, 1.0)).fit(x)(x),
        MinMaxScaler((-1, 1)).fit_transform(x),
        atol=1e-5,
    )


def test_a_constant_column_is_only_shifted():
    x = np.full((10, 1), 0.1)
    assert Scaling().fit(x)(x).tolist() == [[0.0]] * 10
    assert Scaling().fit(x)(np.array([[2.1]]))[0, 0] == 2.0


@pytest.mark.parametrize("size", [1e30, 1e300, 1.7e308])
def test_huge_numbers_stay_finite(size):
    x = np.array([[-size, 0.0], [size, 1.0]])
    scaled = Scaling().fit(x)(x)
    assert np.isfinite(scaled).all()
    assert np.abs(Scaling().fit(x / size)(x)).max() <= 1e6


def test_tails_are_those_of_the_empirical_distribution():
    scores = RNG.normal(size=99)
    # SciPy ranks from 1 for the least: 100 - rank are at least as great.
    expected = -np.log((1 + 100 - stats.rankdata(scores)) / 100)
    np.testing.assert_allclose(Tail().fit(scores)(scores), expected)


def test_tails_go_on_beyond_the_training_scores():
    tail = Tail().fit(np.arange(11.0))
    # Of 0 to 10 the upper tenth is 9 and 10: mean excess 1 / 2.
    last = tail(np.array([10.0]))[0]
    assert last == pytest.approx(np.log(12 / 2))
    assert tail(np.array([12.0]))[0] == pytest.approx(last + 2 / 0.5)


def test_tails_of_equal_scores():
    tail = Tail().fit(np.ones(5))
    assert tail(np.array([0.0, 1.0])).tolist() == [0.0, 0.0]
    assert tail(np.array([2.0]))[0] > 0


def test_average_path_lengths():
    # By hand: H(k) is ln(k) + .57722 in the paper.
    found = average_path_length(np.array([1, 2, 256]))
    expected = 2 * (np.log(255) + 0.5772156649) - 2 * 255 / 256
    np.testing.assert_allclose(found, [0.0, 1.0, expected])


def test_a_forest_by_hand():
    # Two different rows: each tree has one split, and each row depth 1, and
    # c(2) = 1, so the score is 1/2.
    x = np.array([[0.0], [1.0]])
    forest = IsolationForest(trees=5).fit(x, np.random.default_rng(0))
    np.testing.assert_allclose(forest.score(x), 0.5)
    # Equal rows are never split: depth 0 and c(4) of c(4).
    x = np.zeros((4, 2))
    forest = IsolationForest(trees=5).fit(x, np.random.default_rng(0))
    np.testing.assert_allclose(forest.score(x), 0.5)


def test_a_forest_agrees_with_scikit_learn():
    x = RNG.normal(size=(1000, 4)) ** 3
    ours = IsolationForest(300).fit(x, np.random.default_rng(0)).score(x)
    theirs = (
        -ScikitLearnForest(n_estimators=300, random_state=0)
        .fit(x)
        .score_samples(x)
    )
    assert stats.spearmanr(ours, theirs)[0] > 0.97
    assert np.abs(ours - theirs).mean() < 0.02


def test_conformal_p_values_are_uniform_on_normal_data():
    """p <= alpha as often as alpha, within four binomial deviations."""
    calibration, new = RNG.normal(size=999), RNG.normal(size=20_000)
    p = threshold.conformal_p_values(calibration, new)
    for alpha in (0.01, 0.05, 0.2):
        # The rate given the calibration rows is beta distributed (Vovk 2012).
        k = int(alpha * 1000)
        spread = stats.beta(k, 1000 - k).std()
        spread += np.sqrt(alpha * (1 - alpha) / len(new))
        assert abs(np.mean(p <= alpha) - alpha) < 4 * spread
        limit = threshold.conformal_threshold(calibration, alpha)
        np.testing.assert_array_equal(new > limit, p <= alpha)


def test_conformal_thresholds_need_enough_rows():
    assert threshold.conformal_threshold(np.arange(29.0), 0.1) == 26.0
    with pytest.raises(ValueError, match="Received: alpha=0.04 and n=19"):
        threshold.conformal_threshold(np.arange(19.0), 0.04)


def test_seeds_are_given_back():
    random.seed(1)
    expected = random.random()
    random.seed(1)
    with training.seeded(5):
        first = random.random()
    assert random.random() == expected
    with training.seeded(5):
        assert random.random() == first


def seeded_model(seed):
    with training.seeded(seed):
        return training.new_model(None, (3,), 2, 4)


def trained_on(model, trainer, seed):
    """Weights after five steps of batches of 8 on 20 rows."""
    x = np.random.default_rng(0).normal(size=(20, 3)).astype("float32")
    with training.seeded(seed):
        trainer.train(model, x, 5, np.random.default_rng(seed))
    assert int(model.optimizer.iterations) == 5
    return [np.array(w) for w in model.get_weights()]


@pytest.mark.every_backend
def test_a_shared_program_trains_like_ones_own():
    """And the first model keeps what it has learnt."""
    shared = training.Trainer(batch_size=8)
    first, second = seeded_model(0), seeded_model(1)
    kept = trained_on(first, shared, 0)
    together = trained_on(second, shared, 1)
    alone = trained_on(seeded_model(1), training.Trainer(batch_size=8), 1)
    for a, b in zip(together, alone, strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(kept, first.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
    assert not np.array_equal(kept[0], together[0])


def test_all_rows_are_seen_equally_often():
    seen = []

    class Model:
        compiled = True
        variables = ()
        optimizer = keras.optimizers.SGD()

        def fit(self, batches, **kwargs):
            seen.extend(batches[i] for i in range(len(batches)))

    x = np.arange(10.0)
    trainer = training.Trainer(batch_size=4)
    trainer.train(Model(), x, 5, np.random.default_rng(0))
    assert [len(batch) for batch in seen] == [4] * 5
    rows, counts = np.unique(np.concatenate(seen), return_counts=True)
    np.testing.assert_array_equal(rows, x)
    assert set(counts) == {2}

"""The counter-based generator against published vectors and statistics."""

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from keras_aegan import random

# From Random123's file kat_vectors: rounds, counter, key, expected words.
PI = (0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344)
ONES = (0xFFFFFFFF, 0xFFFFFFFF), (0xFFFFFFFF, 0xFFFFFFFF)
ZEROS = (0, 0), (0, 0)
VECTORS = [
    (13, *ZEROS, (0x9D1C5EC6, 0x8BD50731)),
    (13, *ONES, (0xFD36D048, 0x2D17272C)),
    (13, *PI, (0xBA3E4725, 0xF27D669E)),
    (20, *ZEROS, (0x6B200159, 0x99BA4EFE)),
    (20, *ONES, (0x1CB996FC, 0xBB002BE7)),
    (20, *PI, (0xC4923A9C, 0x483DF7A0)),
]
UNIFORM = np.array(
    [
        0.5230854749679565,
        0.9404389262199402,
        0.7399098873138428,
        0.32816624641418457,
    ],
    "float32",
)
NORMAL = np.array(
    [
        -0.07709694653749466,
        -1.1201977729797363,
        -1.2144513130187988,
        2.0944361686706543,
    ],
    "float32",
)
MILLION = 1_000_000


def word(value):
    return ops.convert_to_tensor(np.array([value], "uint32").view("int32"))


def bits(tensor):
    return ops.convert_to_numpy(tensor).astype("int32").view("uint32")


@pytest.mark.parametrize("rounds, counter, key, expected", VECTORS)
def test_threefry_gives_the_published_words(rounds, counter, key, expected):
    words = random.threefry2x32(
        tuple(map(word, key)), tuple(map(word, counter)), rounds
    )
    assert tuple(int(bits(w)[0]) for w in words) == expected


def test_numbers_are_the_same_on_every_backend():
    """Written down from JAX; integers and uniform numbers to the last bit."""
    state = ops.convert_to_tensor(random.initial_state(2026))
    uniform = ops.convert_to_numpy(random.uniform(state, (4,)))
    np.testing.assert_array_equal(uniform, UNIFORM)
    normal = ops.convert_to_numpy(random.normal(state, (4,)))
    np.testing.assert_allclose(normal, NORMAL, atol=3e-7)


@pytest.fixture(scope="module")
def million():
    generator = random.RandomGenerator(seed=3)
    uniform = ops.convert_to_numpy(generator.uniform((MILLION,)))
    normal = ops.convert_to_numpy(generator.normal((MILLION,)))
    return uniform, normal


def test_moments(million):
    """Within four standard errors of those of U(0, 1) and N(0, 1)."""
    uniform, normal = million
    error = MILLION**-0.5
    assert abs(uniform.mean() - 0.5) < 4 * error * 12**-0.5
    assert abs(uniform.var() - 1 / 12) < 4 * error * 180**-0.5
    assert abs(normal.mean()) < 4 * error
    assert abs(normal.var() - 1) < 4 * error * 2**0.5
    assert abs(stats.skew(normal)) < 4 * error * 6**0.5
    assert abs(stats.kurtosis(normal)) < 4 * error * 24**0.5


def test_chi_squared(million):
    """Equally many numbers in 1000 equally likely bins, by SciPy."""
    uniform, normal = million
    for u in (uniform, stats.norm.cdf(normal)):
        counts = np.histogram(u, bins=1000, range=(0, 1))[0]
        assert stats.chisquare(counts).pvalue > 1e-4
        # Too even would be as wrong as too uneven.
        assert stats.chisquare(counts).pvalue < 1 - 1e-4


def test_no_correlation(million):
    """Neighbours, halves (the two words of a pair) and two draws."""
    limit = 4 * MILLION**-0.5
    for x in million:
        half = MILLION // 2
        assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < limit
        assert abs(np.corrcoef(x[:half], x[half:])[0, 1]) < limit * 2**0.5
    assert abs(np.corrcoef(*million)[0, 1]) < limit


def test_a_stream_moves_on_and_is_saved(tmp_path):
    generator = random.RandomGenerator(seed=5)
    first = ops.convert_to_numpy(generator.normal((3, 5)))
    second = ops.convert_to_numpy(generator.normal((3, 5)))
    assert not np.array_equal(first, second)
    again = random.RandomGenerator(seed=5)
    again.set_weights([np.array([5, 0, 1], "int32")])
    np.testing.assert_array_equal(
        ops.convert_to_numpy(again.normal((3, 5))), second
    )


def test_the_seed_of_keras_decides():
    def draw(seed):
        keras.utils.set_random_seed(seed)
        return ops.convert_to_numpy(random.RandomGenerator().normal((4,)))

    np.testing.assert_array_equal(draw(1), draw(1))
    assert not np.array_equal(draw(1), draw(2))


def test_reseeding_leaves_the_stream_where_it_is():
    generator = random.RandomGenerator(seed=5)
    before = generator.get_weights()[0]
    expected = random.RandomGenerator(seed=9).normal((4,))
    for seed in (9, np.int32(9), np.uint8(9)):
        with keras.StatelessScope(random.seeded_states([generator], seed)):
            inside = ops.convert_to_numpy(generator.normal((4,)))
        np.testing.assert_array_equal(generator.get_weights()[0], before)
        np.testing.assert_array_equal(inside, ops.convert_to_numpy(expected))
    with pytest.raises(ValueError, match="`seed`.*Received"):
        random.seeded_states([generator], 1.5)


@pytest.mark.parametrize("mode, fan", [("fan_in", 288), ("fan_avg", 432)])
def test_variance_scaling_has_the_variance_of_its_formula(mode, fan):
    """He et al. 2015, equation 10: Var = scale / fan; 9 * 32 weights a unit."""
    weights = random.VarianceScaling(2.0, mode, seed=1)((3, 3, 32, 64))
    weights = ops.convert_to_numpy(weights)
    np.testing.assert_allclose(weights.var(), 2.0 / fan, rtol=0.05)
    np.testing.assert_allclose(weights.mean(), 0, atol=2e-3)


def test_wrong_arguments():
    for wrong in (
        lambda: random.RandomGenerator(seed="one"),
        lambda: random.VarianceScaling(scale=0),
        lambda: random.VarianceScaling(mode="fan_out"),
        lambda: random.VarianceScaling(seed=1.5),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

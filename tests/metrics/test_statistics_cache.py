"""Statistics of real samples on disk, named by a hash of their content."""

import keras
import numpy as np
import pytest

from keras_aegan import metrics

CACHED = {
    "frechet_distance": metrics.FrechetDistance,
    "kernel_distance": metrics.KernelDistance,
    "precision_recall": metrics.PrecisionRecall,
    "density_coverage": metrics.DensityCoverage,
    "sliced_wasserstein_distance": metrics.SlicedWassersteinDistance,
}


def samples(seed):
    return np.random.default_rng(seed).normal(size=(30, 4)).astype("float32")


def network():
    """The same weights each time, under other automatic names."""
    dense = keras.layers.Dense(3, kernel_initializer="ones")
    return keras.Sequential([keras.Input((4,)), dense])


def counting(metric):
    """Count the calls of a metric's network."""
    calls, extract = [], metric.extract
    metric.extract = lambda x: calls.append(len(x)) or extract(x)
    return calls


@pytest.mark.parametrize("name", CACHED)
def test_another_run_finds_the_file_of_the_first(name, tmp_path):
    results = []
    for expected_calls in ([30, 30], [30]):
        metric = CACHED[name](network(), cache=tmp_path / "new" / "folder")
        calls = counting(metric)
        results.append(metric(samples(0), samples(1)))
        assert calls == expected_calls
        assert len(list((tmp_path / "new" / "folder").iterdir())) == 1
    assert (
        results[0]
        == results[1]
        == CACHED[name](network())(samples(0), samples(1))
    )


def test_another_content_has_another_name(tmp_path):
    def use(x, changed=None, kind=metrics.FrechetDistance, **arguments):
        kind(changed or network(), cache=tmp_path, **arguments).update_real(x)
        return len(list(tmp_path.iterdir()))

    x = samples(0)
    assert use(x) == 1
    other = x.copy()
    other[-1, -1] += 1e-3
    assert use(other) == 2
    assert use(x.astype("float64")) == 3
    weights = network()
    weights.set_weights([w + 1e-3 for w in weights.get_weights()])
    assert use(x, weights) == 4
    layers = [keras.Input((4,)), keras.layers.Dense(3, "relu", True, "ones")]
    assert use(x, keras.Sequential(layers)) == 5
    assert use(x, kind=metrics.SlicedWassersteinDistance) == 6
    assert use(x, kind=metrics.SlicedWassersteinDistance, seed=1) == 7
    assert use(x, kind=metrics.PrecisionRecall) == 8
    # The same features are in the same file.
    assert use(x, kind=metrics.KernelDistance) == 8
    assert use(x) == 8


def test_each_batch_has_a_file(tmp_path):
    expected = metrics.FrechetDistance()(samples(0), samples(1))
    for _ in range(2):
        metric = metrics.FrechetDistance(cache=tmp_path)
        metric.update_real(samples(0)[:20])
        metric.update_real(samples(0)[20:])
        metric.update_generated(samples(1))
        np.testing.assert_allclose(metric.result(), expected, rtol=1e-6)
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 half", None])
def test_a_damaged_file_is_written_again(damage, tmp_path):
    metrics.FrechetDistance(cache=tmp_path).update_real(samples(0))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    metric = metrics.FrechetDistance(cache=tmp_path)
    result = metric(samples(0), samples(1))
    assert result == metrics.FrechetDistance()(samples(0), samples(1))
    with np.load(path) as arrays:
        assert set(arrays) == {"count", "mean", "scatter"}
    assert list(tmp_path.iterdir()) == [path]


def test_features_that_fail_leave_no_file(tmp_path):
    metric = metrics.FrechetDistance(cache=tmp_path)
    with pytest.raises(ValueError, match="finite"):
        metric.update_real(samples(0) * np.nan)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("")
    for folder in (occupied, occupied / "below"):
        metric = metrics.FrechetDistance(cache=folder)
        with pytest.raises(ValueError, match="`cache`.*Received"):
            metric.update_real(samples(0))


def test_a_function_cannot_be_hashed(tmp_path):
    metric = metrics.FrechetDistance(lambda x: x, cache=tmp_path)
    with pytest.raises(ValueError, match="Keras model. Received"):
        metric.update_real(samples(0))

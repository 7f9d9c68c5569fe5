"""Statistics of real samples on disk, named by a hash of their content."""

import errno
import io
import struct
import zipfile

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


def archive(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def zipped(name, method, flags=0):
    """A zip file whose only entry has a method and flags of its own."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(name, b"content")
    content = bytearray(content.getvalue())
    # Where the local header and the central directory have them.
    for start, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.index(start) + at
        content[place : place + 4] = struct.pack("<HH", flags, method)
    return bytes(content)


FINE = {"count": 30, "mean": np.zeros(4), "scatter": np.eye(4)}
DAMAGES = {
    "empty": lambda whole: b"",
    "a rest of a zip file": lambda whole: b"PK\x03\x04 half",
    "cut off": lambda whole: whole[: len(whole) // 2],
    "without its end": lambda whole: whole[:-1],
    "longer": lambda whole: whole + b"\0",
    "one bit": lambda whole: (
        whole[:300] + bytes([whole[300] ^ 1]) + whole[301:]
    ),
    "other numbers": lambda whole: archive(**FINE),
    "other numbers, the old end": lambda whole: archive(**FINE) + whole[-32:],
    "NaN": lambda whole: archive(**{**FINE, "mean": np.full(4, np.nan)}),
    "other names": lambda whole: archive(rows=np.zeros((30, 4))),
    "another shape": lambda whole: archive(**{**FINE, "mean": np.zeros(5)}),
    "one array": lambda whole: b"\x93NUMPY\x01\x00v\x00" + whole[:200],
    "encrypted": lambda whole: zipped("count.npy", 0, flags=1),
    "unknown compression": lambda whole: zipped("count.npy", 99),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_changed_file_is_written_again(damage, tmp_path):
    metrics.FrechetDistance(cache=tmp_path).update_real(samples(0))
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(DAMAGES[damage](whole))
    metric = metrics.FrechetDistance(cache=tmp_path)
    result = metric(samples(0), samples(1))
    assert result == metrics.FrechetDistance()(samples(0), samples(1))
    with np.load(path) as arrays:
        assert set(arrays) == {"count", "mean", "scatter"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_of_other_samples_is_not_believed(tmp_path):
    for seed in (0, 1):
        metrics.FrechetDistance(cache=tmp_path / str(seed)).update_real(
            samples(seed)
        )
    (own,), (other,) = ((tmp_path / name).iterdir() for name in "01")
    own.write_bytes(other.read_bytes())
    result = metrics.FrechetDistance(cache=tmp_path / "0")(
        samples(0), samples(1)
    )
    assert result == metrics.FrechetDistance()(samples(0), samples(1))


def test_a_cache_that_cannot_be_written_is_warned_of_once(
    tmp_path, monkeypatch
):
    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    metric = metrics.FrechetDistance(cache=tmp_path)
    with pytest.warns(UserWarning, match="cache") as caught:
        for batch in np.split(samples(0), 2):
            metric.update_real(batch)
    assert len(caught) == 1 and "No space left" in str(caught[0].message)
    metric.update_generated(samples(1))
    expected = metrics.FrechetDistance()(samples(0), samples(1))
    np.testing.assert_allclose(metric.result(), expected, rtol=1e-6)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["file", "folder"])
def test_what_takes_the_place_of_the_cache_is_warned_of(place, tmp_path):
    folder = tmp_path / "cache"
    metric = metrics.FrechetDistance(cache=folder)
    metric.update_real(samples(0))
    (path,) = folder.iterdir()
    path.unlink()
    if place == "folder":
        (path / "below").mkdir(parents=True)
    else:
        folder.rmdir()
        folder.write_text("")
    metric.reset_state()
    with pytest.warns(UserWarning, match="cache of statistics.*all the same"):
        result = metric(samples(0), samples(1))
    assert result == metrics.FrechetDistance()(samples(0), samples(1))


def test_features_that_fail_leave_no_file(tmp_path):
    metric = metrics.FrechetDistance(cache=tmp_path)
    with pytest.raises(ValueError, match="finite"):
        metric.update_real(samples(0) * np.nan)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
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

"""The benchmarks of uses: what they measure by hand, and a tiny run of each.

Scores know no backend, and models are tested on each elsewhere.
"""

import gzip
import json
import pathlib
import sys

import keras
import numpy as np
import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "benchmarks"
pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="Scores know no backend."
)


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    yield
    sys.modules.pop("names", None)


def run(program, monkeypatch, tmp_path, data, *further):
    """The runs that a program writes down."""
    output = tmp_path / "table.md"
    arguments = ["--data", data, "--output", output, "--seeds", "0", *further]
    monkeypatch.setattr(sys, "argv", [program, *map(str, arguments)])
    __import__(program).main()
    assert output.read_text().startswith("Keras")
    return json.loads(output.with_suffix(".json").read_text())


# === Names ===


def test_probabilities_of_letters():
    """Of "ab", which has three letters with its end: `a` after `^^`."""
    import names

    model = names.Trigrams(["ab"])
    uniform = 1 / 4
    alone = (1 + 5 * uniform) / (3 + 5)
    after_one = (1 + 5 * alone) / (1 + 5)
    after_two = (1 + 5 * after_one) / (1 + 5)
    assert model.probability("^^", "a") == pytest.approx(after_two)
    for before in ("^^", "^a", "ab", "zz"):
        known = sum(model.probability(before, x) for x in model.letters)
        assert known + model.probability(before, "q") == pytest.approx(1)


def test_bits_are_fewest_for_words_of_the_kind():
    import names

    words = ["anna", "hanna", "annabel", "hannah"] * 10
    model = names.Trigrams(words)
    assert model.bits(words) < model.bits(["nahan"]) < model.bits(["xyzzy"])
    drawn = model.draw(50, 7, seed=0)
    assert max(map(len, drawn)) <= 7 and "hanna" in drawn


def test_names(monkeypatch, tmp_path):
    draw = np.random.default_rng(0)
    words = ["".join(draw.choice([*"abc"], 5)) for _ in range(200)]
    (tmp_path / "names.txt").write_text("\n".join(words))
    import names

    monkeypatch.setattr(names, "COUNT", 20)
    runs = run(
        "names", monkeypatch, tmp_path, tmp_path / "names.txt", "--steps", "2"
    )
    by_name = {run["words"]: run for run in runs}
    assert set(by_name) == set(names.NAMES)
    assert by_name["training words"]["new"] == 0
    assert 0 <= by_name["ARAE"]["exact"] <= by_name["ARAE"]["letters"] <= 1


# === Few labels ===


def test_as_many_of_each_class_keep_their_label():
    import few_labels

    labels = np.arange(1000) % 10
    chosen = few_labels.choose(labels, 100, seed=0)
    assert np.bincount(labels[chosen]).tolist() == [10] * 10
    x = np.arange(1000)
    rows, known = few_labels.batches(x, labels, chosen, 3, seed=0)
    rows, known = rows.reshape(3, 2, -1), known.reshape(3, 2, -1)
    assert set(rows[:, 0].ravel()) <= set(chosen)
    assert (known[:, 0] == labels[rows[:, 0]]).all()
    assert (known[:, 1] == -1).all()


def idx(path, array):
    sizes = np.array(array.shape, ">i4").tobytes()
    head = bytes([0, 0, 8, array.ndim])
    path.write_bytes(gzip.compress(head + sizes + array.tobytes()))


def test_few_labels(monkeypatch, tmp_path):
    """Classes that differ in brightness."""
    draw = np.random.default_rng(0)
    for name, count in (("train", 1000), ("t10k", 50)):
        y = (np.arange(count) % 10).astype("uint8")
        x = 20 * y[:, None, None] + draw.integers(20, size=(count, 8, 8))
        idx(tmp_path / f"{name}-images-idx3-ubyte.gz", x.astype("uint8"))
        idx(tmp_path / f"{name}-labels-idx1-ubyte.gz", y)
    runs = run("few_labels", monkeypatch, tmp_path, tmp_path, "--steps", "2")
    found = {(run["model"], run["labels"]): run["accuracy"] for run in runs}
    assert len(found) == 10 and found["pixels", 1000] > 0.8


# === Sounds ===


@pytest.mark.filterwarnings("ignore:The Fréchet distance of")
def test_sounds(monkeypatch, tmp_path):
    """Digits are tones, which the classifier tells apart."""
    import sounds

    from keras_aegan.data import Waves

    monkeypatch.setattr(sounds, "EACH", 2)
    time = np.arange(2000) / 8000
    waves, folder = Waves(8000, 0.25), tmp_path / "recordings"
    tones = [np.sin(2 * np.pi * 200 * (1 + d) * time) for d in range(10)]
    draw = np.random.default_rng(0)
    for index in range(8):
        noisy = np.array(tones) + 0.01 * draw.normal(size=(10, 2000))
        x = waves.fit_transform(noisy, rate=8000)
        for digit, path in enumerate(waves.write(folder, x)):
            path.rename(folder / f"{digit}_me_{index}.wav")
    further = ("--steps", "2", "--models", "VAE")
    (found,) = run("sounds", monkeypatch, tmp_path, folder, *further)
    assert found["real"] > 0.8 and 0 <= found["as_heard"] <= 1
    assert 0 <= found["real_distance"] < found["distance"]

"""What a report says, and what it is made of."""

import json
import re
import shutil
import sys

import keras_tuner
import numpy as np
import pytest
from embedded import pixels_of
from searched import SCORES
from searched import tuner_with_trials

from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import report
from keras_aegan.tuners.report.importance import importance
from keras_aegan.tuners.report.search_report import picture


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    path = report(tuner_with_trials(folder), folder / "new" / "search.html")
    assert [p.name for p in path.parent.iterdir()] == ["search.html"]
    return path.read_text(encoding="utf-8")


def data(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])


def test_it_holds_all_trials_in_the_order_in_which_they_ended(page):
    found = data(page)
    assert [t["score"] for t in found["trials"]] == SCORES
    assert [t["status"] for t in found["trials"]].count("failed") == 1
    assert found["trials"][3]["reason"] == "Diverged: </script> is nan."
    assert found["objective"] == "val_distance"
    width = found["names"].index("width")
    assert {t["values"][width] for t in found["trials"]} == {2, 3}
    assert found["fixed"]["latent_dim"] == 2
    assert "searched" not in {*found["fixed"], *found["names"]}
    assert [s["score"] for s in found["samples"]] == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(sum(s for _, s in found["importance"]), 1)


def test_it_needs_no_other_file(page):
    # Names of namespaces are no addresses.
    text = page.replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?://|@import|url\(|<link|<script src", text)
    assert "&lt;one&gt;" in page


def test_pictures_show_the_samples():
    samples = np.linspace(-1, 1, 32 * 4 * 5).reshape(32, 4, 5, 1)
    pixels = pixels_of(picture(samples))
    assert pixels.shape == (4 * 4, 8 * 5)
    # The tenth sample is the second of the second row.
    expected = np.round((samples[9, ..., 0] + 1) / 2 * 255)
    np.testing.assert_array_equal(pixels[4:8, 5:10], expected)
    lines = picture(np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.0]]))
    assert lines.count("<polyline") == 2
    assert 'points="0,90 160,0 320,45"' in lines


def test_importance():
    generator = np.random.default_rng(0)
    rows = [
        {
            "kind": ["a", "b"][generator.integers(2)],
            "rate": generator.uniform(),
            "rest": generator.uniform(),
        }
        for _ in range(200)
    ]
    # Variances: 1 of what `kind` adds, 4 / 12 of what `rate` adds.
    scores = [2.0 * (r["kind"] == "b") + 2 * r["rate"] for r in rows]
    shares = importance(rows, scores)
    assert list(shares) == ["kind", "rate", "rest"]
    assert abs(shares["kind"] - 0.75) < 0.05
    assert abs(shares["rate"] - 0.25) < 0.05
    assert shares["rest"] < 0.01
    assert importance(rows[:4], scores[:4]) == {}
    some = [{**row, "rest": None} for row in rows[:50]] + rows[50:]
    assert importance(some, scores)["kind"] > 0.7


def test_a_search_without_trials(tmp_path):
    tuner = keras_tuner.RandomSearch(
        HyperAdversarial(Autoencoder, (6,), space={"width": 2}),
        keras_tuner.Objective("reconstruction", "min"),
        directory=tmp_path,
    )
    with pytest.raises(ValueError, match="search first.*Received: 0 trials"):
        report(tuner, tmp_path / "search.html")


def test_models_without_samples_and_lost_reasons(tmp_path):
    tuner = keras_tuner.RandomSearch(
        HyperAdversarial(Autoencoder, (6,), space={"width": 2}),
        keras_tuner.Objective("reconstruction", "min"),
        max_trials=2,
        directory=tmp_path,
    )
    x = np.random.default_rng(0).normal(size=(32, 6)).astype("float32")
    tuner.search(x, verbose=0)
    # As a worker leaves it.
    lost = tuner.oracle.trials["1"]
    lost.status, lost.score = "FAILED", None
    (tmp_path / "untitled_project/trial_1/failure.txt").write_text("Collapsed")
    found = data(report(tuner, tmp_path / "search.html").read_text())
    assert "generate" in found["samples"][0]["reason"]
    assert found["trials"][1]["reason"] == "Collapsed"
    assert found["importance"] == []


def test_without_scikit_learn_one_sentence_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn.ensemble", None)
    with pytest.raises(ImportError, match=r'install "keras_aegan\[tuner\]"'):
        importance([{"a": 1}], [1.0])


def test_what_is_broken_is_left_out(tmp_path):
    tuner = tuner_with_trials(tmp_path, (6,))
    trials, folder = tuner.oracle.trials, tmp_path / "<one>"
    trials["0"].score = float("inf")
    trials["1"].score = None
    trials["2"].hyperparameters.values["dropout"] = float("nan")
    trials["4"].hyperparameters.values["dropout"] = np.float32("-inf")
    trials["5"].hyperparameters.values["dropout"] = None
    (folder / "trial_3" / "failure.txt").write_bytes(b"no \xff room")
    shutil.rmtree(folder / "trial_4")
    (folder / "trial_5" / "checkpoint.weights.h5").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="`filepath` must be a file.*Received"):
        report(tuner, folder)
    found = data(report(tuner, tmp_path / "search.html").read_text())
    scores = [t["score"] for t in found["trials"]]
    assert scores == [None, None, 4, None, 1, 2, 6]
    dropout = found["names"].index("dropout")
    values = [t["values"][dropout] for t in found["trials"]]
    assert values == [0, 0, "nan", 0, "-inf", None, 0]
    assert found["trials"][3]["reason"] == "no \N{REPLACEMENT CHARACTER} room"
    samples = {s["id"]: s for s in found["samples"]}
    assert list(samples) == ["4", "5", "2", "6"]
    for lost in ("4", "5", "2"):
        reason = samples[lost]["reason"]
        assert f"model of trial {lost} cannot be loaded" in reason
    assert "<polyline" in samples["6"]["picture"]
    assert importance([{"a": float("nan")}] * 5, [1.0] * 5)


def test_trials_that_cannot_be_read_count_as_failed(tmp_path):
    tuner = tuner_with_trials(tmp_path, (6,))
    tuner.save()
    folder = tmp_path / "<one>"
    (folder / "trial_5" / "trial.json").write_bytes(b'{"trial_id": "\xff')
    shutil.rmtree(folder / "trial_4")

    def again():
        return keras_tuner.RandomSearch(
            tuner.hypermodel,
            tuner.oracle.objective,
            max_trials=7,
            directory=tmp_path,
            project_name="<one>",
        )

    with pytest.warns(UserWarning, match="Trial [45] counts as failed: its"):
        reloaded = again()
    found = data(report(reloaded, tmp_path / "search.html").read_text())
    assert [t["score"] for t in found["trials"]] == [5, 3, 4, *[None] * 3, 6]
    assert "trial.json cannot be read" in found["trials"][4]["reason"]
    assert (folder / "trial_5" / "trial.json.broken").exists()
    assert reloaded.get_best_hyperparameters()[0].values["width"]
    assert len(again().oracle.trials) == 7

"""The benchmark of synthetic tables: its scores by hand, and a run.

Scores know no backend, and models are tested on each elsewhere.
"""

import json
import pathlib

import keras
import numpy as np
import pandas
import pytest

FOLDER = pathlib.Path(__file__).parents[1] / "benchmarks"
pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="Scores know no backend."
)


@pytest.fixture
def scores(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    import synthetic_tables_scores

    return synthetic_tables_scores


def people(count):
    """Who is rich has more years, a fourth of all."""
    draw = np.random.default_rng(0)
    rich = np.arange(count) % 4 == 0
    return pandas.DataFrame(
        {
            "years": 20 + 40 * rich + draw.integers(10, size=count),
            "home": draw.choice(["flat", "house"], count),
            "income": np.where(rich, "high", "low"),
        }
    )


def test_variations_of_equal_columns_and_unequal_pairs(scores):
    """Shares of 1/2 and 1/2 against four of 1/4: half of 4 / 4."""
    training = pandas.DataFrame({"a": list("rrbb"), "b": [0, 0, 1, 1]})
    rows = training.assign(b=[0, 1, 0, 1])
    single, pairs = scores.variations(rows, training)
    assert single == {"a": 0, "b": 0} and pairs == {("a", "b"): 0.5}
    # 1/2 and 1/2 against 1/4 and 3/4: what is above the range counts as 1.
    single, _ = scores.variations(
        training.assign(a=list("rbbb"), b=[0, 0, 0, 9]), training
    )
    assert single == {"a": 0.25, "b": 0.25}


def test_what_a_column_cannot_have_is_invalid(scores):
    training = pandas.DataFrame({"a": list("rb"), "b": [0, 3]})
    rows = [("r", 1), ("g", 1), ("r", 4), ("r", 0.5), ("b", None), ("b", 3)]
    rows = pandas.DataFrame(rows, columns=["a", "b"])
    assert scores.invalid(rows, training) == 4 / 6
    assert scores.invalid(training, training) == 0


def test_distances_are_those_of_standardised_numbers(scores):
    """Deviation 1. From 0 and 2: 1 and 3 by 1 and 1, .5 and 2 by .5 and 0.

    From the test rows 1 and 3 these are .5 and 1 away: a tie and one nearer to
    training rows, 3 in 4.
    """
    training, test, rows = (
        pandas.DataFrame({"x": x, "c": ["same"] * len(x)})
        for x in ([0.0, 2.0, 0.0, 2.0], [1.0, 3.0], [0.5, 2.0])
    )
    found = scores.closeness(rows, training, test, seed=0)
    assert found == pytest.approx({"nearest": 0.25, "nearer_training": 0.75})


def test_repeated_rows_are_equal_in_all_that_is_compared(scores):
    training = pandas.DataFrame({"a": [1, 2, 3], "b": list("xyz")})
    rows = pandas.DataFrame({"a": [1.0, 2, 2, 4], "b": list("xxyy")})
    assert scores.repeated(rows, training, ["a", "b"]) == 0.5
    assert scores.repeated(rows, training, ["a"]) == 0.75


@pytest.mark.parametrize(
    ("learned", "f1", "auroc"),
    [
        (lambda rich: rich, 1, 1),
        # All are called rich: precision 1/4, recall 1.
        (lambda rich: rich | True, 0.4, 0.5),
        (lambda rich: rich & False, 0, 0.5),
        (lambda rich: ~rich, 0, 0),
    ],
)
def test_classifiers_learn_from_the_rows(scores, learned, f1, auroc):
    training, test = people(400), people(80)
    rich = training["income"] == "high"
    rows = training.assign(income=np.where(learned(rich), "high", "low"))
    found = scores.classifier_scores(rows, training, test, "income", "high")
    for name in ("boosting", "logistic"):
        assert found[f"f1_{name}"] == pytest.approx(f1)
        assert found[f"auroc_{name}"] == pytest.approx(auroc)


def test_parts_are_the_same_for_a_seed_and_share_no_row(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(FOLDER)
    import synthetic_tables_data

    frame = people(50).assign(row=range(50))
    frame["home"] = [" flat", None] * 25
    frame.to_csv(tmp_path / "people.csv", index=False)
    frame = synthetic_tables_data.read_table(tmp_path)
    assert set(frame["home"]) == {"flat", "?"}
    training, test = synthetic_tables_data.split(frame, 1)
    assert len(test) == 10
    assert sorted([*training["row"], *test["row"]]) == list(range(50))
    again, _ = synthetic_tables_data.split(frame, 1)
    other, _ = synthetic_tables_data.split(frame, 2)
    assert training.equals(again) and not training.equals(other)


def test_models_and_rows_of_others_are_scored_once(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(FOLDER)
    import synthetic_tables

    people(200).to_csv(tmp_path / "people.csv", index=False)
    path = tmp_path / "others.csv"
    people(160).to_csv(path, index=False)
    facts = {"seed": 0, "epochs": 7, "cpu_seconds": 5.0}
    path.with_suffix(".json").write_text(json.dumps(facts))

    def run(seed):
        synthetic_tables.main(
            [f"--data={tmp_path / 'people.csv'}", f"--output={tmp_path}",
             "--steps=3", "--models", "real rows", "AEGAN, labels given",
             "--seeds", seed, "--synthetic", f"others={path}"]
        )  # fmt: skip

    run("0")
    files = sorted(tmp_path.glob("runs/*"))
    found = [json.loads(file.read_text()) for file in files]
    runs = {each["name"]: each for each in found}
    assert list(runs) == ["AEGAN, labels given", "others", "real rows"]
    assert runs["real rows"]["nearest"] == 1
    assert runs["others"]["cpu_seconds"] == 5 and runs["others"]["epochs"] == 7
    ours = runs["AEGAN, labels given"]
    assert ours["invalid"] == 0 and ours["cpu_seconds"] > 0
    # Labels are given as often as in training: 40 of 160, give or take.
    assert 0 < ours["worst_marginal"] < 1
    shown = (tmp_path / "table.md").read_text()
    assert "| AEGAN, labels given, 3 steps | torch | 1 |" in shown
    before = [file.stat().st_mtime_ns for file in files]
    run("0")
    assert [file.stat().st_mtime_ns for file in files] == before
    with pytest.raises(ValueError, match="trained with, 0 for"):
        run("1")

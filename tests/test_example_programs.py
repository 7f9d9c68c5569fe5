"""The programs for a file of one's own write what they say they write."""

import os
import pathlib
import re
import subprocess
import sys

import keras
import numpy as np
import pandas
import pytest
import soundfile
from PIL import Image
from scipy import stats

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))

import find_anomalies  # noqa: E402
import generate_sounds  # noqa: E402
import invent_words  # noqa: E402
import synthetic_table  # noqa: E402

# What they call is tested on all backends.
on_one_backend = pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="Programs run on one backend."
)


def run_program(name, folder, *arguments):
    """What it prints; its files are in the folder."""
    run = subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", "--backend", "torch",
         "--output", folder, "--steps", "3", *map(str, arguments)],
        # On busy cores several threads wait for each other at tiny steps.
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return run.stdout


@on_one_backend
def test_synthetic_rows_have_the_columns_and_values_of_the_file(tmp_path):
    draw = np.random.default_rng(0)
    frame = pandas.DataFrame({"age": draw.integers(18, 66, 60)})
    frame["school"] = draw.choice(["primary", "secondary", None], 60)
    frame["income"] = draw.choice(["low", "high"], 60, p=[0.8, 0.2])
    frame.to_csv(tmp_path / "people.csv", index=False)
    shown = run_program(
        *("synthetic_table", tmp_path / "made"),
        *("--data", tmp_path / "people.csv", "--rows", 40, "--label", "income"),
    )
    assert "Invalid rows: 0.00%" in shown
    made = pandas.read_csv(tmp_path / "made" / "synthetic.csv")
    assert made.shape == (40, 3)
    assert [*made] == ["age", "school", "income"]
    assert made["age"].dtype == frame["age"].dtype
    assert made["age"].between(frame["age"].min(), frame["age"].max()).all()
    assert made["school"].dropna().isin(frame["school"]).all()
    # Of 40 rows 8 are expected, with a standard deviation of 2.5.
    assert 1 <= (made["income"] == "high").sum() <= 18


def test_invalid_rows_are_counted():
    real = pandas.DataFrame({"n": [1, 5, 2], "t": ["a", "b", None]})
    rows = {"n": [1, 6, 1.5, np.nan, 3], "t": ["a", "a", "b", "b", "c"]}
    found = synthetic_table.invalid(real, pandas.DataFrame(rows), set())
    assert found.tolist() == [False, True, True, True, True]
    # Where a number is a name, only names that are there fit.
    rows = pandas.DataFrame({"n": [2, 3], "t": ["a", None]})
    found = synthetic_table.invalid(real, rows, {"n"})
    assert found.tolist() == [False, True]


def test_distances_of_columns():
    draw = np.random.default_rng(0)
    real = pandas.DataFrame({"n": draw.normal(size=30), "t": ["a", "b"] * 15})
    other = pandas.DataFrame({"n": draw.normal(1, 2, 20), "t": ["a"] * 20})
    found = synthetic_table.comparison(real, other, set())["distance"]
    expected = stats.ks_2samp(real["n"], other["n"]).statistic
    # Shares of a and b: .5 and .5, 1 and 0; half the sum of differences.
    np.testing.assert_allclose(found, [expected, 0.5], atol=5e-4)


@on_one_backend
@pytest.mark.parametrize("kind", ["rows", "series"])
def test_the_odd_row_of_a_file_is_found(kind, tmp_path):
    draw = np.random.default_rng(0)
    frame = pandas.DataFrame({"size": draw.normal(size=100)})
    arguments = ["--ignore", "id"]
    if kind == "rows":
        frame["colour"] = draw.choice(["red", "blue"], 100)
        frame.loc[5, "size"] = np.nan
    else:
        frame["hour"] = pandas.date_range("2026-01-01", periods=100, freq="h")
        # Rows need not be in the order of time.
        frame = frame.sample(frac=1, random_state=0).reset_index(drop=True)
        arguments += ["--time", "hour", "--window", 8]
    frame["id"] = [f"number {i}" for i in range(100)]
    frame.loc[70, "size"] = 40.0
    frame.to_csv(tmp_path / "rows.csv", index=False)
    run_program(
        *("find_anomalies", tmp_path, "--data", tmp_path / "rows.csv"),
        *(*arguments, "--contamination", 0.1),
    )
    found = pandas.read_csv(tmp_path / "anomalies.csv")
    assert [*found] == [*frame, "score", "is_anomaly"]
    assert found["id"].tolist() == frame["id"].tolist()
    assert found["is_anomaly"].sum() <= 10
    assert found["is_anomaly"][70]
    if kind == "series":
        # Odd rows are those in windows with the odd one.
        hours = pandas.to_datetime(found["hour"])
        odd = hours[found["is_anomaly"]] - hours[70]
        assert (odd.abs() < pandas.Timedelta(hours=8)).all()


@on_one_backend
def test_invented_words_are_new_and_spelled_with_known_letters(tmp_path):
    draw = np.random.default_rng(0)
    words = ["".join(draw.choice([*"abcdé"], 5)) for _ in range(80)]
    text = "\n".join(["", *words, "a line that is too long for them"])
    (tmp_path / "words.txt").write_text(text, encoding="utf-8")
    shown = run_program(
        *("invent_words", tmp_path, "--data", tmp_path / "words.txt"),
        *("--count", 50, "--between", "abc", "dé"),
    )
    assert f"{len(set(words))} different texts" in shown
    assert "held-out" in shown
    between = re.search("Between: (.*)", shown)[1]
    assert between.count(" - ") == 6
    invented = (tmp_path / "invented.txt").read_text("utf-8").splitlines()
    assert 0 < len(set(invented)) == len(invented) <= 50
    assert not set(invented) & set(words)
    assert set("".join(invented)) <= set("abcdé\N{REPLACEMENT CHARACTER}")


@on_one_backend
def test_sounds_of_each_kind_are_written(tmp_path):
    draw = np.random.default_rng(0)
    for i in range(12):
        sound, kind = draw.uniform(-1, 1, 4000), ("yes", "no")[i % 2]
        soundfile.write(tmp_path / f"{kind}_{i}.wav", sound, 8000)
    folder = tmp_path / "made"
    run_program(
        *("generate_sounds", folder, "--data", tmp_path),
        *("--count", 2, "--seconds", 0.25),
    )
    names = ("original", "reconstructed", "generated/no", "generated/yes")
    for name in names:
        files = sorted((folder / name).iterdir())
        assert [path.name for path in files] == ["0.wav", "1.wav"]
        sound, rate = soundfile.read(files[0])
        assert (len(sound), rate) == (2000, 8000)
    assert Image.open(folder / "spectrograms.png").width > 600


def test_kinds_of_sounds():
    def kinds(*names):
        return generate_sounds.kinds_of([pathlib.Path(n) for n in names * 3])

    assert set(kinds("x/a/1.wav", "x/b/2.wav")) == {"a", "b"}
    assert set(kinds("x/a_1.wav", "x/b_2.wav")) == {"a", "b"}
    assert set(kinds("x/1.wav", "x/1.wav")) == {"sound"}


PROGRAMS = (find_anomalies, generate_sounds, invent_words, synthetic_table)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
@pytest.mark.parametrize("data", ["nowhere", "empty", "folder"])
def test_programs_refuse_wrong_files(
    program, data, tmp_path, capsys, monkeypatch
):
    monkeypatch.setenv("KERAS_BACKEND", keras.config.backend())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(SystemExit):
        program.main(["--data", data])
    lines = capsys.readouterr().err.splitlines()
    assert "error: " in lines[-1]
    assert data in lines[-1]
    if data == "nowhere":
        assert "there is no file or folder 'nowhere'" in lines[-1]
    # Nothing is left behind where nothing was made.
    assert {p.name for p in tmp_path.iterdir()} == {"empty", "folder"}


@pytest.mark.parametrize(
    "program, arguments, message",
    [
        (synthetic_table, ["--label", "age"], "Received: ['age']"),
        (synthetic_table, ["--rows", "0"], "--rows"),
        (find_anomalies, ["--contamination", "0.6"], "not in (0, 0.5]"),
        (find_anomalies, ["--time", "when"], "no columns ['when']"),
        (invent_words, ["--between", "ä", "word"], "Received: 'ä'"),
        (invent_words, ["--longest", "2"], "Received: 0"),
        (generate_sounds, ["--seconds", "-1"], "-1 is not positive"),
        (generate_sounds, ["--seed", "-1"], "--seed"),
    ],
)
def test_programs_refuse_wrong_arguments(
    program, arguments, message, capsys, monkeypatch, tmp_path
):
    monkeypatch.setenv("KERAS_BACKEND", keras.config.backend())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        program.main(arguments)
    assert message in capsys.readouterr().err.splitlines()[-1]

"""Bad input to tables, each as a new user would try it."""

import datetime
import decimal

import numpy as np
import pandas
import pytest

from keras_aegan.data import Table

FRAME = pandas.DataFrame(
    {
        "age": [31, 45, 62, 50],
        "pay": [1.5, 2.0, 2.5, 9.0],
        "sex": ["f", "m", "f", "m"],
        "one": [1, 1, 1, 1],
    }
)


@pytest.mark.parametrize(
    "arguments",
    [
        {"numbers": "minmax"},
        {"missing": "drop"},
        {"clip": 1},
        {"categories": "age"},
    ],
)
def test_wrong_arguments(arguments):
    (name,) = arguments
    with pytest.raises(ValueError, match=f"`{name}`.*Received"):
        Table(**arguments)


@pytest.mark.parametrize(
    "frame, message",
    [
        (None, "must be a frame.*NoneType"),
        ([[1, 2]], "must be a frame.*list"),
        (FRAME["age"], "must be a frame.*Series"),
        (np.zeros(3), r"must be a frame.*shape \(3,\)"),
        (FRAME[:0], "at least one row"),
        ({}, "at least one row and one column"),
        ({"a": [1, 2], "b": [1]}, "one length"),
        ({"a": [[1], [2]]}, "one length|numbers, booleans or text"),
        (FRAME[["age", "age"]], "different names"),
        ({("a", "b"): [1]}, "different names"),
        ({"a": [1, "x", 2, "?"]}, r"'a' must hold numbers.*\['\?', 'x'\] in 2"),
        ({"a": [True, "x"]}, "'a' must hold numbers"),
        ({"a": [True, 2]}, r"'a' must hold numbers.*\[True\] in 1 of 2"),
        ({"a": [1.0, np.inf]}, r"'a' must hold finite.*1 rows \(\[1\]\)"),
        ({"a": [1j, 2]}, "'a' must hold numbers, booleans or text"),
        ({"a": [decimal.Decimal(1)]}, "'a' must hold numbers.*Decimal"),
        ({"a": [datetime.date(2026, 1, 1)]}, "'a' must.*Of times make.*date"),
        ({"a": np.array(["2026"], "M8[D]")}, "'a' must.*Of times make"),
        ({"a": [b"x"]}, "'a' must hold numbers.*bytes"),
        ({"a": [1, 1]}, "more than one value"),
        ({"a": [f"{i}" for i in range(1001)]}, "at most 1000.*1001"),
        ({"a": [-1e308, 1e308, 0.0]}, "range"),
    ],
)
def test_frames_that_cannot_be_fitted(frame, message):
    with pytest.raises(ValueError, match=f"(?s){message}") as caught:
        Table().fit(frame)
    assert "Received: " in str(caught.value)


@pytest.mark.parametrize("arguments", [{"categories": ["a"]}, {"label": "a"}])
def test_columns_that_are_not_there(arguments):
    with pytest.raises(ValueError, match=r"name columns.*Received: \['a'\]"):
        Table(**arguments).fit(FRAME)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"sex": ["f", "m", "x", "y"]}, r"'sex'.*\['x', 'y'\] in 2 of 4"),
        ({"sex": ["f", "m", None, "m"]}, "'sex' had no missing.*1 missing"),
        ({"age": ["31", "45", "?", "50"]}, r"'age' must hold numbers.*'\?'"),
        ({"age": [31, np.nan, np.nan, 5]}, "'age' had no missing.*2 missing"),
        ({"age": [None] * 4}, "'age' had no missing.*4 missing"),
        ({"pay": [1, 2, -np.inf, 3]}, r"'pay'.*infinity in 1 rows \(\[2\]\)"),
        ({"one": [1, 1, 2, 1]}, r"'one' had the one value 1.*\[2"),
    ],
)
def test_frames_that_hold_something_new(changes, message):
    table = Table().fit(FRAME)
    with pytest.raises(ValueError, match=f"(?s){message}") as caught:
        table.transform(FRAME.assign(**changes))
    assert "Received: " in str(caught.value)


def test_other_columns():
    table = Table().fit(FRAME)
    other = FRAME.rename(columns={"age": "years"})
    with pytest.raises(
        ValueError, match=r"Missing: \['age'\]; unexpected: \['years'\]"
    ):
        table.transform(other)
    with pytest.raises(ValueError, match="Missing.*unexpected"):
        table.transform(FRAME.select_dtypes("number").to_numpy())
    with pytest.raises(ValueError, match="at least one row"):
        table.transform(FRAME[:0])


@pytest.mark.parametrize(
    "call",
    [
        lambda table: table.transform(FRAME),
        lambda table: table.inverse_transform(np.zeros((1, 4))),
        lambda table: table.network_options,
        lambda table: table.sizes,
        lambda table: table.labels(FRAME),
    ],
)
def test_before_fit(call):
    with pytest.raises(ValueError, match="fit.*Received"):
        call(Table(label="sex"))


def test_missing_values_can_be_refused():
    """The columns are named, with the number of gaps in each."""
    gaps = FRAME.assign(age=[1, None, 3, None], sex=["f", "m", None, "m"])
    with pytest.raises(ValueError, match="Received.*'age': 2, 'sex': 1, of 4"):
        Table(missing="error").fit(gaps)
    table = Table(missing="error").fit(FRAME)
    with pytest.raises(ValueError, match="Received.*'age': 2, 'sex': 1, of 4"):
        table.transform(gaps)


@pytest.mark.parametrize(
    "x",
    [
        np.zeros((2, 5)),
        np.zeros(4),
        np.zeros((0, 4)),
        np.full((2, 4), np.nan),
        np.full((2, 4), np.inf),
        "text",
        None,
    ],
)
def test_samples_that_are_none(x):
    table = Table().fit(FRAME)
    with pytest.raises(ValueError, match="`x`.*Received"):
        table.inverse_transform(x)


def test_labels_that_are_none():
    table = Table(label="sex").fit(FRAME)
    x = table.transform(FRAME)
    for labels in (None, [0, 1, 2, 0], [0, 1], [0.5] * 4, ["f"] * 4):
        with pytest.raises(ValueError, match="`labels`.*Received"):
            table.inverse_transform(x, labels)
    with pytest.raises(ValueError, match="Missing.*sex"):
        table.labels(FRAME.drop(columns="sex"))
    plain = Table().fit(FRAME)
    with pytest.raises(ValueError, match="label.*Received"):
        plain.labels(FRAME)
    with pytest.raises(ValueError, match="`labels`.*Received: some"):
        plain.inverse_transform(plain.transform(FRAME), [0] * 4)


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"config": 1}'])
def test_files_that_are_none(content, tmp_path):
    path = tmp_path / "table.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ValueError, match="Table.save.*Received"):
        Table.load(path)


def test_without_pandas_a_dict_of_columns(monkeypatch):
    table = Table().fit(FRAME)
    x = table.transform(FRAME)
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    back = table.inverse_transform(x)
    assert isinstance(back, dict) and list(back) == list(FRAME)
    assert back["age"].tolist() == [31, 45, 62, 50]

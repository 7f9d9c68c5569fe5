"""Tables to arrays and back: against frames, scikit-learn and by hand."""

import json

import keras
import numpy as np
import pandas
import pytest
from mixed_frames import mixed_columns
from mixed_frames import mixed_frame
from sklearn.preprocessing import QuantileTransformer
from sklearn.preprocessing import StandardScaler

from keras_aegan.data import Table

NUMBERS = pytest.mark.parametrize("numbers", ["standard", "quantiles"])


@NUMBERS
def test_a_frame_of_pandas_comes_back(numbers):
    """Its own comparison of frames: names, order, types and values."""
    frame = mixed_frame()
    table = Table(numbers, categories=["zone"])
    x = table.fit_transform(frame)
    assert x.dtype == "float32" and np.isfinite(x).all()
    assert x.shape == (300, sum(table.sizes))
    pandas.testing.assert_frame_equal(
        table.inverse_transform(x), frame, rtol=1e-4
    )


@pytest.mark.parametrize("dtype", ["str", "string", "object", "category"])
def test_types_of_text(dtype):
    frame = pandas.DataFrame({"a": ["x", None, "y"]}).astype(dtype)
    table = Table()
    x = table.fit_transform(frame)
    pandas.testing.assert_frame_equal(table.inverse_transform(x), frame)


@pytest.mark.parametrize("dtype", ["Int64", "Float32", "boolean", "float64"])
@pytest.mark.parametrize("categories", [[], ["a"]])
def test_types_of_numbers_with_gaps(dtype, categories):
    frame = pandas.DataFrame({"a": [0, 1, None, 1]}).astype(dtype)
    table = Table(categories=categories)
    x = table.fit_transform(frame)
    pandas.testing.assert_frame_equal(table.inverse_transform(x), frame)


def test_a_dict_and_a_structured_array_come_back():
    columns = mixed_columns()
    table = Table()
    back = table.inverse_transform(table.fit_transform(columns))
    assert list(back) == list(columns)
    for name, values in columns.items():
        assert back[name].dtype == values.dtype, name
        if values.dtype.kind == "f":
            np.testing.assert_allclose(back[name], values, rtol=1e-3)
        else:
            np.testing.assert_array_equal(back[name], values)
    types = [("age", "u1"), ("city", "U4")]
    array = np.array([(3, "Bern"), (200, "Zug"), (0, "Bern")], types)
    back = table.inverse_transform(table.fit_transform(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)
    lists = {"age": [31, 45, 62], "sex": ["f", None, "m"]}
    back = table.inverse_transform(table.fit_transform(lists))
    assert {k: v.tolist() for k, v in back.items()} == lists


@pytest.mark.parametrize("dtype", ["float32", "int16", "bool"])
def test_a_plain_array_comes_back(dtype):
    array = np.random.default_rng(0).integers(0, 2, (9, 4)).astype(dtype)
    table = Table()
    back = table.inverse_transform(table.fit_transform(array))
    assert back.dtype == array.dtype
    np.testing.assert_array_equal(back, array)


def test_a_frame_of_polars_comes_back():
    polars = pytest.importorskip("polars")
    columns = mixed_columns()
    columns["city"] = columns["city"].tolist()
    columns["job"] = columns["job"].tolist()
    columns["country"] = columns["country"].tolist()
    frame = polars.DataFrame(columns).with_columns(
        polars.col("age").cast(polars.UInt8),
        polars.col("job").cast(polars.Categorical),
        polars.col("height").fill_nan(None),
    )
    table = Table()
    back = table.inverse_transform(table.fit_transform(frame))
    assert back.schema == frame.schema
    from polars.testing import assert_frame_equal

    assert_frame_equal(back, frame, rel_tol=1e-3, categorical_as_str=True)


# === Numbers ===


def test_standard_is_scikit_learns():
    x = np.random.default_rng(0).gamma(2, 3, (200, 3))
    expected = StandardScaler().fit_transform(x)
    ours = Table("standard").fit_transform(x)
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_quantiles_are_scikit_learns():
    """At ranks, on rows that `fit` did not see; what is far out apart."""
    rng = np.random.default_rng(0)
    fitted, new = rng.gamma(2, 3, (3000, 1)), rng.gamma(2, 3, (500, 1))
    theirs = QuantileTransformer(
        n_quantiles=1000, output_distribution="normal", subsample=None
    ).fit(fitted)
    ours = Table().fit(fitted)
    expected = theirs.transform(new)
    inner = np.abs(expected) < 2.5
    assert inner.sum() > 480
    np.testing.assert_allclose(
        ours.transform(new)[inner], expected[inner], atol=3e-3
    )
    np.testing.assert_allclose(
        ours.inverse_transform(expected)[inner],
        theirs.inverse_transform(expected)[inner],
        rtol=3e-3,
    )


def test_a_value_that_many_rows_share_has_its_middle_rank():
    """80 % are 0: ranks 0 to .8, so N(0, 1)'s quantile of .4, -0.2533; and
    all normal numbers below that of .8, 0.8416, lead back to 0."""
    x = np.r_[np.zeros(800), np.linspace(1, 100, 200)][:, None]
    table = Table()
    y = table.fit_transform(x)
    np.testing.assert_allclose(y[:800], -0.2533, atol=2e-3)
    below, above = np.array([[-9.0], [0.83]]), np.array([[0.86], [9.0]])
    np.testing.assert_array_equal(table.inverse_transform(below), 0)
    np.testing.assert_array_less(0, table.inverse_transform(above))


def test_whole_numbers_are_rounded_and_the_range_is_kept():
    frame = {"age": np.array([20, 30, 40]), "w": np.array([0.5, 1.5, 2.5])}
    far = np.array([[-50.0, -50.0], [0.1, 0.1], [50.0, 50.0]])
    back = Table("standard").fit(frame).inverse_transform(far)
    # 30 + 0.1 * sqrt(200 / 3) = 30.8, and 1.5 + 0.1 * sqrt(2 / 3).
    assert back["age"].tolist() == [20, 31, 40]
    np.testing.assert_allclose(back["w"], [0.5, 1.58165, 2.5], rtol=1e-5)
    free = Table("standard", clip=False).fit(frame).inverse_transform(far)
    np.testing.assert_allclose(free["age"], [-378, 31, 438])
    types = {"age": np.array([20, 30, 40], "uint8")}
    back = Table("standard", clip=False).fit(types)
    assert back.inverse_transform(far[:, :1])["age"].tolist() == [0, 31, 255]


def test_missing_numbers_by_hand():
    """1, 3 and a gap: mean 2, deviation 1; known, known, missing."""
    x = Table("standard").fit_transform({"a": [1.0, 3.0, np.nan]})
    np.testing.assert_allclose(x, [[-1, 1, 0], [1, 1, 0], [0, 0, 1]])


@NUMBERS
def test_columns_that_hardly_vary(numbers):
    """Large numbers that hardly differ, one other value, one value and gaps."""
    frame = {
        "large": np.array([1e16, 1e16 + 2, 1e16]),
        "tiny": np.array([0.0, 1e-300, 1e-300]),
        "huge": np.array([-8e307, 8e307, 0.0]),
        "gaps": np.array([5.0, np.nan, 5.0]),
        "nothing": np.array([np.nan] * 3),
    }
    table = Table(numbers)
    x = table.fit_transform(frame)
    assert np.isfinite(x).all()
    back = table.inverse_transform(x)
    for name, values in frame.items():
        size = np.abs(np.nan_to_num(values)).max()
        np.testing.assert_allclose(back[name], values, atol=1e-6 * size)


def test_one_row_of_a_fitted_table():
    frame = mixed_frame()
    table = Table().fit(frame)
    one = table.inverse_transform(table.transform(frame[:1]))
    pandas.testing.assert_frame_equal(one, frame[:1], rtol=1e-4)


# === Categories, order, labels ===


def test_categories_by_hand():
    frame = {"b": [True, False], "c": ["x", None], "z": [7, 3]}
    table = Table(categories=["z"]).fit(frame)
    assert table.feature_names == [
        *["b=False", "b=True", "c=x", "c=None", "z=3", "z=7"]
    ]
    np.testing.assert_array_equal(
        table.transform(frame), [[0, 1, 1, 0, 0, 1], [1, 0, 0, 1, 1, 0]]
    )
    soft = np.array([[0.4, 0.6, 0.7, 0.3, 0.51, 0.49]])
    back = table.inverse_transform(soft)
    assert {k: v.tolist() for k, v in back.items()} == {
        "b": [True],
        "c": ["x"],
        "z": [3],
    }


def test_columns_in_another_order():
    frame = mixed_frame()
    table = Table().fit(frame)
    np.testing.assert_array_equal(
        table.transform(frame[frame.columns[::-1]]), table.transform(frame)
    )


def test_a_label_is_no_part_of_samples():
    frame = mixed_frame()
    table = Table(label="city").fit(frame)
    assert table.label_values == ["Bern", "Genf", "Zug"]
    x, labels = table.transform(frame), table.labels(frame)
    expected = frame["city"].map({"Bern": 0, "Genf": 1, "Zug": 2})
    np.testing.assert_array_equal(labels, expected)
    assert not any("city" in name for name in table.feature_names)
    without = frame.drop(columns="city")
    np.testing.assert_array_equal(table.transform(without), x)
    pandas.testing.assert_frame_equal(
        table.inverse_transform(x, labels), frame, rtol=1e-4
    )
    assert table.network_options["num_classes"] == 3
    whole = Table(label="y").fit({"x": [1, 2], "y": [0.0, 1.0]})
    assert whole.label_values == [0, 1]


# === Saving ===


@NUMBERS
def test_saved_exactly(numbers, tmp_path):
    frame = mixed_frame()
    table = Table(numbers, ["zone"], label="city").fit(frame)
    table.save(tmp_path / "table.json")
    loaded = Table.load(tmp_path / "table.json")
    config = table.get_config()
    assert loaded.get_config() == config
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    x = table.transform(frame)
    np.testing.assert_array_equal(loaded.transform(frame), x)
    noise = np.random.default_rng(0).normal(size=x.shape)
    labels = table.labels(frame)
    pandas.testing.assert_frame_equal(
        loaded.inverse_transform(noise, labels),
        table.inverse_transform(noise, labels),
        check_exact=True,
    )
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(table)
    )
    assert type(again) is Table and again.get_config() == config
    assert keras.saving.get_registered_name(Table) == "keras_aegan>Table"


def test_saved_before_it_is_fitted(tmp_path):
    Table(missing="error").save(tmp_path / "table.json")
    loaded = Table.load(tmp_path / "table.json")
    assert loaded.missing == "error"
    with pytest.raises(ValueError, match="fit.*Received"):
        loaded.transform({"a": [1]})

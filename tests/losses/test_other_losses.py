"""Losses that are functions: labels and shapes that do not fit."""

import keras
import numpy as np
import pytest

from keras_aegan import losses


def logits():
    return np.random.default_rng(0).normal(size=(4, 3)).astype("float32")


@pytest.mark.parametrize("dtype", ["int32", "int64", "float32"])
def test_only_minus_1_is_an_unknown_label(dtype):
    labels = np.array([2, -1, 0, -1], dtype)
    log_softmax = logits() - np.log(np.exp(logits()).sum(1, keepdims=True))
    expected = -(log_softmax[0, 2] + log_softmax[2, 0]) / 2
    for form in (labels, keras.ops.convert_to_tensor(labels)[:, None]):
        value = float(losses.masked_cross_entropy(form, logits()))
        np.testing.assert_allclose(value, expected, rtol=1e-5)


@pytest.mark.parametrize(
    "wrong", [3.0, -2.0, 0.7, -0.5, np.nan, np.inf, 2.0**32, -(2.0**32)]
)
def test_other_labels_are_no_class(wrong):
    """An error in an array; in a step, which cannot raise, a loss of NaN."""
    labels = np.array([2, -1, wrong, 0], "float32")
    with pytest.raises(ValueError, match=r"\[0, 3\), or -1.*Received"):
        losses.masked_cross_entropy(labels, logits())
    labels = keras.ops.convert_to_tensor(labels)
    assert np.isnan(float(losses.masked_cross_entropy(labels, logits())))


def test_shapes_that_would_be_broadcast():
    rows, flat = np.zeros((4, 3), "float32"), np.zeros(4, "float32")
    labels = np.zeros(4, "int32")
    same = keras.layers.Identity()
    for wrong in (
        lambda: losses.masked_cross_entropy(np.eye(4, 3), rows),
        lambda: losses.masked_cross_entropy(labels[:3], rows),
        lambda: losses.masked_cross_entropy(labels, flat),
        lambda: losses.masked_cross_entropy(["a"] * 4, rows),
        lambda: losses.maximum_mean_discrepancy(rows, rows[:3]),
        lambda: losses.maximum_mean_discrepancy(rows, rows[:, :1]),
        lambda: losses.maximum_mean_discrepancy(flat, flat),
        lambda: losses.feature_matching(rows, rows[:, :1]),
        lambda: losses.feature_matching(rows, rows[..., None]),
        lambda: losses.feature_distance(same, rows, rows[:1]),
        lambda: losses.feature_distance(same, rows, rows[:, :1]),
        lambda: losses.recognition_loss(rows, rows[:, :1], 2),
        lambda: losses.recognition_loss(rows[:, :2], rows, 2),
        lambda: losses.recognition_loss(rows, rows, True),
        lambda: losses.recognition_loss(flat, rows, 2),
        lambda: losses.recognition_loss(rows, rows[:2], 2),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()
    # Means over a batch of another size are compared.
    assert float(losses.feature_matching(rows, rows[:2])) == 0.0

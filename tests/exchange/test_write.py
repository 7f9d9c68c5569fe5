"""What this backend computes, written down for `test_exchange.py`.

Into `KERAS_AEGAN_EXCHANGE/BACKEND`: for each update order the terms of 20 steps
and the first gradients, from nothing but a seed and from a file with fixed
codes; the terms in float64; and a trained model with its outputs and its next
steps.
"""

import os
import pathlib
import sys

import keras
import numpy as np
import pytest

sys.path.insert(0, os.fspath(pathlib.Path(__file__).parent))

import exchange_runs as runs  # noqa: E402


@pytest.fixture(scope="module", autouse=True)
def folder():
    runs.OWN.mkdir(parents=True, exist_ok=True)


def write(name, arrays):
    """What others can compare: something, and numbers."""
    assert arrays
    assert all(np.isfinite(values).all() for values in arrays.values())
    np.savez(runs.OWN / f"{name}.npz", **arrays)


@pytest.mark.parametrize("update", runs.ORDERS)
def test_steps_from_nothing_but_a_seed(update):
    model = runs.small_model()
    write(f"steps_{update}", runs.steps(model, update, shuffle=True))


def test_steps_in_double_precision():
    """By the model's own settings; rounding then hardly shows."""
    with runs.double_precision():
        model = runs.small_model()
        assert {v.dtype for v in model.trainable_variables} == {"float64"}
        write("double", runs.steps(model, None, shuffle=True))


@pytest.mark.parametrize("update", runs.ORDERS)
def test_gradients_from_nothing_but_a_seed(update):
    model = runs.small_model()
    gradients = runs.first_gradients(model, update)
    assert len(gradients) == len(model.trainable_variables)
    write(f"gradients_{update}", gradients)


def test_steps_with_fixed_codes():
    """Of both orders from one file, since all start from the same weights."""
    path = runs.OWN / "fixed.keras"
    runs.small_model(runs.FixedPrior(4)).save(path)
    for update in runs.ORDERS:
        model = keras.saving.load_model(path)
        write(f"fixed_{update}", runs.steps(model, update))


def test_a_trained_model():
    model = runs.small_model()
    runs.steps(model, "alternating")
    model.save(runs.OWN / "trained.keras")
    write("outputs", runs.outputs(model))
    write("next", runs.further_steps(model, 5))

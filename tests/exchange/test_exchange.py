"""The same run on every backend, and models that move between them.

`nox -s tests` first lets each backend write down what it computed, by
`test_write.py` and `contract/test_family.py`, then runs these tests on all.
"""

import os
import pathlib
import sys

import keras
import numpy as np
import pytest

sys.path.insert(0, os.fspath(pathlib.Path(__file__).parent))

import exchange_runs as runs  # noqa: E402
from catalogue import MODELS  # noqa: E402

BACKENDS = ("jax", "tensorflow", "torch")
OTHERS = [b for b in BACKENDS if b != keras.backend.backend()]


def same(actual, expected, rtol, atol=1e-6):
    actual, expected = np.load(actual), np.load(expected)
    assert actual.files == expected.files
    assert len(actual.files) > 0
    for key in expected.files:
        np.testing.assert_allclose(
            actual[key], expected[key], rtol=rtol, atol=atol, err_msg=key
        )


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("update", runs.ORDERS)
def test_twenty_steps_from_nothing_but_a_seed(other, update):
    name = f"steps_{update}.npz"
    same(runs.OWN / name, runs.FOLDER / other / name, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("other", OTHERS)
def test_twenty_steps_in_double_precision(other):
    """Where rounding is not what differs; the logs are in float32."""
    name = "double.npz"
    same(runs.OWN / name, runs.FOLDER / other / name, rtol=1e-5)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("update", runs.ORDERS)
def test_first_terms_and_gradients_from_nothing_but_a_seed(other, update):
    name = f"gradients_{update}.npz"
    same(runs.OWN / name, runs.FOLDER / other / name, rtol=1e-4)
    ours, theirs = (
        np.load(folder / f"steps_{update}.npz")
        for folder in (runs.OWN, runs.FOLDER / other)
    )
    for key in ours.files:
        np.testing.assert_allclose(ours[key][0], theirs[key][0], rtol=1e-4)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("update", runs.ORDERS)
def test_the_weights_of_another_backend_and_fixed_codes(
    other, update, tmp_path
):
    """Terms, totals and gradients of the first step, and twenty steps."""
    folder = runs.FOLDER / other
    model = keras.saving.load_model(folder / "fixed.keras")
    np.savez(tmp_path / "steps.npz", **runs.steps(model, update))
    same(tmp_path / "steps.npz", folder / f"fixed_{update}.npz", rtol=1e-3)
    ours = np.load(tmp_path / "steps.npz")
    theirs = np.load(folder / f"fixed_{update}.npz")
    for key in ours.files:
        np.testing.assert_allclose(ours[key][0], theirs[key][0], rtol=1e-4)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("name", [cls.__name__ for cls in MODELS])
def test_the_first_step_of_every_model(name, other):
    """From nothing but a seed; `contract/test_family.py` wrote it down."""
    ours, theirs = (
        np.load(runs.FOLDER / backend / "family" / f"{name}.npz")
        for backend in (keras.backend.backend(), other)
    )
    assert sorted(ours.files) == sorted(theirs.files)
    for key in ours.files:
        # Evaluation comes after a step of optimizers, which magnify rounding.
        rtol = 1e-3 if key.startswith("val_") else 1e-4
        np.testing.assert_allclose(
            ours[key], theirs[key], rtol=rtol, atol=1e-5, err_msg=key
        )


@pytest.mark.parametrize("other", OTHERS)
def test_a_model_trained_elsewhere_gives_equal_outputs(other, tmp_path):
    folder = runs.FOLDER / other
    model = keras.saving.load_model(folder / "trained.keras")
    np.savez(tmp_path / "outputs.npz", **runs.outputs(model))
    same(tmp_path / "outputs.npz", folder / "outputs.npz", rtol=0, atol=1e-5)


@pytest.mark.parametrize("other", OTHERS)
def test_a_model_trained_elsewhere_goes_on(other, tmp_path):
    """With its optimizers' state, its noise and its settings."""
    folder = runs.FOLDER / other
    model = keras.saving.load_model(folder / "trained.keras")
    assert int(model.optimizer.iterations) == 20
    np.savez(tmp_path / "next.npz", **runs.further_steps(model, 5))
    same(tmp_path / "next.npz", folder / "next.npz", rtol=1e-3, atol=1e-5)

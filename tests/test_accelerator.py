"""The script for accelerators, on the CPU: what it says and notices."""

import importlib
import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_aegan.models import AEGAN

FOLDER = pathlib.Path(__file__).parents[1] / "benchmarks"
SIZES = {"shapes": [(8, 8, 1)], "batch": 4, "steps": 1, "width": 2}


@pytest.fixture
def accelerator(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("accelerator")


@pytest.fixture
def devices(monkeypatch):
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("devices")


def small_model():
    model = AEGAN.for_shape((8, 8, 1), latent_dim=2, width=2)
    model.compile()
    return model


def test_a_report(accelerator, monkeypatch, tmp_path):
    """All tasks in this process, which has imported a framework already."""

    def run(report, task, environment=None, **arguments):
        result = accelerator.TASKS[task](**arguments)
        report.results.append({"task": task, "result": result})
        return json.loads(json.dumps(result))

    monkeypatch.setattr(accelerator.Report, "run", run)
    monkeypatch.setattr(accelerator, "QUICK", SIZES)
    monkeypatch.setattr(accelerator, "POLICIES", ["float32"])
    output = tmp_path / "table.md"
    accelerator.main(["--quick", "--output", str(output)])
    text = output.read_text()
    assert "20 steps on CPU are as on CPU" in text
    assert "By way of the host in a step: nothing" in text
    assert "| 8x8x1 | float32 | " in text
    runs = json.loads(output.with_suffix(".json").read_text())
    (run,) = [r["result"] for r in runs if r["task"] == "training"]
    assert run["images"] == pytest.approx(4 / run["step"])
    assert run["first"] > run["step"] and run["memory"] > 50
    assert run["operations"] > 0 and run["share"] is None


def test_a_task_runs_in_a_process_of_its_own(accelerator, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", keras.backend.backend())
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    report = accelerator.Report(minutes=5)
    arguments = {"shape": (8, 8, 1), "sizes": SIZES}
    assert report.run("by_way_of_host", **arguments)["operations"] == []
    assert report.run("by_way_of_host") == "failed"


def test_what_there_is_no_time_for_is_said(tmp_path):
    done = subprocess.run(
        [sys.executable, FOLDER / "accelerator.py", "--minutes", "0"],
        env={**os.environ, "KERAS_BACKEND": keras.backend.backend()},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Parity with the CPU: no time left." in done.stdout
    assert "| 128x128x3 | float16 | no time left |" in done.stdout


def test_other_losses_are_noticed(accelerator):
    first = [{"loss": 1.0}, {"loss": 2.0}]
    second = [{"loss": 1.0}, {"loss": 2.5}]
    found = accelerator.largest_difference(first, second)
    assert found == pytest.approx(0.2) and found > accelerator.TOLERANCE


@pytest.mark.every_backend
def test_a_step_that_asks_the_host_is_noticed(devices, monkeypatch):
    """By a callback into Python, or by a number that Python reads."""
    model = small_model()
    x = np.zeros((8, 8, 8, 1), "float32")
    model.fit(x, batch_size=4, verbose=0)
    assert devices.host_operations(model, x, 4)["operations"] == []
    own = model.train_step

    def asks(*arguments):
        if devices.BACKEND == "jax":
            import jax

            jax.debug.callback(lambda: None)
        elif devices.BACKEND == "torch":
            float(arguments[-1].mean())
        else:
            import tensorflow as tf

            tf.numpy_function(lambda: np.float32(0), [], tf.float32)
        return own(*arguments)

    monkeypatch.setattr(type(model), "train_step", property(lambda _: asks))
    model.make_train_function(force=True)
    assert devices.host_operations(model, x, 4)["operations"]


@pytest.mark.every_backend
def test_operations_by_formula_are_those_that_are_counted(devices):
    """On JAX to a fifth: XLA leaves out products with padding."""
    if devices.BACKEND == "tensorflow":
        pytest.skip("The formula is all there is.")
    model = AEGAN.for_shape((16, 16, 3), latent_dim=4, width=16)
    model.compile()
    x = np.zeros((8, 16, 16, 3), "float32")
    model.fit(x, batch_size=8, verbose=0)
    counted, formula = (
        devices.operations(model, x),
        devices.by_formula(model, 8),
    )
    tolerance = 0.2 if devices.BACKEND == "jax" else 0.05
    assert counted == pytest.approx(formula, rel=tolerance)

"""The benchmark that everyone can run: what it measures and what it writes."""

import json
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan.models import FusedAEGAN

HERE = pathlib.Path(__file__).parent
FOLDER = HERE.parent / "benchmarks"
TINY = ("--models", "AEGAN", "--seeds", "1", "--steps", "10", "--width", "4")


def benchmark(output, *further):
    command = [sys.executable, FOLDER / "benchmark.py", "--output", output]
    backend = keras.backend.backend()
    return subprocess.run(
        [*command, *TINY, *further],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_run_is_measured_once_and_shown(tmp_path):
    done = benchmark(tmp_path, "--samples", "200")
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("runs/*")
    run = json.loads(path.read_text())
    assert run["finite"] and run["backend"] == keras.backend.backend()
    assert run["frechet_distance"] > 0 and 0 <= run["recall"] <= 1
    assert run["peak_megabytes"] > 50 and run["step_milliseconds"] > 0
    assert run["versions"]["keras"] == keras.__version__
    (row,) = json.loads((tmp_path / "table.json").read_text())
    assert row["psnr"] == {"mean": run["psnr"], "spread": 0.0}
    assert f"| AEGAN | {run['backend']} | 1 |" in done.stdout
    assert (tmp_path / "table.png").read_bytes()[:4] == b"\x89PNG"
    # Nothing is measured again, or half written.
    before = path.stat().st_mtime_ns
    again = benchmark(tmp_path, "--samples", "200")
    assert again.returncode == 0 and path.stat().st_mtime_ns == before
    assert not [p for p in tmp_path.rglob("*") if p.name.endswith(".part")]


def test_too_few_steps_are_refused(tmp_path):
    done = benchmark(tmp_path, "--steps", "9")
    assert done.returncode == 2
    assert "at least 10. Received: 9" in done.stderr


def test_rows_are_means_and_deviations_over_seeds(monkeypatch):
    """1 and 3: mean 2, deviation 1."""
    monkeypatch.syspath_prepend(FOLDER)
    import tables

    common = {"model": "GAN", "backend": "jax", "parameters": 7, "finite": True}
    runs = [{**common, "recall": value} for value in (1.0, 3.0)]
    (row,) = tables.summary(runs)
    assert row["recall"] == pytest.approx({"mean": 2.0, "spread": 1.0})
    assert row["seeds"] == 2 and "psnr" not in row


def test_unfused_networks_with_equal_trunks_lose_what_fused_ones_do(
    monkeypatch,
):
    """Where the two trunks hold the same numbers nothing tells them apart."""
    monkeypatch.syspath_prepend(FOLDER)
    from fused import UnfusedAEGAN

    x = np.random.default_rng(0).uniform(-1, 1, (16, 6)).astype("float32")
    fused, model = (
        cls.for_shape((6,), latent_dim=2, width=4, trunk="adversarial")
        for cls in (FusedAEGAN, UnfusedAEGAN)
    )
    for part in (*FusedAEGAN.required_parts(), "sampling"):
        pairs = (getattr(m, part).variables for m in (model, fused))
        for variable, value in zip(*pairs):
            variable.assign(ops.convert_to_numpy(value))
    model.encoder_trunk.set_weights(fused.trunk_network.get_weights())
    logs = []
    for one in (fused, model):
        one.compile()
        logs.append(one.evaluate(x, return_dict=True, verbose=0))
    assert logs[0] == pytest.approx(logs[1], rel=1e-5)
    before = model.encoder_trunk.get_weights()
    model.fit(x, verbose=0)
    moved = zip(before, model.encoder_trunk.get_weights())
    assert not any(np.array_equal(old, new) for old, new in moved)

"""Several devices give what one gives: logs, weights, and after a failure."""

import os
import pathlib
import signal
import subprocess
import sys

import device_runs as runs
import keras
import numpy as np
import pytest

PROGRAM = pathlib.Path(__file__).with_name("device_runs.py")
BACKEND = keras.backend.backend()


def start(folder, *arguments, **variables):
    """One process that trains; its errors are kept."""
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, PROGRAM, folder, *arguments],
        env=os.environ | variables,
        stderr=subprocess.PIPE,
        text=True,
    )


def start_both(folder, *arguments, **variables):
    """Two processes that train one model on PyTorch."""
    # Where they met before, when they go on after a failure.
    (folder / "meeting").unlink(missing_ok=True)
    variables |= {"WORLD_SIZE": "2"}
    return [start(folder, *arguments, RANK=r, **variables) for r in "01"]


def ended(processes):
    """Exit codes and errors of processes, which must not hang."""
    try:
        errors = [p.communicate(timeout=300)[1] for p in processes]
    finally:
        for process in processes:
            process.kill()
    return [p.returncode for p in processes], errors


def assert_same(expected, folder):
    """All logs and weights are equal to 1e-5, and relatively so if large."""
    found = np.load(folder / "results.npz")
    assert found.files
    for key in found.files:
        np.testing.assert_allclose(
            found[key], expected[key], rtol=1e-5, atol=1e-5, err_msg=key
        )


@pytest.fixture(scope="module")
def of_one():
    """Logs and weights of one device, which all others must give."""
    return runs.results()


if BACKEND == "torch":

    def test_two_processes_give_what_one_gives(of_one, tmp_path):
        codes, errors = ended(start_both(tmp_path))
        assert codes == [0, 0], errors
        assert_same(of_one, tmp_path)

    def test_a_killed_process_ends_the_run_and_all_can_go_on(of_one, tmp_path):
        """An epoch has 6 batches: this is in the second one."""
        codes, errors = ended(start_both(tmp_path, "VAEGAN", "8", RESUME="1"))
        assert codes == [1, -signal.SIGKILL]
        assert "cannot reach the others" in errors[0]
        codes, errors = ended(start_both(tmp_path, "VAEGAN", RESUME="1"))
        assert codes == [0, 0], errors
        assert_same(of_one, tmp_path)


if BACKEND == "jax":
    FOUR = {"XLA_FLAGS": "--xla_force_host_platform_device_count=4"}

    @pytest.mark.parametrize(
        ("shard", "names"), [("data", ()), ("weights", ["AEGAN"])]
    )
    def test_four_devices_give_what_one_gives(of_one, shard, names, tmp_path):
        run = start(tmp_path, *names, SHARD=shard, **FOUR)
        codes, errors = ended([run])
        assert codes == [0], errors
        assert_same(of_one, tmp_path)


if BACKEND == "tensorflow":

    def test_two_replicas_give_what_one_gives(of_one, tmp_path):
        codes, errors = ended([start(tmp_path, REPLICAS="1")])
        assert codes == [0], errors
        assert_same(of_one, tmp_path)

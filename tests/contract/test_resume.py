"""Killed in mid-epoch and started again, a run ends as if undisturbed."""

import pathlib
import signal
import subprocess
import sys

import numpy as np
import pytest
from catalogue import FLAGSHIP

PROGRAM = pathlib.Path(__file__).with_name("resumed_run.py")


def run(name, folder, *arguments):
    folder.mkdir(exist_ok=True)
    command = [sys.executable, PROGRAM, name, folder, *arguments]
    return subprocess.run(command, check=False).returncode


@pytest.mark.parametrize("name", [cls.__name__ for cls in FLAGSHIP])
def test_a_killed_run_ends_with_the_weights_of_an_undisturbed_one(
    name, tmp_path
):
    assert run(name, tmp_path / "whole") == 0
    # An epoch has 4 batches: this is in the middle of the third.
    assert run(name, tmp_path / "killed", "10") == -signal.SIGKILL
    assert not (tmp_path / "killed" / "weights.npz").exists()
    assert run(name, tmp_path / "killed") == 0
    whole, killed = (
        np.load(tmp_path / folder / "weights.npz")
        for folder in ("whole", "killed")
    )
    assert whole.files == killed.files
    for key in whole.files:
        np.testing.assert_allclose(killed[key], whole[key], atol=1e-6)

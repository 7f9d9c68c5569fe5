"""The guides run as programs, trained for a moment.

On one backend, since what they call is tested on all. On PyTorch nothing is
compiled, which takes most of such a run elsewhere.
"""

import os
import pathlib
import subprocess
import sys

import keras
import pytest

GUIDES = pathlib.Path(__file__).parents[1] / "guides"
# Other tests run these, on all backends.
ELSEWHERE = {"guide_options", "your_own_hybrid", "tuning"}
NAMES = sorted({p.stem for p in GUIDES.glob("*.py")} - ELSEWHERE)


@pytest.mark.skipif(
    keras.backend.backend() != "torch", reason="Guides run on one backend."
)
@pytest.mark.parametrize("name", NAMES)
def test_a_guide_runs(name, tmp_path):
    run = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:__main__",
         GUIDES / f"{name}.py", "--quick", "--output", tmp_path],
        env=os.environ | {"KERAS_BACKEND": "torch"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()

"""KerasTuner is imported where it is needed, and its absence is said."""

import subprocess
import sys

import pytest

import keras_aegan

PROGRAM = """
import sys
import keras_aegan

assert "keras_tuner" not in sys.modules
sys.modules["{missing}"] = None
try:
    keras_aegan.tuners
except ImportError as error:
    print(error)
"""


# KerasTuner imports six and does not declare it.
@pytest.mark.parametrize("missing", ["keras_tuner", "six"])
def test_one_sentence_says_what_to_install(missing):
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(missing=missing)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    [said] = run.stdout.strip().splitlines()
    assert said.startswith("`keras_aegan.tuners` needs KerasTuner")
    assert 'pip install "keras_aegan[tuner]"' in said
    assert missing in said


def test_other_attributes_are_as_missing_as_before():
    assert keras_aegan.tuners.HyperAEGAN
    with pytest.raises(AttributeError, match="no attribute 'tuner'"):
        _ = keras_aegan.tuner

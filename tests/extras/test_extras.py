"""Each extra requires all that its features import."""

import os
import pathlib
import re
import subprocess
import sys
from importlib import metadata

import keras
import readme_snippets
import refusal

HERE = pathlib.Path(__file__).parent


def test_features_import_only_what_their_extra_requires():
    backend = keras.config.backend()
    run = subprocess.run(
        [sys.executable, HERE / "features.py"],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    for extra in ("report", "tuner", "plot", "data"):
        assert f"[{extra}] has all it needs" in run.stdout


def test_kerastuner_needs_tensorboard_on_tensorflow():
    # It imports it in each trial, and does not require it.
    assert "tensorboard" in refusal.requirements("tuner")
    assert "tensorboard" not in refusal.requirements("plot")


def test_readme_has_the_snippets_that_are_run():
    found = {s: readme_snippets.snippets(s) for s in ("Use it", "Search")}
    assert "AEGAN.for_shape((8, 8, 1))" in found["Use it"][0]
    assert "max_trials=1," in found["Search"][0]
    [report] = readme_snippets.snippets("Report")
    assert "TrainingReport" in report and "model.fit" in report


def test_links_on_the_page_of_the_package_lead_somewhere():
    """PyPI has README.md alone: `setup.py` makes its links absolute."""
    page = metadata.metadata("keras_aegan")["Description"]
    page = page or metadata.metadata("keras_aegan").get_payload()
    links = re.findall(r"(!?)\[[^]]*\]\(([^)#][^)]*)\)", page)
    assert len(links) > 20
    for is_picture, link in links:
        assert link.startswith("https://"), link
        assert not is_picture or "raw." in link, link


def test_a_missing_backend_is_one_sentence():
    """Keras' own error, where it has none of its backends, names a module."""
    backend = keras.config.backend()
    program = f"""
import sys
sys.modules["{backend}"] = None
import keras_aegan
"""
    run = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = run.stderr.strip().splitlines()[-1]
    assert said.startswith("ImportError: Keras does not find its backend")
    assert f'pip install "keras_aegan[{backend}]"' in said


def test_detectors_without_scikit_learn_are_one_sentence():
    program = 'import sys; sys.modules["sklearn"] = None\nimport keras_aegan\n'
    run = subprocess.run(
        [sys.executable, "-c", f"{program}keras_aegan.anomaly"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = run.stderr.strip().splitlines()[-1]
    assert said.startswith("ImportError: `keras_aegan.anomaly` needs scikit")
    assert 'pip install "keras_aegan[anomaly]"' in said

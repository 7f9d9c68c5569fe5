"""The example and the guide run."""

import pathlib
import runpy
import sys

import keras
import numpy as np
import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples"))

import tune  # noqa: E402


@pytest.fixture
def images(tmp_path):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (80, 8, 8), dtype="uint8")
    np.savez(tmp_path / "images.npz", x_train=images, x_test=images[:32])
    return tmp_path / "images.npz"


def run(images, folder, *arguments):
    tune.main(
        ["--data", str(images), "--epochs", "1", "--output", str(folder),
         "--backend", keras.config.backend(), *arguments]
    )  # fmt: skip


def test_the_example_ends_with_table_page_and_model(
    images, tmp_path, monkeypatch, capsys
):
    monkeypatch.setitem(tune.SPACE, "width", [2])
    monkeypatch.setitem(tune.SPACE, "latent_dim", [2])
    folder = tmp_path / "tune"
    run(images, folder, "--trials", "1")
    text = capsys.readouterr().out
    assert "trial  distance" in text
    assert "0 trials failed" in text
    assert (folder / "search.html").exists()
    model = keras.saving.load_model(folder / "best.keras")
    assert model.generate(2).shape == (2, 8, 8, 1)
    monkeypatch.setitem(tune.SPACE, "latent_dim", [2, 3])
    with pytest.raises(SystemExit):
        run(images, folder, "--trials", "2")
    assert (
        "earlier search, which differs in space['latent_dim']"
        in capsys.readouterr().err
    )


def test_the_guide_runs(monkeypatch, capsys):
    runpy.run_path(str(ROOT / "guides" / "tuning.py"))
    assert "(3, 8, 8, 1)" in capsys.readouterr().out

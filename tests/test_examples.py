"""The examples run, and read what they say they read."""

import gzip
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest
from PIL import Image

EXAMPLES = pathlib.Path(__file__).parents[1] / "examples"
sys.path.insert(0, str(EXAMPLES))

from load_data import load  # noqa: E402

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 9, 8), dtype="uint8")


def idx_bytes(array):
    sizes = np.array(array.shape, ">i4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def test_the_quickstart_runs(tmp_path):
    arguments = ["--epochs", "1", "--output", tmp_path, "--backend"]
    run = subprocess.run(
        [sys.executable, EXAMPLES / "quickstart.py", *arguments,
         keras.config.backend()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    for shown in ("reconstruction", "discrimination", "Test error", "loaded"):
        assert shown in run.stdout
    assert (tmp_path / "aegan.keras").exists()
    assert (tmp_path / "epoch_0001.png").exists()


def test_digits():
    train, test = load("digits")
    assert train.shape[1:] == test.shape[1:] == (8, 8, 1)
    assert len(train) + len(test) == 1797
    assert train.min() == -1
    assert train.max() == 1


@pytest.mark.parametrize("kind", ["npz", "idx", "gz", "folder"])
def test_files(kind, tmp_path):
    path = tmp_path / f"images.{kind}"
    if kind == "npz":
        np.savez(path, images=IMAGES)
    elif kind == "folder":
        path.mkdir()
        for i, image in enumerate(IMAGES):
            Image.fromarray(image).save(path / f"{i:02d}.png")
    else:
        data = idx_bytes(IMAGES)
        path.write_bytes(gzip.compress(data) if kind == "gz" else data)
    train, test = load(path)
    assert train.shape == (18, 9, 8, 1)
    assert test.shape == (2, 9, 8, 1)
    expected = np.sort(IMAGES.mean((1, 2))) / 127.5 - 1
    means = np.sort(np.concatenate([train, test]).mean((1, 2, 3)))
    np.testing.assert_allclose(means, expected, atol=1e-5)


def test_clear_errors(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("no images")
    np.savez(tmp_path / "flat.npz", x=np.zeros(3))
    for name in ("nowhere", "empty", "text", "flat.npz"):
        with pytest.raises(ValueError, match="Received"):
            load(tmp_path / name)

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

sys.path.insert(0, str(EXAMPLES.parent / "guides"))

import quickstart  # noqa: E402
import your_own_hybrid  # noqa: E402
from load_data import load  # noqa: E402

IMAGES = np.random.default_rng(0).integers(0, 256, (20, 9, 8), dtype="uint8")


def idx_bytes(array):
    sizes = np.array(array.shape, ">i4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


def test_the_quickstart_runs(tmp_path):
    arguments = ["--steps", "20", "--output", tmp_path, "--backend"]
    run = subprocess.run(
        [sys.executable, EXAMPLES / "quickstart.py", *arguments,
         keras.config.backend()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    # What it says to do next can be typed as it stands.
    next_one = f"{pathlib.Path(sys.executable).name} guides/first_steps.py"
    for shown in ("loss", "not trained on", "loaded", next_one):
        assert shown in run.stdout
    assert "val_generator_loss" not in run.stdout
    assert str(tmp_path / "epoch_0001.png") in run.stdout
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


def test_train_and_test_parts_of_an_npz(tmp_path):
    path = tmp_path / "images.npz"
    np.savez(path, y=np.zeros(3), x_test=IMAGES[:3], x_train=IMAGES[3:])
    train, test = load(path)
    assert (len(train), len(test)) == (17, 3)
    expected = IMAGES[:3, ..., None] / np.float32(127.5) - 1
    np.testing.assert_allclose(test, expected, atol=1e-6)
    assert train.dtype == test.dtype == "float32"


@pytest.mark.parametrize("low, high", [(-1, 1), (0, 1), (0, 16), (-3, 5)])
def test_numbers_are_scaled_to_the_range_of_the_generator(low, high, tmp_path):
    x = np.linspace(low, high, 4 * 8 * 8 * 3).reshape(4, 8, 8, 3)
    np.savez(tmp_path / "x.npz", x=x)
    parts = np.concatenate(load(tmp_path / "x.npz"))
    inside = -1 <= low and high <= 1
    expected = x if inside else (x - low) / (high - low) * 2 - 1
    np.testing.assert_allclose(parts, expected, atol=1e-6)


def test_a_folder_of_folders_of_coloured_images(tmp_path):
    for i, ending in enumerate(("png", "jpg", "bmp", "PNG")):
        folder = tmp_path / f"class_{i % 2}"
        folder.mkdir(exist_ok=True)
        image = Image.new("RGB", (12 + i, 9), (255, 0, 0))
        image.save(folder / f"{i}.{ending}")
    (tmp_path / "class_0" / "notes.txt").write_text("not an image")
    (tmp_path / "class_0" / "._0.png").write_text("not an image")
    train, test = load(tmp_path)
    assert train.shape == (3, 9, 12, 3)
    assert test.shape == (1, 9, 12, 3)
    np.testing.assert_allclose(train.mean((0, 1, 2)), [1, -1, -1], atol=0.02)


def test_clear_errors(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "image.png").write_text("no image")
    (tmp_path / "text").write_text("no images")
    (tmp_path / "cut.idx").write_bytes(idx_bytes(IMAGES)[:-1])
    (tmp_path / "cut.gz").write_bytes(gzip.compress(idx_bytes(IMAGES))[:-9])
    (tmp_path / "labels.idx").write_bytes(idx_bytes(IMAGES[:, 0, 0]))
    np.savez(tmp_path / "flat.npz", x=np.zeros(3))
    np.savez(tmp_path / "one.npz", x=IMAGES[:1])
    np.savez(tmp_path / "none.npz", x=IMAGES[:0])
    np.savez(tmp_path / "nan.npz", x=np.full((9, 8, 8), np.nan))
    np.savez(tmp_path / "two.npz", x_train=IMAGES, x_test=IMAGES[:, 1:])
    names = [path.name for path in tmp_path.iterdir()]
    assert len(names) == 11
    for name in (*names, "nowhere"):
        with pytest.raises(ValueError, match=f"Received: .*{name}"):
            load(tmp_path / name)
    with pytest.raises(ValueError, match="digits, mnist, fashion_mnist"):
        load("minst")


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--data", "minst"], "must be one of digits, mnist"),
        (["--steps", "0"], "--steps"),
        (["--output", __file__], "File exists"),
    ],
)
def test_the_quickstart_refuses_wrong_arguments(
    arguments, message, capsys, monkeypatch
):
    monkeypatch.setenv("KERAS_BACKEND", keras.config.backend())
    with pytest.raises(SystemExit):
        quickstart.main(arguments)
    assert message in capsys.readouterr().err


def test_the_hybrid_of_the_guide_learns_and_is_saved_whole(tmp_path):
    """From random networks: the distance falls to a third, 3 dB are won."""
    before, after = your_own_hybrid.main(epochs=8)
    assert after[0] < before[0] / 3
    assert after[1] > before[1] + 3
    model = your_own_hybrid.KernelAEGAN.for_shape((8, 8, 1), 4, 4)
    model.save(tmp_path / "mine.keras")
    loaded = keras.saving.load_model(tmp_path / "mine.keras")
    np.testing.assert_allclose(
        loaded.generate(4, seed=1), model.generate(4, seed=1), atol=1e-5
    )

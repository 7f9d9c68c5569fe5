"""Pictures of what a model makes, while it trains."""

import contextlib
import errno
import io
import pathlib
import shutil
import sys

import keras
import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing import event_file_loader

from keras_aegan.callbacks import SampleGrid
from keras_aegan.callbacks.sample_grid.event_file import EventFile
from keras_aegan.models import VAE

SHAPES = [(8, 8, 1), (9, 12, 3), (12,), (16, 2)]


def trained(shape, folder, epochs=1, **arguments):
    model = VAE.for_shape(shape, latent_dim=2, width=2)
    model.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (16, *shape))
    x = x.astype("float32")
    grid = SampleGrid(folder, x=x[:3], num_samples=9, **arguments)
    model.fit(x, batch_size=16, epochs=epochs, verbose=0, callbacks=[grid])
    return model


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_picture_of_every_kind_of_sample(shape, tmp_path):
    trained(shape, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["epoch_0001.png"]
    picture = np.asarray(Image.open(tmp_path / "epoch_0001.png").convert("L"))
    assert min(picture.shape) > 60
    # Something is drawn: not one colour, and not white alone.
    assert len(np.unique(picture)) > 2


def test_every_other_epoch_and_the_last(tmp_path):
    trained((8, 8, 1), tmp_path, epochs=3, every=2)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["epoch_0002.png", "epoch_0003.png"]


def test_the_picture_shows_the_samples(tmp_path):
    """The first tile's pixels are those of the first sample, enlarged."""
    model = trained((8, 8, 1), tmp_path, seed=3)
    picture = np.asarray(Image.open(tmp_path / "epoch_0001.png").convert("L"))
    sample = model.generate(9, seed=3)[0, :, :, 0]
    expected = np.clip((sample + 1) / 2, 0, 1) * 255
    scale = 8
    tile = np.repeat(np.repeat(expected, scale, 0), scale, 1)
    size = 8 * scale
    found = [
        np.abs(picture[i : i + size, 12 : 12 + size] - tile).max() < 2
        for i in range(60)
    ]
    assert any(found)


def test_the_same_seed_draws_the_same_pictures(tmp_path):
    pictures = []
    for name in "ab":
        keras.utils.set_random_seed(1)
        trained((8, 8, 1), tmp_path / name)
        pictures.append((tmp_path / name / "epoch_0001.png").read_bytes())
    assert pictures[0] == pictures[1]


def test_an_interrupted_fit_draws_the_last_epoch_that_ended(tmp_path):
    model = VAE.for_shape((12,), latent_dim=2, width=2)
    model.compile()
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", True)
    )
    callbacks = [SampleGrid(tmp_path, every=100), stop]
    x = np.zeros((8, 12), "float32")
    model.fit(x, epochs=9, verbose=0, callbacks=callbacks)
    assert [p.name for p in tmp_path.iterdir()] == ["epoch_0001.png"]


@pytest.mark.every_backend
def test_drawing_does_not_change_training(tmp_path):
    results = []
    for folder in (tmp_path, None):
        keras.utils.set_random_seed(0)
        model = VAE.for_shape((12,), latent_dim=2, width=2, noise=0.1)
        model.compile()
        x = np.random.default_rng(0).normal(size=(16, 12)).astype("float32")
        callbacks = [SampleGrid(folder)] if folder else []
        model.fit(x, batch_size=8, epochs=2, verbose=0, callbacks=callbacks)
        results.append(model.get_weights())
    for a, b in zip(*results):
        np.testing.assert_array_equal(a, b)


def test_tensorboard(tmp_path):
    trained((12,), tmp_path / "pictures", epochs=2, log_dir=tmp_path / "logs")
    from tensorboard.backend.event_processing import event_accumulator

    events = event_accumulator.EventAccumulator(str(tmp_path / "logs"))
    events.Reload()
    images, scalars = events.Images("samples"), events.Scalars("reconstruction")
    assert [x.step for x in images] == [x.step for x in scalars] == [1, 2]
    picture = (tmp_path / "pictures" / "epoch_0002.png").read_bytes()
    assert images[1].encoded_image_string == picture
    width, height = Image.open(io.BytesIO(picture)).size
    assert (images[1].width, images[1].height) == (width, height)


def test_a_folder_that_cannot_be_written_is_an_error_at_the_start(tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("")
    for folder in (occupied, occupied / "below"):
        with pytest.raises(ValueError, match="`directory`.*Received"):
            trained((12,), folder)
    with pytest.raises(ValueError, match="`log_dir`.*Received"):
        trained((12,), tmp_path, log_dir=occupied)


def test_a_folder_without_permission_is_an_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        (tmp_path / "probe").touch()
        pytest.skip("this user may write everywhere")
    except PermissionError:
        with pytest.raises(ValueError, match="`directory`.*Received"):
            trained((12,), tmp_path)
    finally:
        tmp_path.chmod(0o700)


@contextlib.contextmanager
def warned_once():
    with pytest.warns(UserWarning, match="training goes on") as caught:
        yield
    # Matplotlib has warnings of its own.
    found = ["A picture of the training" in str(w.message) for w in caught]
    assert sum(found) == 1


def test_a_picture_that_cannot_be_placed_is_only_warned_of(tmp_path):
    """And the others are there."""
    (tmp_path / "epoch_0001.png").mkdir()
    (tmp_path / "epoch_0002.png").mkdir()
    with warned_once():
        trained((12,), tmp_path, epochs=3)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [f"epoch_000{i}.png" for i in (1, 2, 3)]
    assert [(tmp_path / name).is_file() for name in names] == [0, 0, 1]


@pytest.mark.parametrize("becomes", ["missing", "a file"])
def test_a_folder_that_vanishes_ends_no_training(becomes, tmp_path):
    folder = tmp_path / "folder"

    def spoil(epoch, logs):
        if epoch == 1:
            shutil.rmtree(folder)
            if becomes == "a file":
                folder.write_text("")

    model = VAE.for_shape((16, 2), latent_dim=2, width=2)
    model.compile()
    x = np.zeros((8, 16, 2), "float32")
    grid = SampleGrid(
        folder, every=3, num_samples=2, sample_rate=800, log_dir=folder
    )
    spoil = keras.callbacks.LambdaCallback(on_epoch_begin=spoil)
    with warned_once():
        model.fit(x, epochs=3, verbose=0, callbacks=[spoil, grid])
    assert model.optimizer.iterations == 3


def test_a_full_disk_leaves_whole_records_for_tensorboard(
    tmp_path, monkeypatch
):
    events = EventFile(tmp_path)
    events.add(1, {"loss": 0.5})
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()

    class Full(io.FileIO):
        def write(self, content):
            super().write(content[:5])
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("builtins.open", lambda path, mode: Full(path, mode))
    with pytest.raises(OSError, match="No space left"):
        events.add(2, {"loss": 0.25})
    monkeypatch.undo()
    assert path.read_bytes() == whole
    events.add(3, {"loss": 0.125})
    loader = event_file_loader.LegacyEventFileLoader(str(path))
    assert [event.step for event in loader.Load()] == [0, 1, 3]


def test_logs_that_are_no_numbers_are_left_out(tmp_path):
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    model.compile(run_eagerly=True)
    add = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: logs.update(
            note="text", many=[1, 2], none=None, one=np.float32(1)
        )
    )
    grid = SampleGrid(tmp_path, panels="history", log_dir=tmp_path)
    model.fit(np.zeros((8, 6)), verbose=0, callbacks=[add, grid])
    assert grid.logs["one"] == [1.0]
    assert not {"note", "many", "none"} & set(grid.logs)


def test_a_missing_matplotlib_is_one_clear_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install .keras_aegan\[plot\]"):
        trained((12,), tmp_path)


def test_a_missing_tensorboard_is_one_clear_sentence(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard.compat.proto.event_pb2", None)
    with pytest.raises(ImportError, match='pip install "tensorboard"'):
        trained((12,), tmp_path, log_dir=tmp_path)


def test_wrong_arguments(tmp_path):
    for wrong in (
        {"every": 0},
        {"num_samples": 0},
        {"seed": 1.5},
        {"x": np.zeros((0, 12))},
        {"x": np.zeros((2, 12)), "labels": [0, 1, 2]},
        {"panels": []},
        {"every": True},
        {"sample_rate": np.float64(800)},
        {"x": np.array([["a", "b"]])},
        {"x": np.zeros((2, 12), "complex64")},
        {"x": np.zeros((2, 12)), "labels": [0, np.nan]},
        {"x": np.zeros((2, 12)), "labels": [0, None]},
        {"x": np.zeros((2, 8, 8, 1), "uint8")},
    ):
        with pytest.raises(ValueError, match="Received"):
            SampleGrid(pathlib.Path(tmp_path), **wrong)
    whole = np.int64(2)
    grid = SampleGrid(tmp_path, every=whole, seed=whole, sample_rate=whole)
    assert type(grid.every) is type(grid.seed) is type(grid.sample_rate) is int
    model = VAE.for_shape((12,), latent_dim=2, width=2)
    model.compile()
    grid = SampleGrid(tmp_path, x=np.zeros((2, 13)))
    with pytest.raises(ValueError, match="Received"):
        model.fit(np.zeros((8, 12)), verbose=0, callbacks=[grid])

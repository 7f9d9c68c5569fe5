"""`SampleGrid` draws the pictures that it is asked for, or says why not."""

import numpy as np
import pytest
from PIL import Image
from scipy.io import wavfile

from keras_aegan import models
from keras_aegan import pictures
from keras_aegan.callbacks import SampleGrid
from keras_aegan.pictures.figures import png

OF_IMAGES = [
    "samples",
    "reconstructions",
    "interpolations",
    "spherical_interpolations",
    "traversals",
    "attribute_edits",
    "neighbours",
    "latent_map",
    "history",
]
LOGS = {"generator_loss": 1.0, "reconstruction": 2.0}


def drawn(model, folder, epochs=1, **arguments):
    """Names of files after some epochs, without any training."""
    grid = SampleGrid(folder, num_samples=9, **arguments)
    grid.set_model(model)
    grid.on_train_begin()
    for epoch in range(epochs):
        grid.on_epoch_end(epoch, LOGS)
    grid.on_train_end()
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def table_model():
    return models.VAE.for_shape((5,), latent_dim=2, width=2)


def test_all_pictures_of_images(model, images, tmp_path):
    names = drawn(
        model,
        tmp_path,
        epochs=2,
        every=2,
        x=images,
        labels=np.arange(24) % 3,
        attribute=np.arange(24) % 2,
        training_data=images,
        panels=OF_IMAGES,
    )
    assert names == sorted(f"epoch_0002_{name}.png" for name in OF_IMAGES)
    for name in names:
        pixels = np.asarray(Image.open(tmp_path / name).convert("L"))
        assert len(np.unique(pixels)) > 2


def test_a_picture_is_the_one_of_the_function(model, images, tmp_path):
    drawn(
        model,
        tmp_path,
        seed=4,
        x=images,
        panels=["traversals", "interpolations", "latent_map"],
    )
    expected = {
        "traversals": pictures.traversals(model, images[:1], seed=4),
        "interpolations": pictures.interpolations(
            model, images[:8], images[8:16]
        ),
        "latent_map": pictures.latent_map(model, images, seed=4),
    }
    for name, figure in expected.items():
        found = (tmp_path / f"epoch_0001_{name}.png").read_bytes()
        assert found == png(figure), name


def test_tables(table_model, tmp_path):
    x = np.random.default_rng(0).normal(size=(20, 5)).astype("float32")
    panels = ["marginals", "correlations", "samples", "reconstructions"]
    names = drawn(table_model, tmp_path, x=x, panels=panels)
    assert names == sorted(f"epoch_0001_{name}.png" for name in panels)
    found = (tmp_path / "epoch_0001_correlations.png").read_bytes()
    made = table_model.generate(20, seed=0)
    assert found == png(pictures.correlations(x, made))


def test_sound(tmp_path):
    model = models.VAE.for_shape((64, 1), latent_dim=2, width=2)
    names = drawn(model, tmp_path, sample_rate=8000)
    sounds = [f"epoch_0001_sound_{i}.wav" for i in range(1, 5)]
    assert names == [
        "epoch_0001.png",
        *sounds,
        "epoch_0001_spectrograms.png",
    ]
    samples = model.generate(9, seed=0)
    rate, found = wavfile.read(tmp_path / sounds[1])
    assert rate == 8000
    expected = np.clip(samples[1, :, 0], -1, 1)
    np.testing.assert_allclose(found / 32767, expected, atol=0.51 / 32767)


def test_series_without_sound(tmp_path):
    model = models.VAE.for_shape((16, 2), latent_dim=2, width=2)
    x = np.zeros((3, 16, 2), "float32")
    panels = ["series", "traversals", "interpolations"]
    names = drawn(model, tmp_path, x=x, panels=panels)
    assert names == sorted(f"epoch_0001_{name}.png" for name in panels)


def test_one_original_is_enough(model, images, tmp_path):
    drawn(model, tmp_path, x=images[:1], panels=["interpolations"])


def test_a_model_without_encoder_shows_ways_between_codes(tmp_path):
    model = models.GAN.for_shape((8, 8, 1), latent_dim=3, width=2)
    x = np.zeros((4, 8, 8, 1), "float32")
    panels = ["samples", "spherical_interpolations", "traversals"]
    names = drawn(model, tmp_path, x=x, panels=panels)
    assert len(names) == 3
    for panel in ("reconstructions", "latent_map"):
        with pytest.raises(ValueError, match=f"Received: '{panel}', but: GAN"):
            drawn(model, tmp_path / "new", x=x, panels=[panel])


def test_a_model_of_tokens(tmp_path):
    model = models.ARAE.for_shape(
        (4,), vocabulary_size=5, latent_dim=2, width=2
    )
    x = np.random.default_rng(0).integers(5, size=(12, 4))
    panels = ["neighbours", "interpolations"]
    arguments = {"x": x, "training_data": x, "panels": panels}
    names = drawn(model, tmp_path, **arguments)
    assert names == sorted(f"epoch_0001_{name}.png" for name in panels)


@pytest.mark.every_backend
def test_a_model_that_takes_labels(tmp_path):
    model = models.VAE.for_shape((5,), latent_dim=2, width=2, num_classes=3)
    x = np.random.default_rng(0).normal(size=(12, 5)).astype("float32")
    panels = ["traversals", "attribute_edits", "latent_map", "marginals"]
    names = drawn(
        model,
        tmp_path,
        x=x,
        labels=np.arange(12) % 3,
        attribute=np.arange(12) % 2,
        panels=panels,
    )
    assert names == sorted(f"epoch_0001_{name}.png" for name in panels)


def test_a_model_that_has_gone_astray_can_be_looked_at(tmp_path):
    model = models.VAE.for_shape((8, 8, 1), latent_dim=3, width=2)
    model.set_weights([np.full(w.shape, np.nan) for w in model.get_weights()])
    x = np.random.default_rng(0).uniform(-1, 1, (12, 8, 8, 1))
    names = drawn(
        model,
        tmp_path,
        x=x,
        training_data=x,
        attribute=np.arange(12) % 2,
        panels=OF_IMAGES,
    )
    assert len(names) == len(OF_IMAGES)


def test_history_has_the_epochs_of_this_training(table_model, tmp_path):
    grid = SampleGrid(tmp_path, panels="history", every=3)
    grid.set_model(table_model)
    grid.on_train_begin()
    for epoch, logs in ((4, {"a": 1.0}), (5, {"a": 2.0, "val_a": 3.0})):
        grid.on_epoch_end(epoch, logs)
    grid.on_train_end()
    expected = pictures.history({"a": [1, 2], "val_a": [np.nan, 3]}, [5, 6])
    found = [p.read_bytes() for p in sorted(tmp_path.iterdir())]
    assert found[-1] == png(expected)
    grid.on_train_begin()
    assert grid.logs == {}


def test_tensorboard(table_model, tmp_path):
    from tensorboard.backend.event_processing import event_accumulator

    log_dir, folder = tmp_path / "logs", tmp_path / "pictures"
    drawn(table_model, folder, log_dir=log_dir, panels=["samples", "history"])
    events = event_accumulator.EventAccumulator(str(log_dir))
    events.Reload()
    assert sorted(events.Tags()["images"]) == ["history", "samples"]
    picture = (folder / "epoch_0001_history.png").read_bytes()
    assert events.Images("history")[0].encoded_image_string == picture


@pytest.mark.parametrize(
    "panel, missing",
    [
        ("reconstructions", "x"),
        ("latent_map", "x"),
        ("marginals", "x"),
        ("attribute_edits", "x"),
        ("neighbours", "training_data"),
    ],
)
def test_what_is_missing_is_said_at_the_start(
    panel, missing, table_model, tmp_path
):
    with pytest.raises(ValueError, match=f"`{missing}`.*Received"):
        drawn(table_model, tmp_path, epochs=0, panels=[panel])


def test_pictures_of_other_kinds_of_samples(model, images, tmp_path):
    for panel in ("marginals", "correlations", "series"):
        with pytest.raises(ValueError, match=f"Received: '{panel}', but"):
            drawn(model, tmp_path, x=images, panels=[panel])
    for panels in (None, ["spectrograms"], ["samples"]):
        with pytest.raises(ValueError, match="axes.*Received"):
            drawn(model, tmp_path, sample_rate=8000, panels=panels)
    assert not list(tmp_path.iterdir())


def test_wrong_arguments(images, tmp_path):
    with pytest.raises(
        ValueError, match="'latent_map'.*Received: .*'nonsense'"
    ):
        SampleGrid(tmp_path, panels=["samples", "nonsense"])
    for wrong in (
        {"panels": []},
        {"sample_rate": 0},
        {"sample_rate": 8000.0},
        {"x": images, "labels": [1, 2]},
        {"x": images, "attribute": [True]},
    ):
        with pytest.raises(ValueError, match="Received"):
            SampleGrid(tmp_path, **wrong)

"""Images from files and arrays, beside Pillow."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_aegan.data import Images
from keras_aegan.models import VAE

BYTES = np.random.default_rng(0).integers(0, 256, (5, 10, 9, 3), "uint8")


@pytest.mark.parametrize("x", [BYTES, BYTES[..., 0], list(BYTES)])
def test_bytes_come_back_exactly(x):
    images = Images()
    found = images.fit_transform(x)
    assert found.dtype == "float32"
    expected = np.stack(list(x)).reshape(found.shape) / np.float32(127.5) - 1
    np.testing.assert_allclose(found, expected, atol=1e-6)
    back = images.inverse_transform(found)
    assert back.dtype == "uint8"
    np.testing.assert_array_equal(back, np.reshape(x, found.shape))
    assert images.network_options == {
        "shape": found.shape[1:],
        "activation": "tanh",
    }


@pytest.mark.parametrize(
    "low, high, black, white", [(0, 1, 0, 1), (-1, 0.5, -1, 1), (0, 16, 0, 16)]
)
def test_the_range_of_floats(low, high, black, white):
    x = np.linspace(low, high, 2 * 8 * 8).reshape(2, 8, 8)
    images = Images()
    found = images.fit_transform(x)[..., 0]
    expected = 2 * (x - black) / (white - black) - 1
    np.testing.assert_allclose(found, expected, atol=1e-6)
    back = images.inverse_transform(found[..., None])
    np.testing.assert_allclose(back[..., 0], x, atol=1e-5)
    given = Images(value_range=(-20, 20)).fit_transform(x)[..., 0]
    np.testing.assert_allclose(given, x / 20, atol=1e-6)


def write(folder, images, suffix=".png"):
    paths = []
    for i, image in enumerate(images):
        image = image if isinstance(image, Image.Image) else (
            Image.fromarray(image)
        )  # fmt: skip
        paths.append(folder / f"{i}{suffix}")
        image.save(paths[-1])
    return paths


def test_a_folder_is_read_by_names_and_a_list_in_its_order(tmp_path):
    paths = write(tmp_path, BYTES)
    (tmp_path / "notes.txt").write_text("none")
    images = Images()
    found = images.fit_transform(tmp_path)
    np.testing.assert_array_equal(images.inverse_transform(found), BYTES)
    backwards = images.transform(paths[::-1])
    np.testing.assert_array_equal(backwards, found[::-1])
    np.testing.assert_array_equal(images.transform(str(paths[2])), found[2:3])


def test_sizes_are_those_of_pillow(tmp_path):
    image = Image.fromarray(BYTES[0])
    paths = write(tmp_path, [image])
    images = Images(size=(6, 12)).fit(paths)
    back = images.inverse_transform(images.transform(paths))[0]
    np.testing.assert_array_equal(back, np.asarray(image.resize((12, 6))))
    # Floats and bytes are interpolated alike, but for rounding.
    floats = Images(size=(6, 12)).fit_transform(BYTES[:1] / 255.0)
    np.testing.assert_allclose(
        floats, images.transform(BYTES[:1]), atol=3 / 255
    )
    assert np.abs(floats).max() <= 1


def test_channels(tmp_path):
    grey = Image.fromarray(BYTES[0, ..., 0])
    colour = Image.fromarray(BYTES[0])
    opacity = np.full((10, 9, 1), 51, "uint8")  # A fifth.
    clear = Image.fromarray(np.concatenate([BYTES[0], opacity], -1))
    paths = write(tmp_path, [grey, colour, clear])

    def read(path, **arguments):
        images = Images(**arguments).fit([path])
        return images.inverse_transform(images.transform([path]))[0]

    assert read(paths[0]).shape == (10, 9, 1)
    assert Images().fit(paths).network_options["shape"] == (10, 9, 3)
    np.testing.assert_array_equal(
        read(paths[0], channels=3)[..., 1], np.asarray(grey)
    )
    converted = np.asarray(colour.convert("L")).astype(int)
    found = read(paths[1], channels=1)[..., 0]
    assert np.abs(found - converted).max() <= 1
    white = Image.new("RGBA", clear.size, "white")
    laid = np.asarray(Image.alpha_composite(white, clear).convert("RGB"))
    assert np.abs(read(paths[2]).astype(int) - laid).max() <= 1
    assert (read(paths[2], channels=4)[..., 3] == 51).all()
    assert (read(paths[1], channels=4)[..., 3] == 255).all()


def test_sixteen_bits(tmp_path):
    values = np.array([[0, 256, 65535]] * 3, "uint16")
    paths = write(tmp_path, [values])
    images = Images()
    found = images.inverse_transform(images.fit_transform(paths))
    assert found[0, 0, :, 0].tolist() == [0, 1, 255]


def test_what_is_written_is_read(tmp_path):
    images = Images()
    x = images.fit_transform(BYTES)
    paths = images.write(tmp_path / "new", x * 1.5)
    assert [path.name for path in paths] == [f"{i}.png" for i in range(5)]
    found = images.transform(tmp_path / "new")
    np.testing.assert_allclose(found, (x * 1.5).clip(-1, 1), atol=1 / 127)


def test_bad_files(tmp_path):
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "empty").mkdir()
    cut = tmp_path / "cut.png"
    Image.fromarray(BYTES[0]).save(cut)
    cut.write_bytes(cut.read_bytes()[:-60])
    for path, message in (
        (tmp_path / "text.png", "must be an image.*text.png"),
        (cut, "must be an image.*cut.png"),
        (tmp_path / "empty", "files that end in .bmp"),
        (tmp_path / "nowhere", "nowhere"),
        ([tmp_path / "nowhere.png"], "nowhere.png"),
    ):
        with pytest.raises(ValueError, match=message) as found:
            Images().fit(path)
        assert "Received" in str(found.value)


@pytest.mark.parametrize(
    "x, message",
    [
        (np.zeros((8, 8)), r"\(samples, height, width\)"),
        (np.zeros((0, 8, 8)), "none"),
        ([], "images"),
        (np.full((2, 8, 8), np.nan), "NaN"),
        (np.zeros((2, 3, 32, 32)), r"np.moveaxis\(x, 1, -1\)"),
        (np.zeros((2, 0, 8)), "without a 0"),
        (None, "Received"),
        (3, "Received"),
    ],
)
def test_bad_arrays(x, message):
    with pytest.raises(ValueError, match=message):
        Images().fit(x)


def test_clear_errors():
    for arguments in (
        {"size": 0},
        {"size": (8, 8, 1)},
        {"channels": 2},
        {"value_range": (1, 0)},
    ):
        with pytest.raises(ValueError, match="Received"):
            Images(**arguments)
    with pytest.raises(ValueError, match="fit"):
        Images().transform(BYTES)
    images = Images().fit(BYTES)
    with pytest.raises(ValueError, match="3 channels"):
        images.transform(np.zeros((2, 10, 9, 2), "uint8"))
    with pytest.raises(ValueError, match="shape"):
        images.inverse_transform(np.zeros((2, 8, 8, 3)))
    with pytest.raises(ValueError, match="NaN"):
        images.inverse_transform(np.full((1, 10, 9, 3), np.nan))


def test_images_through_a_model():
    """Images that are dark above and light below, through a small VAE."""
    x = np.zeros((64, 8, 8), "uint8")
    x[:, 4:] = 200
    images = Images()
    found = images.fit_transform(x)
    model = VAE.for_shape(**images.network_options, latent_dim=2, width=4)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    model.fit(found, epochs=30, verbose=0)
    new = images.inverse_transform(model.generate(4, seed=1))
    assert new.dtype == "uint8" and new.shape == (4, 8, 8, 1)
    assert new[:, 4:].mean() - new[:, :4].mean() > 100

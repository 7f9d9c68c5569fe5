"""What every transformation promises: JSON that comes back exactly."""

import inspect
import json
import sys

import keras
import numpy as np
import pytest

from keras_aegan import data

RNG = np.random.default_rng(0)
SERIES = RNG.normal(size=(40, 2)) / 3 + 0.1
SOUND = RNG.normal(size=(3, 2000)) / 3
IMAGES = RNG.uniform(-3, 7, size=(3, 8, 8, 1)) / 3

# Each class with a fitted instance and something that it transforms.
EXAMPLES = {
    data.Images: (lambda: data.Images(size=(9, 8)).fit(IMAGES), IMAGES, {}),
    data.Spectrograms: (
        lambda: data.Spectrograms(bands=16, frames=16).fit(SOUND, rate=8000),
        SOUND,
        {"rate": 8000},
    ),
    data.Text: (lambda: data.Text().fit(["aé\ud800", "b"]), ["éab"], {}),
    data.Waves: (
        lambda: data.Waves(seconds=0.2).fit(SOUND, rate=8000),
        SOUND,
        {"rate": 4000},
    ),
    data.Windows: (
        lambda: data.Windows(8, scale="robust").fit(SERIES),
        SERIES,
        {},
    ),
}


def test_every_transformation_is_here():
    found = {
        value
        for value in vars(data).values()
        if inspect.isclass(value)
        and value is not data.Transformation
        and value.__module__.split(".")[-1] in OWN_FILES
    }
    assert found == set(EXAMPLES)


OWN_FILES = ("images", "spectrograms", "text", "waves", "windows")


@pytest.mark.parametrize("cls", EXAMPLES, ids=lambda cls: cls.__name__)
@pytest.mark.parametrize("way", ["file", "json", "keras"])
def test_the_same_numbers_after_saving(cls, way, tmp_path):
    make, x, arguments = EXAMPLES[cls]
    before = make()
    if way == "file":
        before.save(tmp_path / "new" / "saved.json")
        after = cls.load(tmp_path / "new" / "saved.json")
    elif way == "json":
        after = cls.from_config(json.loads(json.dumps(before.get_config())))
    else:
        after = keras.saving.deserialize_keras_object(
            keras.saving.serialize_keras_object(before)
        )
    assert after.get_config() == before.get_config()
    assert after.network_options == before.network_options
    found = before.transform(x, **arguments)
    np.testing.assert_array_equal(after.transform(x, **arguments), found)
    np.testing.assert_array_equal(
        after.inverse_transform(found), before.inverse_transform(found)
    )


@pytest.mark.parametrize("cls", EXAMPLES, ids=lambda cls: cls.__name__)
def test_one_that_is_not_fitted_is_saved_as_such(cls, tmp_path):
    config = EXAMPLES[cls][0]().get_config()
    unfitted = cls.from_config({**config, "fitted": None})
    unfitted.save(tmp_path / "saved.json")
    loaded = cls.load(tmp_path / "saved.json")
    with pytest.raises(ValueError, match=f"{cls.__name__}` must be fitted"):
        loaded.inverse_transform(np.zeros((1, 8, 2)))
    with pytest.raises(ValueError, match="must be fitted"):
        _ = loaded.network_options


@pytest.mark.parametrize("cls", EXAMPLES, ids=lambda cls: cls.__name__)
def test_what_is_no_file_of_it(cls, tmp_path):
    other = next(kind for kind in EXAMPLES if kind is not cls)
    EXAMPLES[other][0]().save(tmp_path / "other.json")
    (tmp_path / "text.json").write_text("text")
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "more.json").write_text(
        json.dumps({"class_name": cls.__name__, "config": {"x": 1}})
    )
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe")
    for name in ("other", "text", "list", "more", "bytes", "nowhere"):
        path = tmp_path / f"{name}.json"
        with pytest.raises(ValueError, match=f"{cls.__name__}.save.*{name}"):
            cls.load(path)
    with pytest.raises(ValueError, match="file that can be written"):
        EXAMPLES[cls][0]().save(tmp_path)


def test_optional_packages_are_missing_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "a.wav").write_bytes(b"")
    (tmp_path / "a.png").write_bytes(b"")
    for name in ("soundfile", "PIL", "scipy.signal"):
        monkeypatch.setitem(sys.modules, name, None)
    for call in (
        lambda: data.Waves().fit(tmp_path),
        lambda: data.Waves(rate=4000).fit_transform(SOUND, rate=8000),
        lambda: data.Images().fit(tmp_path),
    ):
        with pytest.raises(ImportError, match=r"need.*keras_aegan\[data\]"):
            call()

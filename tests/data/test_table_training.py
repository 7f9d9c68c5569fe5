"""Models that learn a table: its marginals, and what goes with what."""

import keras
import numpy as np
import pytest
from mixed_frames import mixed_frame

from keras_aegan import models
from keras_aegan.data import Table


def share(values, value):
    return float((values == value).mean())


@pytest.mark.every_backend
@pytest.mark.parametrize("model", [models.AEGAN, models.VAE])
def test_samples_look_like_the_frame(model):
    """The shares of values are near those of the frame, heights go with
    cities, and rows are reconstructed. Without training, and with a loss that
    leaves out the categories, none of these holds.
    """
    frame = mixed_frame(1000).drop(columns=["zone", "children", "income"])
    table = Table()
    x = table.fit_transform(frame)
    model = model.for_shape(**table.network_options, latent_dim=8, width=8)
    model.compile()
    model.fit(x, epochs=10, batch_size=32, verbose=0)
    fake = table.inverse_transform(model.generate(1000, seed=0))
    assert list(fake) == list(frame)
    assert fake.dtypes.equals(frame.dtypes)
    for name in ("city", "job", "married", "size"):
        for value in frame[name].dropna().unique():
            difference = share(fake[name], value) - share(frame[name], value)
            assert abs(difference) < 0.15, (name, value)
    for name in ("job", "height"):
        difference = fake[name].isna().mean() - frame[name].isna().mean()
        assert abs(difference) < 0.15, name
    # Heights are 0, 3 and 6 by cities, with a deviation of 1.
    means = fake.groupby("city")["height"].mean()
    assert means["Zug"] - means["Bern"] > 4
    assert abs(fake["age"].mean() - frame["age"].mean()) < 8
    assert fake["age"].between(18, 90).all()
    assert (fake["year"] == 2026).all()
    rebuilt = table.inverse_transform(model.reconstruct(x))
    for name in ("city", "married"):
        assert (rebuilt[name] == frame[name]).mean() > 0.9, name


@pytest.mark.every_backend
def test_a_label_is_the_condition():
    frame = mixed_frame(600)[["height", "city", "married"]].dropna()
    table = Table(label="city")
    x = table.fit_transform(frame)
    labels = table.labels(frame)
    model = models.VAE.for_shape(**table.network_options, latent_dim=4, width=8)
    model.compile()
    model.fit(x, labels, epochs=20, verbose=0)
    asked = np.repeat([0, 1, 2], 100)
    fake = table.inverse_transform(model.generate(labels=asked), asked)
    means = fake.groupby("city")["height"].mean()
    assert (
        fake["city"].tolist()
        == np.repeat(["Bern", "Genf", "Zug"], 100).tolist()
    )
    assert means["Zug"] - means["Bern"] > 4


def test_saved_beside_the_model(tmp_path):
    frame = mixed_frame(64)
    table = Table()
    x = table.fit_transform(frame)
    model = models.VAE.for_shape(**table.network_options, latent_dim=2, width=2)
    model.save(tmp_path / "model.keras")
    table.save(tmp_path / "table.json")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = Table.load(tmp_path / "table.json")
    expected = table.inverse_transform(model.reconstruct(x))
    assert again.inverse_transform(loaded.reconstruct(x)).equals(expected)


def test_numbers_alone_need_no_softmax():
    table = Table().fit(np.random.default_rng(0).normal(size=(9, 3)))
    assert table.network_options == {"shape": (3,)}

"""Arguments of `for_shape`: what fits is taken, the rest is refused early."""

import keras
import numpy as np
import pytest

from keras_aegan import models


def tiny(shape=(6,), **kwargs):
    return models.VAE.for_shape(
        shape, **{"latent_dim": 2, "width": 2, **kwargs}
    )


SHAPES = [None, 6, "6", (), (6.0,), ("6",), (None,), (-6,), (0,), (True,)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_other_shapes_than_tuples_of_positive_integers(shape):
    with pytest.raises(ValueError, match="`shape` must.*Received"):
        tiny(shape)


BAD = [
    ("latent_dim", 0),
    ("latent_dim", 2.5),
    ("latent_dim", True),
    ("width", "wide"),
    ("width", -1),
    ("noise", -0.1),
    ("noise", "loud"),
    ("noise", float("nan")),
    ("dropout", 1.0),
    ("dropout", True),
    ("residual_blocks", -1),
    ("residual_blocks", 0.5),
    ("num_classes", 0),
    ("num_classes", True),
    ("num_classes", "two"),
    ("condition_size", 0),
    ("condition_size", 1.5),
]


@pytest.mark.parametrize(("name", "value"), BAD)
def test_other_arguments_are_refused(name, value):
    with pytest.raises(ValueError, match=f"`{name}` must.*Received: {name}="):
        tiny(**{name: value})


def test_a_label_and_a_vector_at_once():
    with pytest.raises(ValueError, match="either a label.*Received"):
        tiny(num_classes=2, condition_size=2)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (models.Autoencoder, "num_classes"),
        (models.GAN, "num_classes"),
        (models.InfoGAN, "continuous"),
        (models.InfoGAN, "num_classes"),
        (models.SemiSupervisedAAE, "num_classes"),
        (models.SemiSupervisedGAN, "num_classes"),
    ],
)
def test_models_with_arguments_of_their_own(model, name):
    for value in True, "two", 1.5, -1:
        with pytest.raises(ValueError, match=f"Received: {name}="):
            model.for_shape((6,), latent_dim=4, width=2, **{name: value})


def test_numbers_of_numpy_and_lists_are_taken():
    arguments = {
        "latent_dim": np.int64(2),
        "width": np.int32(2),
        "noise": np.float32(0.5),
        "residual_blocks": np.int64(1),
        "num_classes": np.int64(3),
    }
    model = tiny([np.int64(6)], **arguments)
    assert model.sample_shape == (6,)
    assert type(model).from_config(model.get_config()).sample_shape == (6,)


def test_an_image_without_channels_gets_a_hint():
    with pytest.warns(UserWarning, match=r"series of 8 steps.*\(8, 8, 1\)"):
        tiny((8, 8))


def test_channels_first_is_refused_in_words():
    keras.config.set_image_data_format("channels_first")
    try:
        for shape in (1, 8, 8), (8, 8, 1), (8, 2):
            with pytest.raises(ValueError, match="channels last.*Received"):
                tiny(shape)
        assert tiny().sample_shape == (6,)
    finally:
        keras.config.set_image_data_format("channels_last")

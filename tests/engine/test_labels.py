"""What a model takes as `y`: labels, or targets of denoising."""

import inspect
import sys

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples
from catalogue import tiny

from keras_aegan import layers
from keras_aegan import models
from keras_aegan.engine.labels import LabelKind
from keras_aegan.engine.labels import is_target


@pytest.mark.parametrize(
    "make, expected",
    [
        (tiny(models.AEGAN), None),
        (tiny(models.InfoGAN, latent_dim=4, num_classes=3), None),
        (tiny(models.AEGAN, num_classes=3), LabelKind(3)),
        (tiny(models.VAE, condition_size=4), LabelKind(None, (4,))),
        (
            tiny(models.Autoencoder, num_classes=3),
            LabelKind(3, may_be_unknown=True),
        ),
        (
            tiny(models.SemiSupervisedGAN, num_classes=3),
            LabelKind(3, may_be_unknown=True, is_required=False),
        ),
        (
            tiny(models.SemiSupervisedAAE, latent_dim=5, num_classes=3),
            LabelKind(3, may_be_unknown=True, is_required=False),
        ),
        # A condition must be known.
        (
            tiny(models.SemiSupervisedGAN, num_classes=3, conditional=True),
            LabelKind(3),
        ),
        (tiny(models.GAN, num_classes=3, auxiliary=True), LabelKind(3)),
        (
            tiny(
                models.StagedAEGAN, prior=layers.FittedPrior(2, num_classes=3)
            ),
            LabelKind(3, is_required=False),
        ),
        (
            tiny(models.VAE, prior=layers.ClassPrior(2, means=np.eye(2))),
            LabelKind(2, is_required=False),
        ),
    ],
)
def test_what_a_model_takes_as_labels(make, expected):
    assert make().label_kind == expected


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_models_without_classes_take_no_labels(cls):
    classify = {models.SemiSupervisedAAE, models.SemiSupervisedGAN}
    assert (MODELS[cls]().label_kind is None) == (cls not in classify)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_models_that_take_targets_encode_what_is_corrupted(cls):
    """A model that forgets it would learn from clean samples only."""
    module = sys.modules[cls.__module__]
    package = module.__name__.rsplit(".", 1)[0]
    sources = [inspect.getsource(module)]
    if not package.endswith(".models"):
        sources = [
            inspect.getsource(sys.modules[name])
            for name in sys.modules
            if name.startswith(f"{package}.")
        ]
    is_used = any(".corrupted(" in source for source in sources)
    assert is_used == cls.takes_targets


@pytest.mark.parametrize(
    "cls",
    [models.AEGAN, models.Autoencoder, models.StagedAEGAN],
    ids=lambda cls: cls.__name__,
)
def test_samples_as_y_are_what_x_is_denoised_to(cls):
    model = MODELS[cls]()
    metric = keras.metrics.MeanSquaredError(name="mse")
    model.compile(run_eagerly=True, metrics=[metric])
    x = samples(model, 8)
    noisy = x[::-1].copy()
    quiet = {"verbose": 0, "return_dict": True}
    assert model.evaluate(x, x, **quiet) == model.evaluate(x, **quiet)
    logs = model.evaluate(noisy, x, **quiet)
    expected = np.mean(np.square(x - model.reconstruct(noisy)))
    assert logs["reconstruction"] == pytest.approx(expected, rel=1e-4)
    assert logs["mse"] == pytest.approx(expected, rel=1e-4)


def test_an_autoencoder_fitted_to_its_own_input():
    """`fit(x, x)`, as autoencoders are trained elsewhere, is `fit(x)`."""
    logs = []
    for targets in ((), ("x",)):
        keras.utils.set_random_seed(0)
        model = tiny(models.Autoencoder)()
        model.compile()
        x = samples(model, 16)
        history = model.fit(x, *(x for _ in targets), batch_size=8, verbose=0)
        logs.append(history.history["reconstruction"][0])
    assert logs[0] == logs[1]


@pytest.mark.filterwarnings("ignore:Autoencoder takes no labels")
def test_a_target_is_known_as_such_after_labels():
    """TensorFlow would make one graph for both, with `y` of any shape."""
    model = tiny(models.Autoencoder)()
    model.compile()
    x = samples(model, 8)
    noisy = x[::-1].copy()
    logs = [
        model.evaluate(*data, verbose=0, return_dict=True)["reconstruction"]
        for data in ((x, np.zeros(8)), (noisy, x), (x, np.zeros(8)), (x,))
    ]
    expected = np.mean(np.square(x - model.reconstruct(noisy)))
    assert logs[1] == pytest.approx(expected, rel=1e-4)
    assert logs[0] == logs[2] == logs[3] != pytest.approx(expected, rel=1e-4)


def test_a_model_with_a_condition_takes_no_target():
    """Even if the condition has the shape of a sample."""
    model = tiny(models.VAE, condition_size=6)()
    assert not is_target(model, np.zeros((4, 6)))
    assert is_target(tiny(models.VAE)(), np.zeros((4, 6)))
    assert not is_target(tiny(models.VAE)(), np.zeros((4,)))
    assert not is_target(tiny(models.GAN)(), np.zeros((4, 6)))

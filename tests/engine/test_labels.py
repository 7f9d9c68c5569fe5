"""What a model takes as `y`."""

import numpy as np
import pytest
from catalogue import MODELS
from catalogue import tiny

from keras_aegan import layers
from keras_aegan import models
from keras_aegan.engine.labels import LabelKind


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

"""One model for all tests of pictures, with large weights: it shows a lot."""

import keras
import numpy as np
import pytest

from keras_aegan.models import VAE


@pytest.fixture(scope="package")
def model():
    keras.utils.set_random_seed(0)
    model = VAE.for_shape((8, 8, 1), latent_dim=3, width=2)
    rng = np.random.default_rng(0)
    model.set_weights(
        [
            w + rng.normal(size=w.shape, scale=0.3) * (w.ndim > 1)
            for w in model.get_weights()
        ]
    )
    return model


@pytest.fixture(scope="package")
def images():
    x = np.random.default_rng(1).uniform(-1, 1, (24, 8, 8, 1))
    return x.astype("float32")

"""What `compile` takes for the best known kinds of GAN."""

import keras

from keras_aegan import penalties


def _settings(loss, rate=2e-4, beta_1=0.5, beta_2=0.999, **kwargs):
    adam = keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)
    return {"optimizer": adam, "loss": {"adversarial": loss}, **kwargs}


def _hinge():
    turns = {"discriminator": 5}
    return _settings("hinge", beta_1=0.0, beta_2=0.9, turns=turns)


def _wgan_gp():
    return _settings(
        "wasserstein",
        rate=1e-4,
        beta_2=0.9,
        turns={"discriminator": 5},
        penalties={"discriminator": penalties.GradientPenalty(10.0)},
    )


def _wgan():
    return {
        "optimizer": keras.optimizers.RMSprop(5e-5),
        "loss": {"adversarial": "wasserstein"},
        "turns": {"discriminator": 5},
    }


SETTINGS = {
    "dcgan": lambda: _settings("non_saturating"),
    "lsgan": lambda: _settings("least_squares"),
    "hinge": _hinge,
    "wgan": _wgan,
    "wgan_gp": _wgan_gp,
}

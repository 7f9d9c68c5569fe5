"""The generative adversarial network of Goodfellow et al."""

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import tapped
from keras_aegan.models.default_networks import DefaultNetworks


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
        penalties={"discriminator": losses.GradientPenalty(10.0)},
    )


def _wgan():
    return {
        "optimizer": keras.optimizers.RMSprop(5e-5),
        "loss": {"adversarial": "wasserstein"},
        "turns": {"discriminator": 5},
    }


_SETTINGS = {
    "dcgan": lambda: _settings("non_saturating"),
    "lsgan": lambda: _settings("least_squares"),
    "hinge": _hinge,
    "wgan": _wgan,
    "wgan_gp": _wgan_gp,
}


@keras.saving.register_keras_serializable(package="keras_aegan")
class GAN(DefaultNetworks, AdversarialModel):
    """A generator and a discriminator, without an encoder.

    With `z` from the prior and `x_hat = G(z)` the players minimise

    - `discriminator`: `discrimination(D(x); D(x_hat))`
    - `generator`: `adversarial(D(x_hat)) + w |mean f(x) - mean f(x_hat)|^2`

    where `f` is an inner layer of the discriminator and w, the weight of
    `feature_matching`, is 0 unless given. By its losses and penalties this is
    also DCGAN, LSGAN, the hinge GAN or WGAN-GP: `compile(**GAN.settings(name))`
    with `"dcgan"` (the default), `"lsgan"`, `"hinge"` (5 turns of the
    discriminator, which wants spectral normalisation), `"wgan"` (which wants
    `clip=0.01`) or `"wgan_gp"`.

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Keras model, samples to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        feature_layer: Name or index of the discriminator's layer `f`.
        clip: Positive float: after each move of the discriminator its weights
            are cut to [-clip, clip]. `None` for no cut.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, there is no such
            layer, or `clip` is not positive.

    Example:

    >>> import numpy as np
    >>> model = GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile(loss={"adversarial": "hinge"})
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1, with the
    non-saturating loss of its section 3; feature matching: Salimans et al.
    2016, arXiv:1606.03498, section 3.1, there without the adversarial term
    (weight 0); clipping: Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1.
    """

    roles = ("generator", "discriminator", "prior")
    named_settings = _SETTINGS

    def __init__(self, *, feature_layer=-2, clip=None, **parts):
        if clip is not None and not clip > 0:
            raise ValueError(
                f"`clip` must be positive. Received: clip={clip!r}"
            )
        super().__init__(
            options={"feature_layer": feature_layer, "clip": clip}, **parts
        )
        self._tap = tapped(self.discriminator, feature_layer)
        if clip is not None:
            for v in self.discriminator.trainable_variables:
                v.constraint = lambda value: ops.clip(value, -clip, clip)

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0, "feature_matching": 0.0},
        }

    def default_loss(self):
        return {"adversarial": "non_saturating"}

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        data = self.contest(
            "adversarial", self.discriminator, x, [x_hat], self._tap
        )

        def feature_matching():
            real, fake = (ops.cast(f, "float32") for f in data.features())
            difference = ops.mean(real, axis=0) - ops.mean(fake, axis=0)
            return ops.sum(ops.square(difference))

        return {
            "discriminator": {"discrimination": data.discrimination},
            "generator": {
                "adversarial": data.adversarial,
                "feature_matching": feature_matching,
            },
        }

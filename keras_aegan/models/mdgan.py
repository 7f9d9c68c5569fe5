"""The mode-regularised GAN of Che et al."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.engine.standard_parts import build_discriminator
from keras_aegan.layers import Prior

_DIFFUSION_DISCRIMINATOR = DISCRIMINATOR.replace(
    name="diffusion_discriminator",
    build=lambda options, parts: build_discriminator(
        options, parts, name="diffusion_discriminator"
    ),
)


@keras.saving.register_keras_serializable(package="keras_aegan")
class MDGAN(AdversarialModel):
    """A GAN in two steps: from the data to its manifold, then over it.

    With `z` from the prior, `x_hat = G(z)`, `x_tilde = G(E(x))` the players
    minimise

    - `discriminator`: `discrimination(D1(x); D1(x_tilde))`, the manifold step
    - `diffusion_discriminator`: `diffusion_discrimination(D2(x_tilde);
      D2(x_hat))`: for it reconstructions are real
    - `generator`, which owns E and G: `w adversarial(D1(x_tilde)) +
      reconstruction(x, x_tilde) + diffusion_adversarial(D2(x_hat))`

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        discriminator: Keras model, samples to one logit: D1.
        diffusion_discriminator: Keras model, samples to one logit: D2.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = MDGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Che et al. 2017, arXiv:1612.02136, algorithm 1. Departure: the
    generator takes its two steps as one, after both discriminators, so it has
    one optimizer.
    """

    parts = (ENCODER, GENERATOR, DISCRIMINATOR, _DIFFUSION_DISCRIMINATOR, PRIOR)
    takes_targets = True
    follows_codes = True
    default_normalization = "layer"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        diffusion_discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            discriminator=discriminator,
            diffusion_discriminator=diffusion_discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "diffusion_discriminator": [self.diffusion_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "diffusion_discriminator": {"diffusion_discrimination": 1.0},
            "generator": {
                "adversarial": 0.1,
                "reconstruction": 10.0,
                "diffusion_adversarial": 1.0,
            },
        }

    def default_settings(self):
        discriminators = ["discriminator", "diffusion_discriminator"]
        return {
            "loss": {
                "adversarial": "non_saturating",
                "diffusion_adversarial": "non_saturating",
                "reconstruction": "mean_squared_error",
            },
            "update": [discriminators, ["generator"]],
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(self.corrupted(x)))
        x_hat, x_tilde = call_stacked(self.generator, z, z_hat)
        manifold = self.discriminate(
            "adversarial", self.discriminator, x, [x_tilde]
        )
        diffusion = self.discriminate(
            "diffusion_adversarial",
            self.diffusion_discriminator,
            x_tilde,
            [x_hat],
        )
        return {
            "discrimination": manifold.discriminator_loss,
            "diffusion_discrimination": diffusion.discriminator_loss,
            "adversarial": manifold.generator_loss,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "diffusion_adversarial": diffusion.generator_loss,
        }

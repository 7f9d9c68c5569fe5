"""alpha-GAN, of Rosca et al."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class AlphaGAN(AdversarialModel):
    """A variational autoencoder with a discriminator for either density.

    With `z` from the prior, `z_hat = E(x)`, `x_hat = G(z)`,
    `x_tilde = G(z_hat)` the players minimise

    - `discriminator`: `discrimination(Dx(x); Dx(x_hat), Dx(x_tilde))`
    - `latent_discriminator`: `latent_discrimination(Dz(z); Dz(z_hat))`
    - `encoder`: `lambda encoder_reconstruction(x, x_tilde) +
      latent_adversarial(Dz(z_hat))`
    - `generator`: `lambda reconstruction(x, x_tilde) + adversarial(Dx(x_hat),
      Dx(x_tilde))`

    Unlike in AEGAN the data discriminator does not teach the encoder, and
    codes of generated samples are not compared.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        discriminator: Keras model, samples to one logit.
        latent_discriminator: Keras model, codes to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = AlphaGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Rosca et al. 2017, arXiv:1706.04987, algorithm 1, equations 16
    and 17, with lambda 10. Departures: the discriminator's loss is the real
    part plus the mean of the fakes; the first version's algorithm exchanged
    prior and posterior in the code losses, here real means the prior.
    """

    parts = (ENCODER, GENERATOR, DISCRIMINATOR, LATENT_DISCRIMINATOR, PRIOR)
    takes_targets = True
    follows_codes = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            discriminator=discriminator,
            latent_discriminator=latent_discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "latent_discriminator": [self.latent_discriminator],
            "encoder": [self.encoder],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "latent_discriminator": {"latent_discrimination": 1.0},
            "encoder": {
                "encoder_reconstruction": 10.0,
                "latent_adversarial": 1.0,
            },
            "generator": {"reconstruction": 10.0, "adversarial": 1.0},
        }

    def default_settings(self):
        discriminators = ["discriminator", "latent_discriminator"]
        return {
            "loss": {
                "adversarial": "hybrid",
                "latent_adversarial": "hybrid",
                "reconstruction": "mean_absolute_error",
                "encoder_reconstruction": "mean_absolute_error",
            },
            "update": [discriminators, ["encoder"], ["generator"]],
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(self.corrupted(x)))
        x_hat, x_tilde = map(self.generator, (z, z_hat))
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_hat, x_tilde]
        )
        latent = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            z,
            [z_hat],
            is_weighted=False,
        )
        return {
            "discrimination": data.discriminator_loss,
            "latent_discrimination": latent.discriminator_loss,
            "encoder_reconstruction": self.compare(
                "encoder_reconstruction", x, x_tilde
            ),
            "latent_adversarial": latent.generator_loss,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "adversarial": data.generator_loss,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.9)}


AlphaGAN.named_settings = {"paper": _paper}

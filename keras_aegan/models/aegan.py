"""The autoencoding GAN of Lazarou: four networks, two cycles."""

import keras

from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.engine import call_without_statistics
from keras_aegan.models.aegan_settings import SETTINGS
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class AEGAN(DefaultNetworks, AdversarialModel):
    """Autoencoding GAN: a generator and an encoder that invert each other.

    It generates like a GAN, reconstructs like an autoencoder, and has a
    latent space in which real and generated samples lie alike. From samples
    `x` and codes `z` of the prior come

    `z_hat = E(x)`, `x_hat = G(z)`, `x_tilde = G(z_hat)`, `z_tilde = E(x_hat)`

    and, with `adversarial` and `discrimination` the two sides of an
    adversarial loss on a discriminator's logits, the players minimise

    - `discriminator`: `discrimination(Dx(x); Dx(x_hat), Dx(x_tilde))`
    - `latent_discriminator`: `latent_discrimination(Dz(z); Dz(z_hat),
      Dz(z_tilde))`
    - `generator`, which owns G and E: `a_dx adversarial(Dx(x_hat),
      Dx(x_tilde)) + a_dz latent_adversarial(Dz(z_hat), Dz(z_tilde)) + a_rx
      reconstruction(x, x_tilde) + a_rz latent_reconstruction(z, z_tilde)`

    The terms' names are the keys of `compile(loss=..., loss_weights=...)`.
    Discriminators move first, then generator and encoder, judged by the new
    discriminators. Without arguments `compile()` takes weights and rates that
    were found best in short runs; `compile(**AEGAN.settings("paper"))` takes
    the published ones of 2020 (weights 10, 5, 1, 1 and smoothed labels),
    `"sprites"` those of 2021 (weights 1, 0.5, 0.0025, 0.05). Its ablations are
    `"autoencoder"`, `"gan"`, `"adversarial_autoencoder"` and `"egan"`.

    Args:
        encoder: Keras model, samples `(batch_size, ...)` to codes
            `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        discriminator: Keras model, samples to one logit `(batch_size, 1)` or
            a map of logits; no sigmoid.
        latent_discriminator: Keras model, codes to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a network has
            no weights yet.

    Example:

    >>> import numpy as np
    >>> model = AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> history = model.fit(x, epochs=1, verbose=0)
    >>> model.generate(5).shape, model.encode(x).shape
    ((5, 8, 8, 1), (32, 4))

    Reference: Lazarou 2020, Autoencoding Generative Adversarial Networks,
    arXiv:2004.05472, section 2 and algorithm 1. Departures: each player takes
    one step on all its terms, where the paper's program takes one step for
    each; the published weight of `discrimination` is 1/2, which settings
    `"paper"` and `"sprites"` keep and the default does not.
    """

    roles = (
        "encoder",
        "generator",
        "discriminator",
        "latent_discriminator",
        "prior",
    )
    named_settings = SETTINGS

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "latent_discriminator": [self.latent_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "latent_discriminator": {"latent_discrimination": 1.0},
            "generator": {
                "adversarial": 1.0,
                "latent_adversarial": 1.0,
                "reconstruction": 14.0,
                "latent_reconstruction": 1.0,
            },
        }

    def default_loss(self):
        return {
            # Reconstructions are held to their originals already.
            "adversarial": losses.Relativistic(fake_weights=(1.0, 0.3)),
            "latent_adversarial": losses.Relativistic(),
            "reconstruction": "mean_squared_error",
            "latent_reconstruction": "mean_squared_error",
        }

    def default_optimizer(self):
        judges = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
        return {
            "discriminator": judges,
            "latent_discriminator": judges,
            "generator": keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99),
        }

    def default_groups(self):
        return [["discriminator", "latent_discriminator"], ["generator"]]

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.encoder(x)
        x_hat, x_tilde = call_stacked(self.generator, z, z_hat)
        # What the encoder averages over batches shall be that of real data.
        z_tilde = call_without_statistics(self.encoder, x_hat)
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_hat, x_tilde]
        )
        latent = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            z,
            [z_hat, z_tilde],
        )
        return {
            "discrimination": data.discriminator_loss,
            "latent_discrimination": latent.discriminator_loss,
            "adversarial": data.generator_loss,
            "latent_adversarial": latent.generator_loss,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "latent_reconstruction": self.compare(
                "latent_reconstruction", z, z_tilde
            ),
        }

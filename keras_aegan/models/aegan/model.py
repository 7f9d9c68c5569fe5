"""The autoencoding GAN of Lazarou: four networks, two cycles."""

from typing import Self

import keras

from keras_aegan import losses
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.engine import call_without_statistics
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.models.aegan.settings import NAMED_SETTINGS


@keras.saving.register_keras_serializable(package="keras_aegan")
class AEGAN(AdversarialModel):
    """Autoencoding GAN: a generator and an encoder that invert each other.

    It generates like a GAN and reconstructs like an autoencoder. From samples
    `x`, codes `z` of the prior and codes `h` near those of real samples come

    `z_hat = E(x)`, `x_hat = G(h)`, `x_tilde = G(z_hat)`, `z_tilde = E(x_hat)`

    and, with `adversarial` and `discrimination` the two sides of an
    adversarial loss on a discriminator's logits, the players minimise

    - `discriminator`: `discrimination(Dx(x); Dx(x_hat), Dx(x_tilde))`
    - `latent_discriminator`: `latent_discrimination(Dz(z); Dz(z_hat),
      Dz(z_tilde))`
    - `generator`, which owns G and E: `a_dx adversarial(Dx(x_hat),
      Dx(x_tilde)) + a_dz latent_adversarial(Dz(z_hat), Dz(z_tilde)) + a_rx
      reconstruction(x, x_tilde) + a_rz latent_reconstruction(h, z_tilde)`

    The latent discriminator brings codes of data close to the prior, but not
    onto it. So `h`, in training and in `generate`, is drawn from `code_prior`,
    a kernel density of the latest `z_hat` (`keras_aegan.layers.KernelPrior`).
    The paper draws `h = z`: `codes_from="prior"`.

    The terms' names are the keys of `compile(loss=..., loss_weights=...)`.
    Discriminators move first, then generator and encoder, against the new
    discriminators. Without arguments `compile()` takes weights and rates that
    were found best in short runs; `compile(**AEGAN.settings("paper"))` takes
    the published ones of 2020 (weights 10, 5, 1, 1 and smoothed labels),
    `"sprites"` those of 2021. Its ablations are `"autoencoder"`, `"gan"`,
    `"adversarial_autoencoder"` and `"egan"`.

    Args:
        encoder: Keras model, samples `(batch_size, ...)` to codes
            `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        discriminator: Keras model, samples to one logit `(batch_size, 1)` or
            a map of logits; no sigmoid.
        latent_discriminator: Keras model, codes to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        codes_from: `"data"` or `"prior"`, where samples come from in training.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, a network has no
            weights yet, or `codes_from` is something else.

    Example:

    >>> import numpy as np
    >>> model = AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> history = model.fit(x, epochs=1, verbose=0)
    >>> model.generate(5).shape, model.encode(x).shape
    ((5, 8, 8, 1), (32, 4))

    Reference: Lazarou 2020, Autoencoding Generative Adversarial Networks,
    arXiv:2004.05472, section 2 and algorithm 1. Departures: `h`, as above; a
    player takes one step on all its terms, the paper's program one for each;
    the published weight of `discrimination` is 1/2, which settings `"paper"`
    and `"sprites"` keep and the default does not.
    """

    parts = (ENCODER, GENERATOR, DISCRIMINATOR, LATENT_DISCRIMINATOR, PRIOR)
    takes_targets = True
    follows_codes = True
    named_settings = NAMED_SETTINGS

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        latent_discriminator: keras.Model,
        prior: Prior | None = None,
        codes_from: str = "data",
        name: str | None = None,
    ):
        validation.check_in("codes_from", codes_from, ("data", "prior"))
        super().__init__(
            options={"codes_from": codes_from},
            encoder=encoder,
            generator=generator,
            discriminator=discriminator,
            latent_discriminator=latent_discriminator,
            prior=prior,
            name=name,
        )

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 64,
        width: int = 32,
        **kwargs,
    ) -> Self:
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code. Since samples
                come from near codes of data, many numbers cost no quality of
                samples and give better reconstructions.
            width: Positive integer, the width of networks.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        return super().for_shape(shape, latent_dim, width, **kwargs)

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
                "reconstruction": 20.0,
                "latent_reconstruction": 1.0,
            },
        }

    def default_settings(self):
        discriminators = keras.optimizers.Adam(2e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": {
                "discriminator": discriminators,
                "latent_discriminator": discriminators,
                "generator": keras.optimizers.Adam(
                    3e-3, beta_1=0.5, beta_2=0.99
                ),
            },
            "loss": {
                # Reconstructions are held to their originals already.
                "adversarial": losses.Relativistic(fake_weights=(1.0, 0.3)),
                "latent_adversarial": losses.Relativistic(),
                "reconstruction": "mean_squared_error",
                "latent_reconstruction": "mean_squared_error",
            },
            "update": [
                ["discriminator", "latent_discriminator"],
                ["generator"],
            ],
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(self.corrupted(x)))
        is_near = self.codes_from == "data" and self.code_priors
        h = self.code_prior.sample_like(x) if is_near else z
        x_hat, x_tilde = call_stacked(self.generator, h, z_hat)
        # At inference the encoder sees real samples, so its moving averages
        # must not take in those of the generator.
        z_tilde = call_without_statistics(self.encoder, x_hat)
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_hat, x_tilde]
        )
        latent = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            z,
            [z_hat, z_tilde],
            is_weighted=False,
        )
        return {
            "discrimination": data.discriminator_loss,
            "latent_discrimination": latent.discriminator_loss,
            "adversarial": data.generator_loss,
            "latent_adversarial": latent.generator_loss,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "latent_reconstruction": self.compare(
                "latent_reconstruction", h, z_tilde, is_weighted=False
            ),
        }

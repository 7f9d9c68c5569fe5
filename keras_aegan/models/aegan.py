"""The autoencoding GAN of Lazarou: four networks, two cycles."""

import keras

from keras_aegan import losses
from keras_aegan import networks
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import checks
from keras_aegan.engine import together
from keras_aegan.layers import NormalPrior


@keras.saving.register_keras_serializable(package="keras_aegan")
class AEGAN(AdversarialModel):
    """Autoencoding GAN: a generator and an encoder that invert each other.

    TODO
    """

    def __init__(
        self,
        encoder,
        generator,
        discriminator,
        latent_discriminator,
        prior=None,
        name=None,
    ):
        latent_dim = encoder.output_shape[-1]
        super().__init__(
            encoder=encoder,
            generator=generator,
            discriminator=discriminator,
            latent_discriminator=latent_discriminator,
            prior=NormalPrior(latent_dim) if prior is None else prior,
            name=name,
        )

    @property
    def sample_shape(self):
        return self.encoder.input_shape[1:]

    @classmethod
    def for_shape(cls, shape, latent_dim=32, width=32):
        return cls(
            encoder=networks.encoder(shape, latent_dim, width),
            generator=networks.generator(shape, latent_dim, width, activation="tanh"),
            discriminator=networks.discriminator(shape, width),
            latent_discriminator=networks.latent_discriminator(latent_dim, width),
        )

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
                "reconstruction": 10.0,
                "latent_reconstruction": 5.0,
            },
        }

    def default_loss(self):
        return {
            "adversarial": losses.NonSaturating(),
            "latent_adversarial": losses.NonSaturating(),
            "reconstruction": "mean_absolute_error",
            "latent_reconstruction": "mean_squared_error",
        }

    def default_groups(self):
        return [["discriminator", "latent_discriminator"], ["generator"]]

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.encoder(x)
        x_hat, x_tilde = together(self.generator, z, z_hat)
        z_tilde = self.encoder(x_hat)
        data = self.contest("adversarial", self.discriminator, x, [x_hat, x_tilde])
        latent = self.contest("latent_adversarial", self.latent_discriminator, z, [z_hat, z_tilde])
        return {
            "discriminator": {"discrimination": data.discrimination},
            "latent_discriminator": {"latent_discrimination": latent.discrimination},
            "generator": {
                "adversarial": data.adversarial,
                "latent_adversarial": latent.adversarial,
                "reconstruction": self.compare("reconstruction", x, x_tilde),
                "latent_reconstruction": self.compare("latent_reconstruction", z, z_tilde),
            },
        }

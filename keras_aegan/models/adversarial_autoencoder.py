"""The adversarial autoencoder of Makhzani et al."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class AdversarialAutoencoder(AdversarialModel):
    """An autoencoder whose codes look like those of a prior.

    With `z` from the prior, `z_hat = E(x)`, `x_tilde = G(z_hat)` the players
    minimise

    - `latent_discriminator`: `latent_discrimination(Dz(z); Dz(z_hat))`
    - `generator`, which owns E and G: `w reconstruction(x, x_tilde) +
      latent_adversarial(Dz(z_hat))`

    Supervised, by `for_shape(..., num_classes=...)`: the generator is
    conditioned on the label, and the code holds what the label does not. For
    few labels there is `SemiSupervisedAAE`.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        latent_discriminator: Keras model, codes to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = AdversarialAutoencoder.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Makhzani et al. 2015, arXiv:1511.05644, section 2; supervised:
    section 4. Departures: the paper's reconstruction and regularisation phases
    are one move of one player, so the encoder has one optimizer; supervised,
    encoder and discriminator are conditioned, too, so that the codes of each
    label follow the prior.
    """

    parts = (ENCODER, GENERATOR, LATENT_DISCRIMINATOR, PRIOR)
    takes_targets = True
    follows_codes = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        latent_discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            latent_discriminator=latent_discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "latent_discriminator": [self.latent_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "latent_discriminator": {"latent_discrimination": 1.0},
            "generator": {"reconstruction": 10.0, "latent_adversarial": 1.0},
        }

    def default_settings(self):
        return {
            "loss": {
                "reconstruction": "mean_squared_error",
                "latent_adversarial": "non_saturating",
            },
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(self.corrupted(x)))
        x_tilde = self.generator(z_hat)
        latent = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            z,
            [z_hat],
            is_weighted=False,
        )
        return {
            "latent_discrimination": latent.discriminator_loss,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "latent_adversarial": latent.generator_loss,
        }

"""VEEGAN, of Srivastava et al."""

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import JOINT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class VEEGAN(AdversarialModel):
    """A GAN whose encoder notices missing modes.

    The encoder maps data to the prior and inverts the generator at once,
    which it cannot do for data that the generator misses. With `z` from the
    prior, `x_hat = G(z)` and `c(z, z') = |z - z'|^2 / 2` the players
    minimise, all at once,

    - `discriminator`: `softplus(-D(x_hat, z)) + softplus(D(x, E(x)))`
    - `encoder`: `encoder_latent_reconstruction = c(z, E(x_hat))`
    - `generator`: `adversarial = D(x_hat, z)`, plus
      `latent_reconstruction = c(z, E(x_hat))`

    Args:
        encoder: Keras model, samples to codes; the paper's reconstructor.
        generator: Keras model, codes to samples.
        joint_discriminator: Keras model from `[samples, codes]` to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = VEEGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Srivastava et al. 2017, arXiv:1705.07761, algorithm 1, where
    generated pairs are the positive class; the encoder gets no adversarial
    gradient there.
    """

    parts = (ENCODER, GENERATOR, JOINT_DISCRIMINATOR, PRIOR)
    follows_codes = True
    default_normalization = "layer"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        joint_discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            joint_discriminator=joint_discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.joint_discriminator],
            "encoder": [self.encoder],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "encoder": {"encoder_latent_reconstruction": 1.0},
            "generator": {"adversarial": 1.0, "latent_reconstruction": 1.0},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "update": "simultaneous",
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        x_hat = self.generator(z)
        generated = self._logits(x_hat, z)

        def discrimination():
            z_hat = self.keep_codes(self.encoder(x))
            encoded = self._logits(x, ops.stop_gradient(z_hat))
            real = self.weighted(ops.softplus(encoded))
            return ops.mean(ops.softplus(-generated) + real)

        def latent_reconstruction():
            z_tilde = ops.cast(self.encoder(x_hat), "float32")
            return 0.5 * ops.mean(ops.sum(ops.square(z - z_tilde), axis=-1))

        return {
            "discrimination": discrimination,
            "encoder_latent_reconstruction": latent_reconstruction,
            "adversarial": ops.mean(generated),
            "latent_reconstruction": latent_reconstruction,
        }

    def _logits(self, samples, codes):
        return ops.cast(self.joint_discriminator([samples, codes]), "float32")

"""The adversarial latent autoencoder of Pidhorskyi et al."""

import keras
from keras import ops

from keras_aegan import penalties
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import MAPPING
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class ALAE(AdversarialModel):
    """A GAN with a learnt latent space, in which its encoder inverts it.

    A mapping turns `z` of the prior into `w = F(z)`; the encoder is part of
    the discriminator `D = Dw . E`. With `x_hat = G(w)` the players minimise

    - `discriminator`, which owns E and Dw: `discrimination(D(x); D(x_hat)) +
      R1 + encoder_latent_reconstruction`
    - `generator`, which owns F and G: `adversarial(D(x_hat)) +
      latent_reconstruction`

    with both reconstructions `mean (w - E(x_hat))^2`, in which `w` is a
    constant. What is held together are codes of generated samples; of real
    ones `reconstruct` gives what has the same code, alike but not the same.

    Args:
        mapping: Keras model, codes of the prior to latent codes: F.
        generator: Keras model, latent codes to samples.
        encoder: Keras model, samples to latent codes.
        latent_discriminator: Keras model, latent codes to one logit: Dw.
        prior: `keras_aegan.layers.Prior`. Defaults to N(0, I).
        gamma: Non-negative float, the weight of R1. The paper has 10, for
            faces of 1024 pixels; images of few pixels want far less.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a number is
            not as above.

    Example:

    >>> import numpy as np
    >>> model = ALAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Pidhorskyi et al. 2020, arXiv:2004.04467, algorithm 1. The
    third of its steps, over E and G, is divided among their owners.
    """

    parts = (MAPPING, GENERATOR, ENCODER, LATENT_DISCRIMINATOR, PRIOR)
    # Batch statistics would mix samples, and R1 takes the gradient of each
    # sample separately.
    default_normalization = None

    def __init__(
        self,
        *,
        mapping: keras.Model,
        generator: keras.Model,
        encoder: keras.Model,
        latent_discriminator: keras.Model,
        prior: Prior | None = None,
        gamma: float = 0.1,
        name: str | None = None,
    ):
        super().__init__(
            options={"gamma": validation.check_number("gamma", gamma, 0)},
            mapping=mapping,
            generator=generator,
            encoder=encoder,
            latent_discriminator=latent_discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.encoder, self.latent_discriminator],
            "generator": [self.mapping, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {
                "discrimination": 1.0,
                "encoder_latent_reconstruction": 1.0,
            },
            "generator": {"adversarial": 1.0, "latent_reconstruction": 1.0},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(2e-3, beta_1=0.0, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "non_saturating"},
            "penalties": {"discriminator": [penalties.R1(self.gamma)]},
            # With rates that fall, samples of digits were half as far again
            # from data after 1000 steps.
            "decay": "constant",
        }

    def play(self, x, y=None):
        w = self.mapping(self.prior.sample_like(x))
        x_hat = self.generator(w)
        discriminator = [self.encoder, self.latent_discriminator]

        def codes_and_logits(u):
            codes = self.encoder(u)
            return codes, self.latent_discriminator(codes)

        data = self.discriminate(
            "adversarial", discriminator, x, [x_hat], codes_and_logits
        )

        def latent_reconstruction():
            target = ops.stop_gradient(ops.cast(w, "float32"))
            codes = ops.cast(data.fake_features()[0], "float32")
            return ops.mean(ops.square(target - codes))

        return {
            "discrimination": data.discriminator_loss,
            "encoder_latent_reconstruction": latent_reconstruction,
            "adversarial": data.generator_loss,
            "latent_reconstruction": latent_reconstruction,
        }

"""VEEGAN, of Srivastava et al."""

import keras
from keras import ops

from keras_aegan import penalties
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

    - `discriminator`: `softplus(-D(x, E(x))) + softplus(D(x_hat, z))`
    - `encoder`: `encoder_latent_reconstruction = c(z, E(x_hat))`
    - `generator`: `adversarial = -D(x_hat, z)`, plus
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

    Reference: Srivastava et al. 2017, arXiv:1705.07761, algorithm 1. There
    generated pairs are the positive class: its D is our -D. The encoder gets
    no adversarial gradient, as there.
    Departures: R1 on the discriminator, unless other penalties are given, and
    for codes of k > 8 numbers a weight of 8 / k for the generator's
    `latent_reconstruction`. The paper's data have two dimensions. Of images,
    without R1 the discriminator tells both kinds of pairs apart, and all
    samples become alike; and the sum over many numbers outweighs one logit
    (1200 steps of Fashion-MNIST: Frechet distance 215 as in the paper, 79 with
    R1, 51 with both).
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
            "generator": {
                "adversarial": 1.0,
                "latent_reconstruction": min(1.0, 8.0 / self.prior.latent_dim),
            },
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            # Cross-entropy for the discriminator, its logit for the generator.
            "loss": {"adversarial": "hybrid"},
            "penalties": {"discriminator": [penalties.R1(0.1)]},
            "update": "simultaneous",
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        x_hat = self.generator(z)
        z_hat = self.keep_codes(self.encoder(x))
        pairs = self.discriminate(
            "adversarial",
            self.joint_discriminator,
            (x, ops.stop_gradient(z_hat)),
            [(x_hat, z)],
        )

        def latent_reconstruction():
            z_tilde = ops.cast(self.encoder(x_hat), "float32")
            return 0.5 * ops.mean(ops.sum(ops.square(z - z_tilde), axis=-1))

        return {
            "discrimination": pairs.discriminator_loss,
            "encoder_latent_reconstruction": latent_reconstruction,
            "adversarial": pairs.generator_loss,
            "latent_reconstruction": latent_reconstruction,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.999)
    weights = {"latent_reconstruction": 1.0}
    return {"optimizer": adam, "penalties": {}, "loss_weights": weights}


VEEGAN.named_settings = {"paper": _paper}

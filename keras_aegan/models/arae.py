"""The adversarially regularised autoencoder of Zhao et al."""

import keras

from keras_aegan import penalties
from keras_aegan.engine import AdversarialModel
from keras_aegan.models.token_sequences import TokenSequences


@keras.saving.register_keras_serializable(package="keras_aegan")
class ARAE(TokenSequences, AdversarialModel):
    """An autoencoder of sequences of tokens, and a GAN of its codes.

    Tokens have no gradient, so the game is played with codes. With `e` from
    the prior, the codes `z_hat = E(x)` and `z = M(e)`, and `p = G(z_hat)` the
    logits of tokens, the players minimise

    - `latent_discriminator`, the critic, first, 5 times:
      `latent_discrimination(Dz(z_hat); Dz(z)) + gradient penalty`
    - `generator`, which owns E and G: `reconstruction(x, p) + weight
      encoder_latent_adversarial`, the cross-entropy of a token and the
      critic's estimate `mean Dz(z_hat) - mean Dz(z)` of the distance between
      codes and prior, which E makes small, too
    - `mapping`: `latent_adversarial(Dz(z))`

    Samples are integers, and so is what `decode`, `reconstruct` and
    `generate` give: the likeliest token at each step.

    Args:
        encoder: Keras model, integers `(batch_size, steps)` to codes.
        generator: Keras model, codes to logits of tokens
            `(batch_size, steps, vocabulary_size)`; the paper's decoder.
        mapping: Keras model, codes of the prior to codes; the paper's
            generator.
        latent_discriminator: Keras model, codes to one logit.
        prior: `keras_aegan.layers.Prior`. Defaults to N(0, I).
        weight: Non-negative float, of the critic's gradient in the encoder.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = ARAE.for_shape((3,), vocabulary_size=5, latent_dim=4, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 3), "int32"), verbose=0)
    >>> new = model.generate(8)
    >>> new.shape, new.dtype.kind
    ((8, 3), 'i')

    Reference: Zhao et al. 2018, arXiv:1706.04223, algorithm 1, with gradient
    penalty, codes of length 1, noise on them and the encoder's small weight
    of the authors' program. Departures: the default generator sees the code
    at each step but not the tokens before; its noise does not fade; one
    optimizer moves E and G for both of their terms.
    """

    roles = (
        "encoder",
        "generator",
        "mapping",
        "latent_discriminator",
        "prior",
    )

    def __init__(self, *, weight=0.01, **parts):
        super().__init__(options={"weight": weight}, **parts)

    def players(self):
        return {
            "latent_discriminator": [self.latent_discriminator],
            "generator": [self.encoder, self.generator],
            "mapping": [self.mapping],
        }

    def terms(self):
        return {
            "latent_discriminator": {"latent_discrimination": 1.0},
            "generator": {
                "reconstruction": 1.0,
                "encoder_latent_adversarial": self.weight,
            },
            "mapping": {"latent_adversarial": 1.0},
        }

    def default_loss(self):
        return {
            "latent_adversarial": "wasserstein",
            "reconstruction": self.cross_entropy,
        }

    def default_groups(self):
        return [["latent_discriminator"], ["generator", "mapping"]]

    def default_turns(self):
        return {"latent_discriminator": 5}

    def default_penalties(self):
        return {"latent_discriminator": [penalties.GradientPenalty(10.0)]}

    def default_optimizer(self):
        adversary = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.9)
        return {
            "latent_discriminator": adversary,
            "generator": keras.optimizers.Adam(1e-3),
            "mapping": adversary,
        }

    def play(self, x, y=None):
        z_hat = self.encoder(x)
        z = self.mapping(self.prior.sample_like(x))
        latent = self.discriminate(
            "latent_adversarial", self.latent_discriminator, z_hat, [z]
        )

        def reconstruction():
            return self.compare("reconstruction", x, self.generator(z_hat))()

        return {
            "latent_discrimination": latent.discriminator_loss,
            "reconstruction": reconstruction,
            "encoder_latent_adversarial": latent.swapped_loss,
            "latent_adversarial": latent.generator_loss,
        }

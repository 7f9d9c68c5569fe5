"""Adversarially learned anomaly detection, of Zenati et al."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class ALAD(DefaultNetworks, AdversarialModel):
    """A bidirectional GAN whose cycles are judged, too.

    With `z` from the prior, `z_hat = E(x)`, `x_hat = G(z)`, `x_tilde =
    G(z_hat)`, `z_tilde = E(x_hat)` the players minimise

    - `discriminator`: `discrimination(Dxz(x, z_hat); Dxz(x_hat, z))`
    - `pair_discriminator`: `pair_discrimination(Dxx(x, x); Dxx(x, x_tilde))`
    - `latent_pair_discriminator`: `latent_pair_discrimination(Dzz(z, z);
      Dzz(z, z_tilde))`
    - `generator`, which owns E and G: `adversarial`, the first game with both
      labels changed, `+ pair_adversarial(Dxx(x, x_tilde)) +
      latent_pair_adversarial(Dzz(z, z_tilde))`

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        joint_discriminator: Keras model from `[samples, codes]` to one logit.
        pair_discriminator: Keras model from `[samples, samples]`.
        latent_pair_discriminator: Keras model from `[codes, codes]`.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = ALAD.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Zenati et al. 2018, arXiv:1812.02288, equations 3 to 7.
    Departures: samples of a pair are put together along channels; spectral
    normalisation, which the paper recommends, is left to the networks given.
    """

    roles = (
        "encoder",
        "generator",
        "joint_discriminator",
        "pair_discriminator",
        "latent_pair_discriminator",
        "prior",
    )

    def players(self):
        return {
            "discriminator": [self.joint_discriminator],
            "pair_discriminator": [self.pair_discriminator],
            "latent_pair_discriminator": [self.latent_pair_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "pair_discriminator": {"pair_discrimination": 1.0},
            "latent_pair_discriminator": {"latent_pair_discrimination": 1.0},
            "generator": {
                "adversarial": 1.0,
                "pair_adversarial": 1.0,
                "latent_pair_adversarial": 1.0,
            },
        }

    def default_loss(self):
        return dict.fromkeys(self.terms()["generator"], "non_saturating")

    def default_groups(self):
        *judges, generator = self.players()
        return [judges, [generator]]

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.encoder(x)
        x_hat, x_tilde = call_stacked(self.generator, z, z_hat)
        z_tilde = self.encoder(x_hat)
        joint = self.discriminate(
            "adversarial", self.joint_discriminator, (x, z_hat), [(x_hat, z)]
        )
        pairs = self.discriminate(
            "pair_adversarial", self.pair_discriminator, (x, x), [(x, x_tilde)]
        )
        latent = self.discriminate(
            "latent_pair_adversarial",
            self.latent_pair_discriminator,
            (z, z),
            [(z, z_tilde)],
        )
        return {
            "discrimination": joint.discriminator_loss,
            "pair_discrimination": pairs.discriminator_loss,
            "latent_pair_discrimination": latent.discriminator_loss,
            "adversarial": joint.swapped_loss,
            "pair_adversarial": pairs.generator_loss,
            "latent_pair_adversarial": latent.generator_loss,
        }

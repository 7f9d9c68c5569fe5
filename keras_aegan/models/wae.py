"""The Wasserstein autoencoder of Tolstikhin et al."""

import math

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.losses import maximum_mean_discrepancy


@keras.saving.register_keras_serializable(package="keras_aegan")
class WAE(AdversarialModel):
    """An autoencoder whose codes are, all together, like a prior.

    With `z` from the prior, `z_hat = E(x)`, `x_tilde = G(z_hat)` the players
    minimise

    - `generator`, which owns E and G: `0.05 |x - x_tilde|^2 + lambda P`, the
      squares summed over a sample, and the penalty P either
      `latent_adversarial(Dz(z_hat))` (`"gan"`) or the `discrepancy` of codes
      and prior (`"mmd"`)
    - `latent_discriminator`, only for `"gan"`:
      `lambda latent_discrimination(Dz(z); Dz(z_hat))`

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        latent_discriminator: Keras model, codes to one logit, for `"gan"`.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        penalty: `"gan"` or `"mmd"`; the latter wants batches of 100 or more.
        weight: Non-negative float, lambda in the paper, which has 10 for
            MNIST and 100 for faces of 64 pixels. Defaults to the size of a
            sample over 640, since errors are summed over a sample: in short
            runs the paper's costs decibels and gains nothing.
        name: String, the model's name.

    Raises:
        ValueError: if `penalty` or `weight` is not as above, or the shapes of
            two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = WAE.for_shape((6,), latent_dim=2, width=4, penalty="mmd")
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Tolstikhin et al. 2018, arXiv:1711.01558, algorithms 1 and 2;
    the factor 0.05 is of the authors' program.
    """

    parts = (
        ENCODER,
        GENERATOR,
        PRIOR,
        LATENT_DISCRIMINATOR.replace(is_optional=True),
    )
    takes_targets = True
    follows_codes = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        prior: Prior | None = None,
        latent_discriminator: keras.Model | None = None,
        penalty: str = "gan",
        weight: float | None = None,
        name: str | None = None,
    ):
        validation.check_in("penalty", penalty, ("gan", "mmd"))
        if weight is not None:
            weight = validation.check_number("weight", weight, 0)
        super().__init__(
            options={"penalty": penalty, "weight": weight},
            encoder=encoder,
            generator=generator,
            prior=prior,
            latent_discriminator=latent_discriminator,
            name=name,
        )

    @classmethod
    def required_parts(cls, penalty="gan", **options):
        adversary = ("latent_discriminator",) if penalty == "gan" else ()
        return (*super().required_parts(), *adversary)

    def players(self):
        players = {"generator": [self.encoder, self.generator]}
        if self.penalty == "gan":
            adversary = {"latent_discriminator": [self.latent_discriminator]}
            players = {**adversary, **players}
        return players

    def terms(self):
        weight = self.weight
        if weight is None:
            weight = math.prod(self.sample_shape) / 640
        if self.penalty == "mmd":
            terms = {"reconstruction": 0.05, "discrepancy": weight}
            return {"generator": terms}
        return {
            "latent_discriminator": {"latent_discrimination": weight},
            "generator": {
                "reconstruction": 0.05,
                "latent_adversarial": weight,
            },
        }

    def default_settings(self):
        rates = {"latent_discriminator": 5e-4, "generator": 1e-3}
        optimizer = {
            player: keras.optimizers.Adam(rates[player], beta_1=0.5)
            for player in self.players()
        }
        if self.penalty == "mmd":
            return {"optimizer": optimizer}
        loss = {"latent_adversarial": "non_saturating"}
        return {"optimizer": optimizer, "loss": loss}

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(self.corrupted(x)))
        x_tilde = self.generator(z_hat)

        def reconstruction():
            difference = ops.cast(x, "float32") - ops.cast(x_tilde, "float32")
            axes = tuple(range(1, len(difference.shape)))
            errors = ops.sum(ops.square(difference), axis=axes)
            return ops.mean(self.weighted(errors))

        terms = {"reconstruction": reconstruction}
        if self.penalty == "mmd":
            terms["discrepancy"] = lambda: maximum_mean_discrepancy(z_hat, z)
            return terms
        latent = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            z,
            [z_hat],
            is_weighted=False,
        )
        terms["latent_discrimination"] = latent.discriminator_loss
        terms["latent_adversarial"] = latent.generator_loss
        return terms

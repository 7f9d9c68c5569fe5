"""The boundary equilibrium GAN of Berthelot et al."""

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.backend import replicas
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.models.shared.energy import energy_parts


@keras.saving.register_keras_serializable(package="keras_aegan")
class BEGAN(AdversarialModel):
    """A GAN whose discriminator is an autoencoder, held in balance.

    With `z` from the prior, `x_hat = G(z)`, and the energy `e(u)` the mean
    absolute error of the discriminator's reconstruction of u, the players
    minimise, both at once,

    - `discriminator`: `e(x) - k e(x_hat)`
    - `generator`: `e(x_hat)`

    and then `k = clip(k + rate (gamma e(x) - e(x_hat)), 0, 1)`, which starts
    at 0. The convergence measure `e(x) + |gamma e(x) - e(x_hat)|` falls as
    the samples get better.

    Args:
        generator: Keras model, codes to samples.
        energy_encoder: Keras model, samples to codes of any size.
        energy_decoder: Keras model, these codes to samples.
        prior: `keras_aegan.layers.Prior` of the generator's codes. Defaults
            to N(0, I).
        gamma: Float in [0, 1], the diversity ratio `e(x_hat) / e(x)`.
        rate: Positive float, how fast k moves. The paper's, 1e-3, is for 10^5
            steps: in some thousand k stays near 0, and samples collapse.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a number is
            not as above.

    Example:

    >>> import numpy as np
    >>> model = BEGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Berthelot et al. 2017, arXiv:1703.10717, equations 5 to 7.
    Departures: the prior is normal unless given, the paper's uniform; gamma
    and rate are for short runs; the default generator has batch normalization,
    and the default discriminator a code of a sixteenth of the generator's.
    Samples are smooth, and whole kinds of them come and go while it trains:
    after 3748 steps of Fashion-MNIST the Frechet distance was 39, with codes
    of twice the size 61, and with rates that stay as they are 147.
    """

    # With larger codes fewer kinds of samples are left. After 1500 steps of
    # Fashion-MNIST, the generator's codes being as large, the Frechet distance
    # was 90 with 64 numbers, 72 with 16 and 49 with 8.
    parts = (
        GENERATOR,
        *energy_parts(lambda latent_dim: max(4, latent_dim // 16)),
        PRIOR,
    )

    def __init__(
        self,
        *,
        generator: keras.Model,
        energy_encoder: keras.Model,
        energy_decoder: keras.Model,
        prior: Prior | None = None,
        gamma: float = 0.9,
        rate: float = 0.02,
        name: str | None = None,
    ):
        super().__init__(
            options={
                "gamma": validation.check_number("gamma", gamma, 0, 1),
                "rate": validation.check_number(
                    "rate", rate, 0, open_ends="lower"
                ),
            },
            generator=generator,
            energy_encoder=energy_encoder,
            energy_decoder=energy_decoder,
            prior=prior,
            name=name,
        )
        self.balance = self.add_weight(
            shape=(),
            initializer="zeros",
            trainable=False,
            dtype="float32",
            name="balance",
        )

    def players(self):
        return {
            "discriminator": [self.energy_encoder, self.energy_decoder],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "update": "simultaneous",
        }

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        errors = self._errors(x)
        real, fake = ops.mean(errors), ops.mean(self._errors(x_hat))
        # A copy: on TensorFlow the variable would be read after it has moved.
        k = ops.copy(self.balance)
        balance = ops.stop_gradient(self.gamma * real - fake)
        next_k = k + self.rate * replicas.mean_over_replicas(balance)
        # What a play assigns to the model's own variables is kept once a step.
        self.balance.assign(ops.clip(next_k, 0.0, 1.0))
        return {
            "discrimination": ops.mean(self.weighted(errors)) - k * fake,
            "adversarial": fake,
        }

    def _errors(self, u):
        reconstruction = self.energy_decoder(self.energy_encoder(u))
        error = ops.cast(u, "float32") - ops.cast(reconstruction, "float32")
        return ops.abs(error)


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(8e-5, beta_1=0.5, beta_2=0.999)}


BEGAN.named_settings = {"paper": _paper}

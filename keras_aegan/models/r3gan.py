"""The GAN baseline R3GAN: relativistic pairing, R1 and R2."""

import keras

from keras_aegan import penalties
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class R3GAN(AdversarialModel):
    """A GAN whose loss has a proof of local convergence.

    With `z` from the prior and `x_hat = G(z)` the players minimise

    - `discriminator`: `mean softplus(D(x_hat_i) - D(x_i)) + R1 + R2`
    - `generator`: `mean softplus(D(x_i) - D(x_hat_i))`

    Sample i is paired with fake i; R1 and R2 are half of `gamma` times the
    mean squared gradient norm of D at real samples and at fakes.

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Keras model, samples to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        gamma: Non-negative float, the weight of R1 and of R2; the paper has
            0.05 for CIFAR-10 and 2 for faces of 64 pixels.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a number is
            not as above.

    Example:

    >>> import numpy as np
    >>> model = R3GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Huang et al. 2025, arXiv:2501.05441, section 2 and algorithm
    of appendix. Departures: the default networks are this package's, with
    batch normalisation in the generator, not the paper's residual ones; rates
    are five times the paper's, which are for long runs with batches of 512;
    gamma stays as it is, where the paper's follows a cosine: give `R1` and
    `R2` schedules as weights.
    """

    parts = (GENERATOR, DISCRIMINATOR, PRIOR)

    def __init__(
        self,
        *,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior | None = None,
        gamma: float = 0.05,
        name: str | None = None,
    ):
        super().__init__(
            options={"gamma": validation.check_number("gamma", gamma, 0)},
            generator=generator,
            discriminator=discriminator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "relativistic"},
            "penalties": {
                "discriminator": [
                    penalties.R1(self.gamma),
                    penalties.R2(self.gamma),
                ]
            },
        }

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        data = self.discriminate("adversarial", self.discriminator, x, [x_hat])
        return {
            "discrimination": data.discriminator_loss,
            "adversarial": data.generator_loss,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.0, beta_2=0.99)}


R3GAN.named_settings = {"paper": _paper}

"""Adversarially learned inference, of Dumoulin et al."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import JOINT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class ALI(AdversarialModel):
    """A stochastic encoder and a generator whose pairs look alike.

    The encoder gives mean and log variance of each code; `z_hat` is drawn
    from them. With `z` from the prior the players minimise

    - `discriminator`: `discrimination(D(x, z_hat); D(G(z), z))`
    - `generator`, which owns E and G: `adversarial`, the same game with both
      labels changed

    Only at the optimum of the game does G invert E. There is no reconstruction
    loss, so in short runs `reconstruct` gives something alike, not the same.

    Args:
        encoder: Keras model, samples to `(batch_size, 2 * latent_dim)`: means
            and then log variances.
        generator: Keras model, codes to samples.
        joint_discriminator: Keras model from `[samples, codes]` to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = ALI.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.encode(np.zeros((5, 6), "float32")).shape
    (5, 2)

    Reference: Dumoulin et al. 2016, arXiv:1606.00704, algorithm 1. Its
    discriminators drop out 0.2 to 0.5: `for_shape(..., dropout=0.2)`.
    """

    parts = (ENCODER, GENERATOR, JOINT_DISCRIMINATOR, PRIOR)
    is_variational = True

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
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(5e-4, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "non_saturating"},
            "update": "simultaneous",
            "decay": "constant",
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.sampling(self.encoder(x))
        pairs = self.discriminate(
            "adversarial",
            self.joint_discriminator,
            (x, z_hat),
            [(self.generator(z), z)],
        )
        return {
            "discrimination": pairs.discriminator_loss,
            "adversarial": pairs.swapped_loss,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.999)}


ALI.named_settings = {"paper": _paper}

"""The energy-based GAN of Zhao et al."""

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
class EBGAN(AdversarialModel):
    """A GAN whose discriminator is an autoencoder: its error is an energy.

    With `z` from the prior, `x_hat = G(z)`, the energy `e(u)` the mean
    squared error of the discriminator's reconstruction of u, and `S` its
    codes of the fakes, the players minimise

    - `discriminator`: `mean(e(x) + relu(margin - e(x_hat)))`
    - `generator`: `mean e(x_hat) + w pulling_away(S)`

    `pulling_away(S) = sum_{i != j} cos(S_i, S_j)^2 / (B (B - 1))` keeps the
    fakes apart.

    Args:
        generator: Keras model, codes to samples.
        energy_encoder: Keras model, samples to codes of any size.
        energy_decoder: Keras model, these codes to samples.
        prior: `keras_aegan.layers.Prior` of the generator's codes. Defaults
            to N(0, I).
        margin: Positive float, up to where fakes are pushed; in units of the
            mean squared error. One that fakes cannot reach ruins the
            discriminator's autoencoder.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or `margin` is
            not positive.

    Example:

    >>> import numpy as np
    >>> model = EBGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Zhao et al. 2016, arXiv:1609.03126, equations 1 to 4. The
    cosine is squared and the margin is per sample, as in the paper; the
    energy is a mean, so the margin is the paper's divided by the size.
    """

    parts = (GENERATOR, *energy_parts(), PRIOR)

    def __init__(
        self,
        *,
        generator: keras.Model,
        energy_encoder: keras.Model,
        energy_decoder: keras.Model,
        prior: Prior | None = None,
        margin: float = 0.2,
        name: str | None = None,
    ):
        super().__init__(
            options={
                "margin": validation.check_number(
                    "margin", margin, 0, open_ends="lower"
                )
            },
            generator=generator,
            energy_encoder=energy_encoder,
            energy_decoder=energy_decoder,
            prior=prior,
            name=name,
        )

    def players(self):
        return {
            "discriminator": [self.energy_encoder, self.energy_decoder],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0, "pulling_away": 0.1},
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {"optimizer": dict.fromkeys(self.players(), adam)}

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        fake, codes = self._energy(x_hat)

        def discrimination():
            real, _ = self._energy(x)
            return ops.mean(self.weighted(real) + ops.relu(self.margin - fake))

        return {
            "discrimination": discrimination,
            "adversarial": ops.mean(fake),
            "pulling_away": lambda: pulling_away(codes),
        }

    def _energy(self, u):
        """Energies `(batch_size,)` of samples, and their codes."""
        codes = self.energy_encoder(u)
        reconstruction = self.energy_decoder(codes)
        error = ops.cast(u, "float32") - ops.cast(reconstruction, "float32")
        axes = tuple(range(1, len(error.shape)))
        return ops.mean(ops.square(error), axis=axes), codes


def pulling_away(codes):
    """Mean squared cosine between different codes of a batch."""
    codes = replicas.whole_batch(ops.cast(codes, "float32"))
    squares = ops.sum(ops.square(codes), axis=-1, keepdims=True)
    unit = codes * ops.rsqrt(squares + 1e-12)
    cosines = ops.matmul(unit, ops.transpose(unit))
    count = ops.cast(ops.shape(codes)[0], "float32")
    # A code's cosine with itself is 1; a batch of one has no pairs.
    pairs = ops.maximum(count * (count - 1.0), 1.0)
    return (ops.sum(ops.square(cosines)) - count) / pairs

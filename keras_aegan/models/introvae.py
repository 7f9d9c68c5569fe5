"""The introspective variational autoencoder of Huang et al."""

import math

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.backend import replicas
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import GaussianSampling
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class IntroVAE(AdversarialModel):
    """A variational autoencoder that is its own discriminator.

    The encoder gives mean and log variance of each code; `KL(u)` is the mean
    divergence of the codes of u from N(0, I), `x_r = G(z_hat)` with `z_hat`
    drawn for x, and `x_p = G(z)` with `z` from the prior. Everything divided
    by the size of a sample, the players minimise

    - `encoder`: `encoder_reconstruction(x, x_r) + KL(x) + discrimination`,
      `discrimination = (relu(margin - KL(x_r)) + relu(margin - KL(x_p))) / 2`
    - `generator`: `reconstruction(x, x_r) + adversarial`,
      `adversarial = (KL(x_r) + KL(x_p)) / 2`

    with both reconstructions the squared error. The encoder learns nothing
    through `x_r` in `discrimination`.

    Args:
        encoder: Keras model, samples to `(batch_size, 2 * latent_dim)`: means
            and then log variances.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` to generate from: N(0, I).
        margin: Positive float in nats, above the divergence of real samples.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or `margin` is
            not positive.

    Example:

    >>> import numpy as np
    >>> model = IntroVAE.for_shape((6,), latent_dim=2, width=4, margin=5.0)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Huang et al. 2018, arXiv:1807.06358, equations 11 and 12, with
    the weights of the authors' program but for reconstruction, which is 1.
    `SoftIntroVAE` needs no margin.
    """

    parts = (ENCODER, GENERATOR, PRIOR)
    is_variational = True
    takes_targets = True
    follows_codes = True
    default_normalization = "layer"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        prior: Prior | None = None,
        margin: float = 40.0,
        name: str | None = None,
    ):
        super().__init__(
            options={
                "margin": validation.check_number(
                    "margin", margin, 0, open_ends="lower"
                )
            },
            encoder=encoder,
            generator=generator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {"encoder": [self.encoder], "generator": [self.generator]}

    def terms(self):
        return {
            "encoder": {
                "encoder_reconstruction": 1.0,
                "divergence": 1.0,
                "discrimination": 0.5,
            },
            "generator": {"reconstruction": 1.0, "adversarial": 1.0},
        }

    def default_settings(self):
        return {
            "loss": {
                "reconstruction": "mean_squared_error",
                "encoder_reconstruction": "mean_squared_error",
            },
        }

    def play(self, x, y=None):
        encoded = self.encoder(self.corrupted(x))
        self.keep_codes(self.codes(encoded))
        z_hat, z = self.sampling(encoded), self.prior.sample_like(x)
        x_r, x_p = map(self.generator, (z_hat, z))
        size = math.prod(self.sample_shape)

        def divergence(u):
            # Of the whole batch, since the margin cuts it off.
            mean = ops.mean(GaussianSampling.divergence(u))
            return replicas.mean_over_replicas(mean) / size

        def real_divergence():
            divergences = GaussianSampling.divergence(encoded)
            return ops.mean(self.weighted(divergences)) / size

        def discrimination():
            fakes = [ops.stop_gradient(u) for u in (x_r, x_p)]
            margins = [
                ops.relu(self.margin / size - divergence(u))
                for u in call_stacked(self.encoder, *fakes)
            ]
            return sum(margins) / 2

        def adversarial():
            encoded_fakes = call_stacked(self.encoder, x_r, x_p)
            return sum(divergence(u) for u in encoded_fakes) / 2

        return {
            "encoder_reconstruction": self.compare(
                "encoder_reconstruction", x, x_r
            ),
            "divergence": real_divergence,
            "discrimination": discrimination,
            "reconstruction": self.compare("reconstruction", x, x_r),
            "adversarial": adversarial,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.9, beta_2=0.999)}


IntroVAE.named_settings = {"paper": _paper}

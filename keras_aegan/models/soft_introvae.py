"""The soft introspective variational autoencoder of Daniel and Tamar."""

import math

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import call_stacked
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import GaussianSampling
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class SoftIntroVAE(AdversarialModel):
    """A variational autoencoder that is its own discriminator, without margin.

    The encoder gives mean and log variance of each code. With `r_i(u)` the
    squared error of a sample's reconstruction and `KL_i(u)` the divergence of
    its code from N(0, I), both divided by the size of a sample,
    `x_r = G(z_hat)` with `z_hat` drawn for x, `x_p = G(z)` with `z` from the
    prior, the players minimise

    - `encoder`: `beta_rec r(x) + beta_kl KL(x) + discrimination`, the mean of
      `exp(-2 (beta_rec r_i(u) + beta_neg KL_i(u))) / 4` over samples, summed
      over u in `x_r, x_p`, through which the encoder learns nothing
    - `generator`: `beta_rec r(x) + beta_kl adversarial`,
      `adversarial = (KL(x_r) + KL(x_p)) / 2`

    The exponent is never positive.

    Args:
        encoder: Keras model, samples to `(batch_size, 2 * latent_dim)`: means
            and then log variances.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` to generate from: N(0, I).
        beta_rec: Non-negative float, weight of reconstruction.
        beta_kl: Non-negative float, weight of the divergence; the paper's is
            1.
        beta_neg: Non-negative float, weight of the divergence of fakes.
            Defaults to a tenth of the size of a sample, at most 256, the
            program's value: the exponent holds the divergence over the size,
            and with 256 the encoder would have nothing to tell apart in
            samples of few numbers.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a number is
            not as above.

    Example:

    >>> import numpy as np
    >>> model = SoftIntroVAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Daniel and Tamar 2021, arXiv:2012.13253, equations 5 to 8, with
    the program's values for 28 and 32 pixels. Departures: the generator's
    reconstruction of fakes, of weight 1e-8 there, is left out; fakes are
    constants of the encoder, also as targets.
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
        beta_rec: float = 1.0,
        beta_kl: float = 0.3,
        beta_neg: float | None = None,
        name: str | None = None,
    ):
        if beta_neg is not None:
            beta_neg = validation.check_number("beta_neg", beta_neg, 0)
        super().__init__(
            options={
                "beta_rec": validation.check_number("beta_rec", beta_rec, 0),
                "beta_kl": validation.check_number("beta_kl", beta_kl, 0),
                "beta_neg": beta_neg,
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
                "encoder_reconstruction": self.beta_rec,
                "divergence": self.beta_kl,
                "discrimination": 1.0,
            },
            "generator": {
                "reconstruction": self.beta_rec,
                "adversarial": self.beta_kl,
            },
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

        def discrimination():
            fakes = [ops.stop_gradient(u) for u in (x_r, x_p)]
            encoded_fakes = call_stacked(self.encoder, *fakes)
            reconstructions = call_stacked(
                self.generator, *map(self.sampling, encoded_fakes)
            )
            surprises = [
                ops.exp(-2.0 * self._surprise(*parts))
                for parts in zip(fakes, reconstructions, encoded_fakes)
            ]
            return sum(map(ops.mean, surprises)) / 4

        def adversarial():
            encoded_fakes = call_stacked(self.encoder, x_r, x_p)
            return sum(ops.mean(self._divergence(u)) for u in encoded_fakes) / 2

        return {
            "encoder_reconstruction": self.compare(
                "encoder_reconstruction", x, x_r
            ),
            "divergence": lambda: ops.mean(
                self.weighted(self._divergence(encoded))
            ),
            "discrimination": discrimination,
            "reconstruction": self.compare("reconstruction", x, x_r),
            "adversarial": adversarial,
        }

    def _divergence(self, encoded):
        size = math.prod(self.sample_shape)
        return GaussianSampling.divergence(encoded) / size

    def _surprise(self, fake, reconstructions, encoded):
        """The negative bound of each fake, `(batch_size,)`."""
        error = ops.cast(fake, "float32") - ops.cast(reconstructions, "float32")
        axes = tuple(range(1, len(error.shape)))
        error = ops.mean(ops.square(error), axis=axes)
        beta_neg = self.beta_neg
        if beta_neg is None:
            beta_neg = min(256.0, math.prod(self.sample_shape) / 10)
        divergence = self._divergence(encoded)
        return self.beta_rec * error + beta_neg * divergence


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.9, beta_2=0.999)}


SoftIntroVAE.named_settings = {"paper": _paper}

"""The adversarial generator-encoder of Ulyanov et al."""

import dataclasses
import functools

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.engine.standard_parts import build_encoder
from keras_aegan.layers import Prior
from keras_aegan.layers import SphericalPrior
from keras_aegan.network_shapes import input_shape


def _build_unit_encoder(options, parts):
    """The default encoder, to codes of length 1.

    Batch normalisation would hide from the encoder how bright a batch of fakes
    is, and no other network could let the generator know.
    """
    if options.normalization == "batch":
        options = dataclasses.replace(options, normalization="layer")
    encoder = build_encoder(options, parts)
    unit = keras.layers.UnitNormalization()(encoder.output)
    return keras.Model(encoder.input, unit, name="encoder")


@keras.saving.register_keras_serializable(package="keras_aegan")
class AGE(AdversarialModel):
    """A game of encoder and generator alone, over distributions of codes.

    Codes lie on the unit sphere. `D(c)` tells how far a batch of codes is
    from the prior by the means m_j and variances v_j of the k coordinates of
    `c sqrt(k)`: `mean_j(v_j + m_j^2 - log v_j - 1)`, twice the divergence of
    N(m_j, v_j) from N(0, 1). With `z` from the prior, `x_hat = G(z)`,
    `x_tilde = G(E(x))` the players minimise

    - `encoder`: `divergence D(E(x)) + discrimination -D(E(x_hat)) +
      mu reconstruction(x, x_tilde)`
    - `generator`, 2 turns: `adversarial D(E(x_hat)) +
      lambda (1 - cos(z, E(x_hat)))`, the latter `latent_reconstruction`

    Args:
        encoder: Keras model, samples to codes of length 1.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior`. Defaults to the uniform one on the
            sphere, `SphericalPrior`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = AGE.for_shape((6,), latent_dim=4, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((64, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Ulyanov et al. 2018, arXiv:1704.02304, equations 4 to 8, with
    D, mu 10 and lambda 1000 / k of the program. Its D has the variances of
    codes of length 1 where the paper has deviations, `mean_j((v_j^2 + m_j^2) /
    2 - log v_j - 1/2)`. There the sum of all variances and squared means is
    1, which makes it the D above but for a constant and at most `1 / (2 k)`.
    Departure: `for_shape` gives the encoder `"layer"` where others have
    `"batch"`, which hides from it how bright a batch is. Moments want batches
    of 64 or more. The generator is not trained to rebuild samples, only the
    encoder is: mu 10 gives 16.5 dB on Fashion-MNIST and samples at a Frechet
    distance of 14, 20 gives 17.9 dB and 25, but of 8 x 8 digits collapse.
    """

    parts = (
        ENCODER.replace(build=_build_unit_encoder),
        GENERATOR,
        PRIOR.replace(
            default=lambda parts: SphericalPrior(
                input_shape(parts["generator"])[-1]
            )
        ),
    )
    takes_targets = True
    follows_codes = True
    default_normalization = "layer"

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder, generator=generator, prior=prior, name=name
        )

    def players(self):
        return {"encoder": [self.encoder], "generator": [self.generator]}

    def terms(self):
        return {
            "encoder": {
                "divergence": 1.0,
                "discrimination": 1.0,
                "reconstruction": 10.0,
            },
            "generator": {
                "adversarial": 1.0,
                "latent_reconstruction": 1000.0 / self.prior.latent_dim,
            },
        }

    def default_settings(self):
        return {
            "loss": {"reconstruction": "mean_absolute_error"},
            "turns": {"generator": 2},
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        x_hat = self.generator(z)
        z_tilde = ops.cast(self.encoder(x_hat), "float32")

        @functools.cache
        def z_hat():
            return self.keep_codes(self.encoder(self.corrupted(x)))

        def divergence():
            return moment_divergence(z_hat())

        def reconstruction():
            x_tilde = self.generator(z_hat())
            return self.compare("reconstruction", x, x_tilde)

        def latent_reconstruction():
            cosines = ops.sum(z * z_tilde, axis=-1)
            return 1.0 - ops.mean(cosines)

        return {
            "divergence": divergence,
            "discrimination": lambda: -moment_divergence(z_tilde),
            "reconstruction": reconstruction,
            "adversarial": lambda: moment_divergence(z_tilde),
            "latent_reconstruction": latent_reconstruction,
        }


def moment_divergence(codes):
    """Divergence of the coordinates' moments from those of the prior: D.

    Args:
        codes: Tensor `(batch_size, latent_dim)` of unit length.
    """
    codes = replicas.whole_batch(ops.cast(codes, "float32"))
    codes = codes * codes.shape[-1] ** 0.5
    mean = ops.mean(codes, axis=0)
    variance = ops.mean(ops.square(codes - mean), axis=0) + 1e-6
    return ops.mean(variance + ops.square(mean) - ops.log(variance) - 1.0)


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999)}


AGE.named_settings = {"paper": _paper}

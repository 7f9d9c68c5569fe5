"""The inverse generator of Luo et al."""

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class InverseGenerator(AdversarialModel):
    """An encoder for a generator that has been trained already.

    The generator stays as it is. With `z` from the prior, `x_hat = G(z)` the
    one player minimises

    `encoder`: `reconstruction(x_hat, G(E(x_hat))) + w
    data_reconstruction(x, G(E(x)))`

    w is 0 unless given: the encoder then sees generated samples only, and
    need not know what to do with real ones.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples, trained: `gan.generator`.
        prior: `keras_aegan.layers.Prior`, that of the generator. Defaults to
            N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> from keras_aegan.models import GAN
    >>> gan = GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model = InverseGenerator.for_shape(
    ...     (6,), latent_dim=2, width=4, generator=gan.generator
    ... )
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.reconstruct(np.zeros((5, 6), "float32")).shape
    (5, 6)

    Reference: Luo et al. 2017, arXiv:1703.10094, section 3: phase 2, which
    compares samples and not codes, so G need not be one to one.
    """

    parts = (ENCODER, GENERATOR, PRIOR)

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
        return {"encoder": [self.encoder]}

    def terms(self):
        return {"encoder": {"reconstruction": 1.0, "data_reconstruction": 0.0}}

    def default_settings(self):
        return {
            "loss": dict.fromkeys(
                self.terms()["encoder"], "mean_squared_error"
            ),
        }

    def play(self, x, y=None):
        def decode(z):
            return self.generator(z, training=False)

        x_hat = ops.stop_gradient(decode(self.prior.sample_like(x)))

        def data_reconstruction():
            x_tilde = decode(self.encoder(x))
            return self.compare("data_reconstruction", x, x_tilde)

        return {
            "reconstruction": self.compare(
                "reconstruction",
                x_hat,
                decode(self.encoder(x_hat)),
                is_weighted=False,
            ),
            "data_reconstruction": data_reconstruction,
        }

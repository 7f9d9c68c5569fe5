"""The variational autoencoder of Kingma and Welling."""

import math
from collections.abc import Callable

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.backend import replicas
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import GaussianSampling
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class VAE(AdversarialModel):
    """An autoencoder whose codes are pulled towards N(0, I).

    The encoder gives mean and log variance of each code; `z` is drawn from
    them. The one player minimises, per number of a sample (n of them),

    `generator`: `reconstruction(x, G(z)) + beta KL / n`

    with `KL` the divergence of the codes' distribution from N(0, I). With the
    mean squared error this is n-th of the paper's bound for pixels of
    variance 1/2. `compile(loss_weights={"divergence": schedule})` anneals
    beta. With a `capacity`, the divergence is `|KL - capacity| / n`.

    Args:
        encoder: Keras model, samples to `(batch_size, 2 * latent_dim)`: means
            and then log variances.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` to generate from: N(0, I).
        beta: Non-negative float, the weight of `divergence`. 1 is the bound
            above. Less gives better reconstructions, and since samples are
            drawn near codes of data, not from N(0, I), better samples, too.
        capacity: Float in nats, a `keras.optimizers.schedules.
            LearningRateSchedule` of the step, or `None`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or a number is
            not as above.

    Example:

    >>> import numpy as np
    >>> model = VAE.for_shape((6,), latent_dim=2, width=4, beta=0.5)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Kingma and Welling 2013, arXiv:1312.6114, equation 10; beta:
    Higgins et al. 2017 (ICLR), equation 4; capacity: Burgess et al. 2018,
    arXiv:1804.03599, equation 8.
    """

    parts = (ENCODER, GENERATOR, PRIOR)
    is_variational = True
    takes_targets = True
    follows_codes = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        prior: Prior | None = None,
        beta: float = 0.1,
        capacity: float | Callable | None = None,
        name: str | None = None,
    ):
        if capacity is not None and not callable(capacity):
            capacity = validation.check_number("capacity", capacity)
        super().__init__(
            options={
                "beta": validation.check_number("beta", beta, 0),
                "capacity": capacity,
            },
            encoder=encoder,
            generator=generator,
            prior=prior,
            name=name,
        )

    def players(self):
        return {"generator": [self.encoder, self.generator]}

    def terms(self):
        return {"generator": {"reconstruction": 1.0, "divergence": self.beta}}

    def default_settings(self):
        return {
            "optimizer": {"generator": keras.optimizers.Adam(1e-3)},
            "loss": {"reconstruction": "mean_squared_error"},
        }

    def play(self, x, y=None):
        encoded = self.encoder(self.corrupted(x))
        self.keep_codes(self.codes(encoded))
        x_tilde = self.generator(self.sampling(encoded))

        def divergence():
            divergences = GaussianSampling.divergence(encoded)
            total = ops.mean(self.weighted(divergences))
            if self.capacity is not None:
                total = replicas.mean_over_replicas(total)
                total = ops.abs(total - self._capacity_now())
            return total / math.prod(self.sample_shape)

        return {
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "divergence": divergence,
        }

    def _capacity_now(self):
        if callable(self.capacity):
            return ops.cast(self.capacity(self.step), "float32")
        return self.capacity

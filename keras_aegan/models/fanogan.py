"""f-AnoGAN, of Schlegl et al.: an encoder for a trained GAN."""

import keras
import numpy as np
from keras import ops

from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.data_checks import check_samples
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


@keras.saving.register_keras_serializable(package="keras_aegan")
class FAnoGAN(AdversarialModel):
    """Finds anomalies by the encoder of a GAN that knows normal samples.

    Generator and discriminator come from a GAN that was trained on normal
    samples (the paper's is WGAN-GP: `GAN.settings("wgan_gp")`) and stay as
    they are. With `x_tilde = G(E(x))` and `f` an inner layer of the
    discriminator the one player minimises

    `encoder`: `reconstruction(x, x_tilde) + kappa mean (f(x) - f(x_tilde))^2`

    and the same sum is each sample's `anomaly_score`.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples, trained.
        discriminator: Keras model, samples to one logit, trained.
        prior: `keras_aegan.layers.Prior`, that of the generator. Defaults to
            N(0, I).
        kappa: Non-negative float, the weight of `features`.
        feature_layer: Name or index of the discriminator's layer `f`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, there is no such
            layer, or `kappa` is not as above.

    Example:

    >>> import numpy as np
    >>> from keras_aegan.models import GAN
    >>> gan = GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model = FAnoGAN.for_gan(gan, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.anomaly_score(np.ones((5, 6), "float32")).shape
    (5,)

    Reference: Schlegl et al. 2019, f-AnoGAN (Medical Image Analysis 54),
    equations 4 and 5: izi_f. Departure: the default encoder's codes have no
    bound; the paper's end in tanh, which the prior's tails exceed.
    """

    parts = (ENCODER, GENERATOR, DISCRIMINATOR, PRIOR)
    takes_targets = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior | None = None,
        kappa: float = 1.0,
        feature_layer: int | str = -2,
        name: str | None = None,
    ):
        super().__init__(
            options={
                "kappa": validation.check_number("kappa", kappa, 0),
                "feature_layer": feature_layer,
            },
            encoder=encoder,
            generator=generator,
            discriminator=discriminator,
            prior=prior,
            name=name,
        )
        self._features = feature_extractor(self.discriminator, feature_layer)

    @classmethod
    def for_gan(cls, gan, **kwargs):
        """For a trained model with generator, discriminator and prior.

        Args:
            gan: `keras_aegan.models.GAN`, or another model that has them.
            **kwargs: As of `for_shape`, for the encoder.
        """
        return cls.for_shape(
            gan.sample_shape,
            gan.prior.latent_dim,
            generator=gan.generator,
            discriminator=gan.discriminator,
            prior=gan.prior,
            **kwargs,
        )

    def anomaly_score(
        self, x, batch_size=None, verbose=0, labels=None
    ) -> np.ndarray:
        """How unlike the training samples each sample is; no upper end.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one.

        Returns:
            Array `(samples,)`.
        """
        # Read twice, which a generator cannot be.
        x = check_samples(self, x, minimum=0)
        x_tilde = self.reconstruct(x, batch_size, verbose, labels)
        f_x, f_x_tilde = (
            self.run_network(
                self._features.model, u, batch_size, verbose, labels
            )[0]
            for u in (x, x_tilde)
        )
        return _error(x, x_tilde) + self.kappa * _error(f_x, f_x_tilde)

    def players(self):
        return {"encoder": [self.encoder]}

    def terms(self):
        return {"encoder": {"reconstruction": 1.0, "features": self.kappa}}

    def default_settings(self):
        return {
            "optimizer": {"encoder": keras.optimizers.RMSprop(5e-5)},
            "loss": dict.fromkeys(
                self.terms()["encoder"], "mean_squared_error"
            ),
        }

    def play(self, x, y=None):
        x_tilde = self.generator(
            self.encoder(self.corrupted(x)), training=False
        )

        def features():
            f_x, f_x_tilde = (
                self._features(u, training=False)[0] for u in (x, x_tilde)
            )
            return self.compare("features", ops.stop_gradient(f_x), f_x_tilde)

        return {
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "features": features,
        }


def _error(a, b):
    """Mean squared error of each sample."""
    difference = np.asarray(a, "float32") - np.asarray(b, "float32")
    # Not by `reshape(len(a), -1)`, which fails where there are no samples.
    return np.mean(difference**2, axis=tuple(range(1, difference.ndim)))

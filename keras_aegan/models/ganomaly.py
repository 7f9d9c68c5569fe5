"""GANomaly, of Akcay et al."""

import keras
import numpy as np
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import build_encoder

_SECOND_ENCODER = ENCODER.replace(
    name="second_encoder",
    build=lambda options, parts: build_encoder(
        options, parts, name="second_encoder"
    ),
    is_averaged=False,
)


@keras.saving.register_keras_serializable(package="keras_aegan")
class GANomaly(AdversarialModel):
    """An autoencoder of normal samples that encodes twice.

    With `z_hat = E1(x)`, `x_tilde = G(z_hat)`, and `f` an inner layer of the
    discriminator, the players minimise, both at once,

    - `generator`, which owns E1, G and E2: `mean (f(x) - f(x_tilde))^2 + 50
      mean |x - x_tilde| + mean (z_hat - E2(x_tilde))^2`: the terms
      `features`, `reconstruction` and `latent_reconstruction`
    - `discriminator`: half of `discrimination(D(x); D(x_tilde))`

    Trained on normal samples only, it codes others badly:
    `anomaly_score(x) = mean (z_hat - E2(x_tilde))^2`.

    Args:
        encoder: Keras model, samples to codes: E1.
        generator: Keras model, codes to samples.
        second_encoder: Keras model, samples to codes: E2.
        discriminator: Keras model, samples to one logit.
        feature_layer: Name or index of the discriminator's layer `f`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or there is no
            such layer.

    Example:

    >>> import numpy as np
    >>> model = GANomaly.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.anomaly_score(np.ones((5, 6), "float32")).shape
    (5,)

    Reference: Akcay et al. 2018, arXiv:1805.06725, equations 1 to 6, with the
    program's weights. Departures: both players move at once, where the
    program moves the generator first and judges by features from before; a
    discriminator that has won is not initialised again.
    """

    parts = (ENCODER, GENERATOR, _SECOND_ENCODER, DISCRIMINATOR)
    takes_targets = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        second_encoder: keras.Model,
        discriminator: keras.Model,
        feature_layer: int | str = -2,
        name: str | None = None,
    ):
        super().__init__(
            options={"feature_layer": feature_layer},
            encoder=encoder,
            generator=generator,
            second_encoder=second_encoder,
            discriminator=discriminator,
            name=name,
        )
        self._features = feature_extractor(self.discriminator, feature_layer)

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
        run = (batch_size, verbose, labels)
        codes = self.encode(x, *run)
        reconstructions = self.decode(codes, *run)
        second = self.run_network(self.second_encoder, reconstructions, *run)
        return np.mean((codes - second) ** 2, axis=-1)

    def players(self):
        return {
            "generator": [self.encoder, self.generator, self.second_encoder],
            "discriminator": [self.discriminator],
        }

    def terms(self):
        return {
            "generator": {
                "features": 1.0,
                "reconstruction": 50.0,
                "latent_reconstruction": 1.0,
            },
            "discriminator": {"discrimination": 0.5},
        }

    def default_settings(self):
        return {
            "loss": {
                "adversarial": "non_saturating",
                "reconstruction": "mean_absolute_error",
                "latent_reconstruction": "mean_squared_error",
            },
            "update": "simultaneous",
        }

    def play(self, x, y=None):
        z_hat = self.encoder(self.corrupted(x))
        x_tilde = self.generator(z_hat)
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_tilde], self._features
        )

        def features():
            real, fake = (ops.cast(f, "float32") for f in data.features())
            return ops.mean(self.weighted(ops.square(real - fake)))

        def latent_reconstruction():
            z_tilde = self.second_encoder(x_tilde)
            return self.compare("latent_reconstruction", z_hat, z_tilde)

        return {
            "features": features,
            "reconstruction": lambda: self.compare(
                "reconstruction", x, x_tilde
            ),
            "latent_reconstruction": latent_reconstruction,
            "discrimination": data.discriminator_loss,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999)}


GANomaly.named_settings = {"paper": _paper}

"""Adversarially learned anomaly detection, of Zenati et al."""

import keras
import numpy as np

from keras_aegan import networks
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import FeatureExtractor
from keras_aegan.engine import call_stacked
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.data_checks import check_samples
from keras_aegan.engine.parts import Part
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import JOINT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior


def _build_pair_discriminator(options, parts):
    return networks.pair_discriminator(
        options.shape,
        options.width,
        name="pair_discriminator",
        **options.regularization,
    )


def _build_latent_pair_discriminator(options, parts):
    return networks.pair_discriminator(
        (options.latent_dim,),
        options.width,
        name="latent_pair_discriminator",
        **options.regularization,
    )


@keras.saving.register_keras_serializable(package="keras_aegan")
class ALAD(AdversarialModel):
    """A bidirectional GAN with discriminators of its cycles.

    With `z` from the prior, `z_hat = E(x)`, `x_hat = G(z)`, `x_tilde =
    G(z_hat)`, `z_tilde = E(x_hat)` the players minimise

    - `discriminator`: `discrimination(Dxz(x, z_hat); Dxz(x_hat, z))`
    - `pair_discriminator`: `pair_discrimination(Dxx(x, x); Dxx(x, x_tilde))`
    - `latent_pair_discriminator`: `latent_pair_discrimination(Dzz(z, z);
      Dzz(z, z_tilde))`
    - `generator`, which owns E and G: `adversarial`, the first game with both
      labels changed, `+ pair_adversarial(Dxx(x, x_tilde)) +
      latent_pair_adversarial(Dzz(z, z_tilde))`

    Trained on normal samples only, it rebuilds others badly. With `f` the
    layer of `Dxx` before the logit, `anomaly_score(x) = |f(x, x) - f(x,
    x_tilde)|_1`.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        joint_discriminator: Keras model from `[samples, codes]` to one logit.
        pair_discriminator: Keras model from `[samples, samples]`.
        latent_pair_discriminator: Keras model from `[codes, codes]`.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        feature_layer: Name or index of the pair discriminator's layer `f`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or there is no
            such layer.

    Example:

    >>> import numpy as np
    >>> model = ALAD.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)
    >>> model.anomaly_score(np.ones((5, 6), "float32")).shape
    (5,)

    Reference: Zenati et al. 2018, arXiv:1812.02288, equations 3 to 7, and the
    score of section 4. Departures: samples of a pair are put together along
    channels; spectral normalisation, which the paper recommends, is left to
    the networks given; the authors' program scores by running averages of all
    networks, `compile(average=0.999)` averages encoder and generator.
    """

    parts = (
        ENCODER,
        GENERATOR,
        JOINT_DISCRIMINATOR,
        # A pair of samples itself shows whether both are alike, so these two
        # take no condition.
        Part(
            "pair_discriminator",
            build=_build_pair_discriminator,
            gives_logits=True,
        ),
        Part(
            "latent_pair_discriminator",
            build=_build_latent_pair_discriminator,
            gives_logits=True,
        ),
        PRIOR,
    )

    follows_codes = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        joint_discriminator: keras.Model,
        pair_discriminator: keras.Model,
        latent_pair_discriminator: keras.Model,
        prior: Prior | None = None,
        feature_layer: int | str = -2,
        name: str | None = None,
    ):
        super().__init__(
            options={"feature_layer": feature_layer},
            encoder=encoder,
            generator=generator,
            joint_discriminator=joint_discriminator,
            pair_discriminator=pair_discriminator,
            latent_pair_discriminator=latent_pair_discriminator,
            prior=prior,
            name=name,
        )
        try:
            self._features: FeatureExtractor | None = feature_extractor(
                self.pair_discriminator, feature_layer
            )
        except ValueError:
            # Only `anomaly_score` needs features, training does not.
            if feature_layer != -2:
                raise
            self._features = None

    def anomaly_score(self, x, batch_size=None, verbose=0, labels=None):
        """How unlike the training samples each sample is; no upper end.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one.

        Returns:
            Array `(samples,)`.

        Raises:
            ValueError: if the pair discriminator has no layer of features.
        """
        if self._features is None:
            raise ValueError(
                "`anomaly_score` needs a pair discriminator that is a "
                "functional model with a layer between inputs and output. "
                f"Received: pair_discriminator={self.pair_discriminator!r}"
            )
        # Read twice, which a generator cannot be.
        x = check_samples(self, x, minimum=0)
        x_tilde = self.reconstruct(x, batch_size, verbose, labels)
        same, rebuilt = (
            self.run_network(
                self._features.model, [x, u], batch_size, verbose, labels
            )[0]
            for u in (x, x_tilde)
        )
        distances = np.abs(
            np.asarray(same, "float32") - np.asarray(rebuilt, "float32")
        )
        return np.sum(distances, axis=tuple(range(1, distances.ndim)))

    def players(self):
        return {
            "discriminator": [self.joint_discriminator],
            "pair_discriminator": [self.pair_discriminator],
            "latent_pair_discriminator": [self.latent_pair_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0},
            "pair_discriminator": {"pair_discrimination": 1.0},
            "latent_pair_discriminator": {"latent_pair_discrimination": 1.0},
            "generator": {
                "adversarial": 1.0,
                "pair_adversarial": 1.0,
                "latent_pair_adversarial": 1.0,
            },
        }

    def default_settings(self):
        *discriminators, generator = self.players()
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": dict.fromkeys(self.terms()["generator"], "non_saturating"),
            "update": [discriminators, [generator]],
            "decay": "constant",
        }

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        z_hat = self.keep_codes(self.encoder(x))
        x_hat, x_tilde = call_stacked(self.generator, z, z_hat)
        z_tilde = self.encoder(x_hat)
        joint = self.discriminate(
            "adversarial", self.joint_discriminator, (x, z_hat), [(x_hat, z)]
        )
        pairs = self.discriminate(
            "pair_adversarial", self.pair_discriminator, (x, x), [(x, x_tilde)]
        )
        latent = self.discriminate(
            "latent_pair_adversarial",
            self.latent_pair_discriminator,
            (z, z),
            [(z, z_tilde)],
            is_weighted=False,
        )
        return {
            "discrimination": joint.discriminator_loss,
            "pair_discrimination": pairs.discriminator_loss,
            "latent_pair_discrimination": latent.discriminator_loss,
            "adversarial": joint.swapped_loss,
            "pair_adversarial": pairs.generator_loss,
            "latent_pair_adversarial": latent.generator_loss,
        }


# === Arguments of `compile`: the paper's ===


def _paper():
    return {"optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999)}


ALAD.named_settings = {"paper": _paper}

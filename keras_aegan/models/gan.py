"""The generative adversarial network of Goodfellow et al."""

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan import penalties
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import FeatureExtractor
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.labels import partly_known
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.models.shared.classification import CLASSIFIER
from keras_aegan.models.shared.classification import linear_classifier


@keras.saving.register_keras_serializable(package="keras_aegan")
class GAN(AdversarialModel):
    """A generator and a discriminator, without an encoder.

    With `z` from the prior and `x_hat = G(z)` the players minimise

    - `discriminator`: `discrimination(D(x); D(x_hat))`
    - `generator`: `adversarial(D(x_hat)) + w |mean f(x) - mean f(x_hat)|^2`

    where `f` is an inner layer of the discriminator and w, the weight of
    `feature_matching`, is 0 unless given. By its losses and penalties this is
    also DCGAN, LSGAN, the hinge GAN or WGAN-GP: `compile(**GAN.settings(name))`
    with `"dcgan"`, `"lsgan"`, `"hinge"` (which wants a
    discriminator with spectral normalisation), `"wgan"` (which wants
    `clip=0.01`) or `"wgan_gp"`. In the last three the discriminator takes 5
    turns, each on samples of its own: a step's batch is divided into 6 parts
    (`fresh_batches`), so `fit` needs a `batch_size` 6 times as large, such as
    384 for turns of 64.

    With a classifier c of `f(x)` and labels y, by `for_shape(...,
    num_classes=..., auxiliary=True)`, it is AC-GAN: the generator is
    conditioned on y, the discriminator is not, and there are further

    - of `discriminator`, which owns c: `classification = cross_entropy(y,
      c(f(x))) + cross_entropy(y, c(f(x_hat)))`
    - of `generator`: `fake_classification = cross_entropy(y, c(f(x_hat)))`

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Keras model, samples to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        classifier: Keras model, features `f` to logits `(batch_size,
            num_classes)`, or `None`.
        feature_layer: Name or index of the discriminator's layer `f`.
        clip: Positive float: after each move of the discriminator its weights
            are cut to [-clip, clip]. `None` for no cut.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, there is no such
            layer, or `clip` is not positive.

    Example:

    >>> import numpy as np
    >>> model = GAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile(loss={"adversarial": "hinge"})
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.generate(5).shape
    (5, 6)

    Reference: Goodfellow et al. 2014, arXiv:1406.2661, algorithm 1, with the
    non-saturating loss of its section 3; feature matching: Salimans et al.
    2016, arXiv:1606.03498, section 3.1, there without the adversarial term
    (weight 0); `"wgan_gp"`: Gulrajani et al. 2017, arXiv:1704.00028, algorithm
    1; clipping: Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1;
    classifier: Odena et al. 2017, arXiv:1610.09585, equations 2 and 3.
    """

    parts = (GENERATOR, DISCRIMINATOR, PRIOR, CLASSIFIER)

    def __init__(
        self,
        *,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior | None = None,
        classifier: keras.Model | None = None,
        feature_layer: int | str = -2,
        clip: float | None = None,
        name: str | None = None,
    ):
        if clip is not None:
            clip = validation.check_number("clip", clip, 0, open_ends="lower")
        super().__init__(
            options={"feature_layer": feature_layer, "clip": clip},
            generator=generator,
            discriminator=discriminator,
            prior=prior,
            classifier=classifier,
            name=name,
        )
        try:
            self._features: FeatureExtractor | None = feature_extractor(
                self.discriminator, feature_layer
            )
        except ValueError:
            # Without a classifier features are used only if `compile` gives
            # `feature_matching` a weight.
            if classifier is not None or feature_layer != -2:
                raise
            self._features = None
        if clip is not None:
            for v in self.discriminator.trainable_variables:
                v.constraint = lambda value: ops.clip(value, -clip, clip)

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        num_classes: int | None = None,
        auxiliary: bool = False,
        **kwargs,
    ):
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the width of networks.
            num_classes: Positive integer or `None`. Then the networks are
                conditioned on the label of each sample.
            auxiliary: Boolean. Whether the discriminator has a classifier
                instead of a condition, as in AC-GAN.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        sizes = (shape, latent_dim, width)
        if auxiliary:
            unconditional = super().for_shape(*sizes, **kwargs)
            kwargs["discriminator"] = unconditional.discriminator
            kwargs["classifier"] = linear_classifier(
                feature_extractor(unconditional.discriminator).size,
                num_classes,
                width,
            )
        return super().for_shape(*sizes, num_classes=num_classes, **kwargs)

    @property
    def label_kind(self):
        kind = super().label_kind
        if kind is None and hasattr(self, "classifier"):
            kind = partly_known(self.classifier.output_shape[-1])
        return kind

    def players(self):
        own = [self.classifier] if hasattr(self, "classifier") else []
        return {
            "discriminator": [self.discriminator, *own],
            "generator": [self.generator],
        }

    def terms(self):
        discriminator = {"discrimination": 1.0}
        generator = {"adversarial": 1.0, "feature_matching": 0.0}
        if hasattr(self, "classifier"):
            discriminator["classification"] = 1.0
            generator["fake_classification"] = 1.0
        return {"discriminator": discriminator, "generator": generator}

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "non_saturating"},
        }

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_hat], self._features
        )

        def cross_entropy(features, sample_weight=None):
            logits = self.classifier(features)
            return losses.masked_cross_entropy(y, logits, sample_weight)

        def classification():
            real, fake = data.features()
            return cross_entropy(real, self.sample_weight) + cross_entropy(fake)

        terms = {
            "discrimination": data.discriminator_loss,
            "adversarial": data.generator_loss,
            "feature_matching": lambda: losses.feature_matching(
                *data.features()
            ),
        }
        if hasattr(self, "classifier"):
            terms["classification"] = classification
            terms["fake_classification"] = lambda: cross_entropy(
                *data.fake_features()
            )
        return terms


# === Arguments of `compile` for the best known kinds of GAN ===


def _settings(loss, rate=2e-4, beta_1=0.5, beta_2=0.999, **kwargs):
    adam = keras.optimizers.Adam(rate, beta_1=beta_1, beta_2=beta_2)
    return {"optimizer": adam, "loss": {"adversarial": loss}, **kwargs}


def _five_turns():
    """Each on new real samples, as in algorithm 1 of WGAN and of WGAN-GP."""
    return {"turns": {"discriminator": 5}, "fresh_batches": True}


def _hinge():
    return _settings("hinge", beta_1=0.0, beta_2=0.9, **_five_turns())


def _wgan_gp():
    return _settings(
        "wasserstein",
        rate=1e-4,
        beta_2=0.9,
        penalties={"discriminator": penalties.GradientPenalty(10.0)},
        **_five_turns(),
    )


def _wgan():
    return {
        "optimizer": keras.optimizers.RMSprop(5e-5),
        "loss": {"adversarial": "wasserstein"},
        **_five_turns(),
    }


GAN.named_settings = {
    "dcgan": lambda: _settings("non_saturating"),
    "lsgan": lambda: _settings("least_squares"),
    "hinge": _hinge,
    "wgan": _wgan,
    "wgan_gp": _wgan_gp,
}

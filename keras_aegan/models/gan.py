"""The generative adversarial network of Goodfellow et al."""

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import feature_extractor
from keras_aegan.models.gan_settings import SETTINGS
from keras_aegan.models.shared import heads
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class GAN(DefaultNetworks, AdversarialModel):
    """A generator and a discriminator, without an encoder.

    With `z` from the prior and `x_hat = G(z)` the players minimise

    - `discriminator`: `discrimination(D(x); D(x_hat))`
    - `generator`: `adversarial(D(x_hat)) + w |mean f(x) - mean f(x_hat)|^2`

    where `f` is an inner layer of the discriminator and w, the weight of
    `feature_matching`, is 0 unless given. By its losses and penalties this is
    also DCGAN, LSGAN, the hinge GAN or WGAN-GP: `compile(**GAN.settings(name))`
    with `"dcgan"` (the default), `"lsgan"`, `"hinge"` (5 turns of the
    discriminator, which wants spectral normalisation), `"wgan"` (which wants
    `clip=0.01`) or `"wgan_gp"`.

    With a classifier c of `f(x)` and labels y, by `for_shape(...,
    num_classes=..., auxiliary=True)`, it is AC-GAN: the generator is told y,
    the discriminator is not, and there are further

    - of `discriminator`, which owns c: `classification = cross_entropy(y,
      c(f(x))) + cross_entropy(y, c(f(x_hat)))`
    - of `generator`: `fake_classification = cross_entropy(y, c(f(x_hat)))`

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Keras model, samples to one logit.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        classifier: Keras model, what `f` puts out to logits `(batch_size,
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
    (weight 0); clipping: Arjovsky et al. 2017, arXiv:1701.07875, algorithm 1;
    classifier: Odena et al. 2017, arXiv:1610.09585, equations 2 and 3.
    """

    roles = ("generator", "discriminator", "prior")
    optional_roles = ("classifier",)
    named_settings = SETTINGS

    def __init__(self, *, feature_layer=-2, clip=None, **parts):
        if clip is not None and not clip > 0:
            raise ValueError(
                f"`clip` must be positive. Received: clip={clip!r}"
            )
        super().__init__(
            options={"feature_layer": feature_layer, "clip": clip}, **parts
        )
        self._features = feature_extractor(self.discriminator, feature_layer)
        if clip is not None:
            for v in self.discriminator.trainable_variables:
                v.constraint = lambda value: ops.clip(value, -clip, clip)

    @classmethod
    def for_shape(
        cls,
        shape,
        latent_dim=32,
        width=32,
        num_classes=None,
        auxiliary=False,
        **kwargs,
    ):
        """As of other models; `auxiliary` makes an AC-GAN of `num_classes`."""
        sizes = (shape, latent_dim, width)
        if auxiliary:
            untold = super().for_shape(*sizes, **kwargs)
            kwargs["discriminator"] = untold.discriminator
            kwargs["classifier"] = heads.classifier(
                untold.discriminator, num_classes, width
            )
        return super().for_shape(*sizes, num_classes=num_classes, **kwargs)

    def players(self):
        own = [self.classifier] if hasattr(self, "classifier") else []
        return {
            "discriminator": [self.discriminator, *own],
            "generator": [self.generator],
        }

    def terms(self):
        judging = {"discrimination": 1.0}
        generating = {"adversarial": 1.0, "feature_matching": 0.0}
        if hasattr(self, "classifier"):
            judging["classification"] = 1.0
            generating["fake_classification"] = 1.0
        return {"discriminator": judging, "generator": generating}

    def default_loss(self):
        return {"adversarial": "non_saturating"}

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_hat], self._features
        )

        def cross_entropy(features):
            return losses.masked_cross_entropy(y, self.classifier(features))

        terms = {
            "discrimination": data.discriminator_loss,
            "adversarial": data.generator_loss,
            "feature_matching": lambda: losses.feature_matching(
                *data.features()
            ),
        }
        if hasattr(self, "classifier"):
            terms["classification"] = lambda: sum(
                map(cross_entropy, data.features())
            )
            terms["fake_classification"] = lambda: cross_entropy(
                *data.fake_features()
            )
        return terms

"""The semi-supervised generative adversarial network of Salimans et al."""

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan import networks
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import FeatureExtractor
from keras_aegan.engine import feature_extractor
from keras_aegan.models.classifying import Classifying
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class SemiSupervisedGAN(Classifying, DefaultNetworks, AdversarialModel):
    """A discriminator of K classes of real samples, and of fakes.

    The discriminator has K logits `l(x)`, of a last layer on features `f(x)`.
    Fakes are a further class, whose logit is fixed at 0, so that `d(x) = log
    sum_k exp l_k(x)` is the logit of being real. With `z` from the prior and
    `x_hat = G(z)` the players minimise

    - `discriminator`: `1/2 discrimination(d(x); d(x_hat)) +
      classification`, the cross-entropy of labels and l(x)
    - `generator`: `feature_matching = |mean f(x) - mean f(x_hat)|^2`, and
      `adversarial(d(x_hat))` if it is given a weight

    `fit(x, y)` takes -1 for labels that are not known.

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Functional Keras model, samples to K logits.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to N(0, I).
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = SemiSupervisedGAN.for_shape(
    ...     (6,), latent_dim=2, width=4, categories=3
    ... )
    >>> model.compile()
    >>> x, y = np.zeros((32, 6), "float32"), np.full(32, -1)
    >>> history = model.fit(x, y, verbose=0)
    >>> model.generate(5).shape, model.classify(x).shape
    ((5, 6), (32, 3))

    Reference: Salimans et al. 2016, arXiv:1606.03498, sections 3.1 and 5, and
    the weights of the authors' program. Departures: d is trained on all real
    samples, labelled ones included; the default networks have neither noise
    between layers (`noise=` adds it before them) nor weight normalisation.
    """

    roles = ("generator", "discriminator", "prior")
    untold = ("discriminator",)

    def __init__(self, *, prior=None, **parts):
        super().__init__(prior=prior, **parts)
        features = feature_extractor(self.discriminator).model
        self._evidence = _Evidence(dtype="float32", name="evidence")
        self._features = FeatureExtractor(
            keras.Model(
                features.inputs[0],
                [features.outputs[0], self._evidence(features.outputs[1])],
            )
        )

    @classmethod
    def for_shape(cls, shape, latent_dim=32, width=32, categories=2, **kwargs):
        """As of other models, for `categories` classes."""

        def discriminator(size, parts):
            return networks.encoder(
                size.shape,
                categories,
                size.width,
                None,
                augmentation=size.augmentation,
                name="discriminator",
                **size.judge,
                **size.deep,
            )

        own = {"discriminator": discriminator}
        return super().for_shape(
            shape, latent_dim, width, own_networks=own, **kwargs
        )

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 0.5, "classification": 1.0},
            "generator": {"feature_matching": 1.0, "adversarial": 0.0},
        }

    def default_loss(self):
        return {"adversarial": "non_saturating"}

    def _class_logits(self, x, batch_size, verbose):
        return self._run(self.discriminator, x, batch_size, verbose)

    def play(self, x, y=None):
        x_hat = self.generator(self.prior.sample_like(x))
        data = self.discriminate(
            "adversarial",
            [self.discriminator, self._evidence],
            x,
            [x_hat],
            self._features,
        )

        def classification():
            logits = self.discriminator.layers[-1](data.features()[0])
            return losses.masked_cross_entropy(y, logits)

        return {
            "discrimination": data.discriminator_loss,
            "classification": classification,
            "feature_matching": lambda: losses.feature_matching(
                *data.features()
            ),
            "adversarial": data.generator_loss,
        }


class _Evidence(keras.layers.Layer):
    """From the logits of classes to that of being of any of them."""

    def call(self, logits):
        logits = ops.cast(logits, "float32")
        return ops.logsumexp(logits, axis=-1, keepdims=True)

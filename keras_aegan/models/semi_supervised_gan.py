"""The semi-supervised generative adversarial network of Salimans et al."""

from typing import Self

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan import networks
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import FeatureExtractor
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.labels import partly_known
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.models.shared.classification import refuse_condition_size


@keras.saving.register_keras_serializable(package="keras_aegan")
class SemiSupervisedGAN(AdversarialModel):
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
    ...     (6,), latent_dim=2, width=4, num_classes=3
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

    parts = (GENERATOR, DISCRIMINATOR.replace(condition=None), PRIOR)

    def __init__(
        self,
        *,
        generator: keras.Model,
        discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            generator=generator,
            discriminator=discriminator,
            prior=prior,
            name=name,
        )
        features = feature_extractor(self.discriminator).model
        self._evidence = _Evidence(dtype="float32", name="evidence")
        self._features = FeatureExtractor(
            keras.Model(
                features.inputs[0],
                [features.outputs[0], self._evidence(features.outputs[1])],
            )
        )

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        num_classes: int = 2,
        conditional: bool = False,
        **kwargs,
    ) -> Self:
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the width of networks.
            num_classes: Positive integer, the number of classes K.
            conditional: Boolean, whether the generator is also conditioned on
                the label of each sample, which must then be known.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        num_classes = validation.check_integer("num_classes", num_classes)

        def build_discriminator(options, parts):
            return networks.encoder(
                options.shape,
                num_classes,
                options.width,
                normalization=None,
                augmentation=options.augmentation,
                name="discriminator",
                **options.regularization,
                **options.depth,
            )

        return super().for_shape(
            shape,
            latent_dim,
            width,
            num_classes=num_classes if conditional else None,
            builders={"discriminator": build_discriminator},
            **refuse_condition_size(kwargs),
        )

    @property
    def label_kind(self):
        classes = self.discriminator.output_shape[-1]
        return super().label_kind or partly_known(classes)

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

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "non_saturating"},
        }

    def class_logits(self, x, batch_size=None, verbose=0):
        return self.run_network(self.discriminator, x, batch_size, verbose)

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
            return losses.masked_cross_entropy(y, logits, self.sample_weight)

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

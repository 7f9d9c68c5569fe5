"""InfoGAN of Chen et al."""

import functools

import keras

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import feature_extractor
from keras_aegan.models.classifying import Classifying
from keras_aegan.models.shared import heads
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class InfoGAN(Classifying, DefaultNetworks, AdversarialModel):
    """A GAN whose samples tell the first numbers of their codes.

    A code from the prior is `z = [e, c, n]`: a category as a row with a single
    1, continuous numbers c and noise n. With `x_hat = G(z)` and `[l, m] =
    Q(f(x_hat))`, f what the discriminator's last layer sees, let

    `I = mean (cross_entropy(e, softmax(l)) + |c - m|^2 / 2)`

    which bounds from above, but for a constant, what samples do not tell of e
    and c. The players minimise

    - `discriminator`, which owns D and Q: `discrimination(D(x); D(x_hat)) +
      recognition I`
    - `generator`: `adversarial(D(x_hat)) + information I`

    So categories become kinds of samples and c what else varies most, without
    a label. `decode` makes samples of a category, c and noise.

    Args:
        generator: Keras model, codes `(batch_size, latent_dim)` to samples.
        discriminator: Functional Keras model, samples to one logit.
        recognition: Keras model Q, features to `[l, m]`, side by side. All its
            outputs but those of categories are means of c.
        prior: `keras_aegan.layers.CategoryPrior`. Defaults to 2 categories.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit, or `recognition`
            does not tell the categories, or more numbers than a code has, or
            `prior` has no categories.

    Example:

    >>> import numpy as np
    >>> model = InfoGAN.for_shape(
    ...     (6,), latent_dim=5, width=4, categories=3, continuous=1
    ... )
    >>> model.compile()
    >>> x = np.zeros((32, 6), "float32")
    >>> history = model.fit(x, verbose=0)
    >>> model.classify(x).shape
    (32, 3)

    Reference: Chen et al. 2016, arXiv:1606.03657, equations 5 and 6, with the
    fixed deviation of 1 and the weights of 1 of the authors' program.
    Departure: c is drawn from N(0, 1) in place of uniform numbers.
    """

    roles = ("generator", "discriminator", "recognition", "prior")
    untold = ("discriminator",)
    default_prior = functools.partial(layers.CategoryPrior, num_classes=2)

    def __init__(self, *, prior=None, **parts):
        if prior is not None and not isinstance(prior, layers.CategoryPrior):
            raise ValueError(
                "`prior` must be a `keras_aegan.layers.CategoryPrior`. "
                f"Received: prior={prior!r}"
            )
        super().__init__(prior=prior, **parts)
        self._features = feature_extractor(self.discriminator)
        known, size = self.recognition.output_shape[-1], self.prior.latent_dim
        if not self.categories <= known <= size:
            raise ValueError(
                "`recognition` must tell at least the prior's "
                f"{self.categories} categories and at most the {size} numbers "
                f"of a code. Received: {known} outputs"
            )

    @classmethod
    def for_shape(
        cls,
        shape,
        latent_dim=32,
        width=32,
        categories=2,
        continuous=0,
        **kwargs,
    ):
        """As of other models; of a code so many numbers are e and c."""
        kwargs.setdefault("prior", layers.CategoryPrior(latent_dim, categories))
        own = {"recognition": heads.recognition(categories + continuous)}
        return super().for_shape(
            shape, latent_dim, width, own_networks=own, **kwargs
        )

    @property
    def categories(self):
        """How many numbers of a code are its category."""
        return self.prior.num_classes

    def players(self):
        return {
            "discriminator": [self.discriminator, self.recognition],
            "generator": [self.generator],
        }

    def terms(self):
        return {
            "discriminator": {"discrimination": 1.0, "recognition": 1.0},
            "generator": {"adversarial": 1.0, "information": 1.0},
        }

    def default_loss(self):
        return {"adversarial": "non_saturating"}

    def play(self, x, y=None):
        z = self.prior.sample_like(x)
        data = self.discriminate(
            "adversarial",
            self.discriminator,
            x,
            [self.generator(z)],
            self._features,
        )

        def information():
            told = self.recognition(*data.fake_features())
            return losses.recognition_loss(z, told, self.categories)

        return {
            "discrimination": data.discriminator_loss,
            "recognition": information,
            "adversarial": data.generator_loss,
            "information": information,
        }

    def _class_logits(self, x, batch_size, verbose):
        features, _ = self._run(self._features.model, x, batch_size, verbose)
        told = self._run(self.recognition, features, batch_size, verbose)
        return told[:, : self.categories]

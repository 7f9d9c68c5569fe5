"""InfoGAN of Chen et al."""

from typing import Self

import keras

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import networks
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import feature_extractor
from keras_aegan.engine.parts import Part
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.network_shapes import input_shape
from keras_aegan.network_shapes import output_shape


@keras.saving.register_keras_serializable(package="keras_aegan")
class InfoGAN(AdversarialModel):
    """A GAN from whose samples the first numbers of their codes can be read.

    A code from the prior is `z = [e, c, n]`: a category as a row with a single
    1, continuous numbers c and noise n. With `x_hat = G(z)` and `[l, m] =
    Q(f(x_hat))`, f the input of the discriminator's last layer, let

    `I = mean (cross_entropy(e, softmax(l)) + |c - m|^2 / 2)`

    an upper bound, but for a constant, of the information about e and c that
    samples lack. The players minimise

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
            predicts fewer numbers than there are categories, or more than a
            code has, or `prior` has no categories.

    Example:

    >>> import numpy as np
    >>> model = InfoGAN.for_shape(
    ...     (6,), latent_dim=5, width=4, num_classes=3, continuous=1
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

    parts = (
        GENERATOR,
        DISCRIMINATOR.replace(condition=None),
        Part("recognition", gives_logits=True),
        PRIOR.replace(
            default=lambda parts: layers.CategoryPrior(
                input_shape(parts["generator"])[-1], num_classes=2
            )
        ),
    )

    def __init__(
        self,
        *,
        generator: keras.Model,
        discriminator: keras.Model,
        recognition: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        if prior is not None and not isinstance(prior, layers.CategoryPrior):
            raise ValueError(
                "`prior` must be a `keras_aegan.layers.CategoryPrior`. "
                f"Received: prior={prior!r}"
            )
        super().__init__(
            generator=generator,
            discriminator=discriminator,
            recognition=recognition,
            prior=prior,
            name=name,
        )
        self._features = feature_extractor(self.discriminator)
        predicted = output_shape(self.recognition)[-1]
        size = self.prior.latent_dim
        if not self.num_classes <= predicted <= size:
            raise ValueError(
                "`recognition` must predict at least the prior's "
                f"{self.num_classes} categories and at most the {size} numbers "
                f"of a code. Received: {predicted} outputs"
            )

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        num_classes: int = 2,
        continuous: int = 0,
        **kwargs,
    ) -> Self:
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the width of networks.
            num_classes: Positive integer, how many categories e stands for.
            continuous: Non-negative integer, how many numbers c has.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        continuous = validation.check_integer("continuous", continuous, 0)
        kwargs.setdefault(
            "prior", layers.CategoryPrior(latent_dim, num_classes)
        )

        def build_recognition(options, parts):
            return networks.dense_network(
                feature_extractor(parts["discriminator"]).size,
                num_classes + continuous,
                4 * options.width,
                depth=1,
                name="recognition",
            )

        return super().for_shape(
            shape,
            latent_dim,
            width,
            builders={"recognition": build_recognition},
            **kwargs,
        )

    @property
    def num_classes(self):
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

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "non_saturating"},
        }

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
            predicted = self.recognition(*data.fake_features())
            return losses.recognition_loss(z, predicted, self.num_classes)

        return {
            "discrimination": data.discriminator_loss,
            "recognition": information,
            "adversarial": data.generator_loss,
            "information": information,
        }

    def class_logits(self, x, batch_size=None, verbose=0):
        features, _ = self.run_network(
            self._features.model, x, batch_size, verbose
        )
        predicted = self.run_network(
            self.recognition, features, batch_size, verbose
        )
        return predicted[:, : self.num_classes]

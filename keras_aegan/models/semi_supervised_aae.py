"""The semi-supervised adversarial autoencoder of Makhzani et al."""

from typing import Self

import keras
import numpy as np
from keras import ops

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import networks
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.labels import partly_known
from keras_aegan.engine.parts import Part
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import Prior
from keras_aegan.models.shared.classification import refuse_condition_size
from keras_aegan.network_shapes import input_shape


def _category_prior(parts):
    """A category of the discriminator's size, and a style for the rest."""
    num_classes = input_shape(parts["category_discriminator"])[-1]
    size = input_shape(parts["generator"])[-1]
    return layers.CategoryPrior(size, num_classes)


def _style_shape(shapes):
    """Each of the two discriminators sees a part of the code."""
    categories = input_shape(shapes.parts["category_discriminator"])[-1]
    return (shapes.code[-1] - categories,)


@keras.saving.register_keras_serializable(package="keras_aegan")
class SemiSupervisedAAE(AdversarialModel):
    """An adversarial autoencoder whose codes begin with a category.

    A code is `[y, s]`: the probabilities y of K categories, the softmax of
    the encoder's first K numbers, and a style s. With `[e, n]` from the prior,
    where e has a single 1, `[y_hat, s_hat] = E(x)` and `x_tilde = G([y_hat,
    s_hat])` the players minimise

    - `latent_discriminator`: `latent_discrimination(Ds(n); Ds(s_hat))`
    - `category_discriminator`: `category_discrimination(Dy(e); Dy(y_hat))`
    - `generator`, which owns E and G: `w reconstruction(x, x_tilde) +
      latent_adversarial(Ds(s_hat)) + category_adversarial(Dy(y_hat)) +
      cross_entropy(label, y_hat)`

    `fit(x, y)` takes -1 for labels that are not known; `fit(x)`, where none
    is, clusters the samples. `decode` makes samples of a category and a style.

    Args:
        encoder: Keras model, samples to K logits and a style, side by side.
        generator: Keras model, codes to samples.
        latent_discriminator: Keras model, styles to one logit.
        category_discriminator: Keras model, K probabilities to one logit. As
            e is sharp and y_hat is not, noise on its input makes it fairer.
        prior: `keras_aegan.layers.Prior` of codes. Defaults to
            `keras_aegan.layers.CategoryPrior`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = SemiSupervisedAAE.for_shape(
    ...     (6,), latent_dim=5, width=4, num_classes=3
    ... )
    >>> model.compile()
    >>> x, y = np.zeros((32, 6), "float32"), np.full(32, -1)
    >>> history = model.fit(x, y, verbose=0)
    >>> model.encode(x).shape, model.classify(x).shape
    ((32, 5), (32, 3))

    Reference: Makhzani et al. 2015, arXiv:1511.05644, section 5; clustering:
    section 6. Departures: the paper's reconstruction, regularisation and
    classification phases are one move of one player, so the encoder has one
    optimizer; a batch mixes rows with and without a label.
    """

    parts = (
        ENCODER,
        GENERATOR,
        LATENT_DISCRIMINATOR.replace(reads=_style_shape, condition=None),
        Part("category_discriminator", gives_logits=True),
        PRIOR.replace(default=_category_prior),
    )

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        latent_discriminator: keras.Model,
        category_discriminator: keras.Model,
        prior: Prior | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            latent_discriminator=latent_discriminator,
            category_discriminator=category_discriminator,
            prior=prior,
            name=name,
        )

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        num_classes: int = 2,
        category_noise: float = 0.3,
        conditional: bool = False,
        **kwargs,
    ) -> Self:
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the width of networks.
            num_classes: Positive integer below `latent_dim`, how many numbers
                of a code are y.
            category_noise: Float, standard deviation of the noise on the
                inputs of the category discriminator in training.
            conditional: Boolean, whether encoder and generator are also
                conditioned on the label of each sample, which must then be
                known.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        num_classes = validation.check_integer("num_classes", num_classes)
        latent_dim = validation.check_integer("latent_dim", latent_dim)
        if not num_classes < latent_dim:
            raise ValueError(
                "`num_classes` must be positive and below `latent_dim`. "
                f"Received: num_classes={num_classes!r}, "
                f"latent_dim={latent_dim}"
            )

        def discriminator(numbers, name, **noise):
            return lambda options, parts: networks.latent_discriminator(
                numbers,
                options.width,
                name=name,
                **{**options.regularization, **noise},
            )

        style, category = "latent_discriminator", "category_discriminator"
        builders = {
            style: discriminator(latent_dim - num_classes, style),
            category: discriminator(
                num_classes, category, noise=category_noise
            ),
        }
        return super().for_shape(
            shape,
            latent_dim,
            width,
            num_classes=num_classes if conditional else None,
            builders=builders,
            **refuse_condition_size(kwargs),
        )

    @property
    def num_classes(self):
        """How many numbers of a code are the probabilities of classes."""
        return input_shape(self.category_discriminator)[-1]

    @property
    def label_kind(self):
        return super().label_kind or partly_known(self.num_classes)

    def codes(self, encoded):
        logits, style = self.split(ops.cast(encoded, "float32"))
        return ops.concatenate([ops.softmax(logits), style], axis=-1)

    def split(self, code):
        """A code, or what the encoder returns for one, in its two parts."""
        return code[..., : self.num_classes], code[..., self.num_classes :]

    def encode(self, *args, **kwargs) -> np.ndarray:
        return ops.convert_to_numpy(super().encode(*args, **kwargs))

    def class_logits(self, x, batch_size=None, verbose=0):
        return self.split(
            self.run_network(self.encoder, x, batch_size, verbose)
        )[0]

    def players(self):
        return {
            "latent_discriminator": [self.latent_discriminator],
            "category_discriminator": [self.category_discriminator],
            "generator": [self.encoder, self.generator],
        }

    def terms(self):
        return {
            "latent_discriminator": {"latent_discrimination": 1.0},
            "category_discriminator": {"category_discrimination": 1.0},
            "generator": {
                "reconstruction": 10.0,
                "latent_adversarial": 1.0,
                "category_adversarial": 1.0,
                "classification": 1.0,
            },
        }

    def default_settings(self):
        return {
            "loss": {
                "reconstruction": "mean_squared_error",
                "latent_adversarial": "non_saturating",
                "category_adversarial": "non_saturating",
            },
        }

    def play(self, x, y=None):
        e, n = self.split(self.prior.sample_like(x))
        encoded = self.encoder(x)
        code = self.codes(encoded)
        y_hat, s_hat = self.split(code)
        style = self.discriminate(
            "latent_adversarial",
            self.latent_discriminator,
            n,
            [s_hat],
            is_weighted=False,
        )
        category = self.discriminate(
            "category_adversarial",
            self.category_discriminator,
            e,
            [y_hat],
            is_weighted=False,
        )
        reconstruction = self.compare("reconstruction", x, self.generator(code))

        def classification():
            logits, _ = self.split(encoded)
            return losses.masked_cross_entropy(y, logits, self.sample_weight)

        return {
            "latent_discrimination": style.discriminator_loss,
            "category_discrimination": category.discriminator_loss,
            "reconstruction": reconstruction,
            "latent_adversarial": style.generator_loss,
            "category_adversarial": category.generator_loss,
            "classification": classification,
        }

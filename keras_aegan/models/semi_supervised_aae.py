"""The semi-supervised adversarial autoencoder of Makhzani et al."""

import keras

from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.models.category_codes import CategoryCodes
from keras_aegan.models.category_codes import part_judges
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class SemiSupervisedAAE(CategoryCodes, DefaultNetworks, AdversarialModel):
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
    ...     (6,), latent_dim=5, width=4, categories=3
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

    roles = (
        "encoder",
        "generator",
        "latent_discriminator",
        "category_discriminator",
        "prior",
    )
    untold = ("latent_discriminator",)

    @classmethod
    def for_shape(
        cls,
        shape,
        latent_dim=32,
        width=32,
        categories=2,
        category_noise=0.3,
        **kwargs,
    ):
        """As of other models; of `latent_dim` numbers `categories` are y.

        `category_noise` is the standard deviation of the noise on what the
        category discriminator sees in training.
        """
        if not 0 < categories < latent_dim:
            raise ValueError(
                "`categories` must be positive and below `latent_dim`. "
                f"Received: categories={categories!r}, latent_dim={latent_dim}"
            )
        own = part_judges(latent_dim, categories, category_noise)
        return super().for_shape(
            shape, latent_dim, width, own_networks=own, **kwargs
        )

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

    def default_loss(self):
        return {
            "reconstruction": "mean_squared_error",
            "latent_adversarial": "non_saturating",
            "category_adversarial": "non_saturating",
        }

    def play(self, x, y=None):
        e, n = self.split(self.prior.sample_like(x))
        encoded = self.encoder(x)
        code = self.codes(encoded)
        y_hat, s_hat = self.split(code)
        style = self.discriminate(
            "latent_adversarial", self.latent_discriminator, n, [s_hat]
        )
        category = self.discriminate(
            "category_adversarial", self.category_discriminator, e, [y_hat]
        )
        reconstruction = self.compare("reconstruction", x, self.generator(code))

        def classification():
            return losses.masked_cross_entropy(y, self.split(encoded)[0])

        return {
            "latent_discrimination": style.discriminator_loss,
            "category_discrimination": category.discriminator_loss,
            "reconstruction": reconstruction,
            "latent_adversarial": style.generator_loss,
            "category_adversarial": category.generator_loss,
            "classification": classification,
        }

"""Autoencoders: plain, denoising, supervised and semi-supervised."""

from typing import Self

import keras

from keras_aegan import losses
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.labels import partly_known
from keras_aegan.engine.parts import Part
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.models.shared.classification import CLASSIFIER
from keras_aegan.models.shared.classification import linear_classifier


@keras.saving.register_keras_serializable(package="keras_aegan")
class Autoencoder(AdversarialModel):
    """An encoder and a generator that undoes it.

    With a corruption `c` of the samples (denoising), `z = E(c(x))` and a
    classifier `h` of the codes (supervised), the one player minimises

    `generator`: `reconstruction(x, G(z)) + w cross_entropy(y, h(z))`

    The target of reconstruction stays clean; `fit(noisy, x)` does the same
    with corrupted samples that are there already. Rows with the label -1 count
    as unlabelled: the cross-entropy is the mean over the others.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples.
        corruption: Keras layer from samples to samples, active in training,
            such as `keras_aegan.layers.GaussianNoise(0.3)`; or `None`.
        classifier: Keras model, codes to logits `(batch_size, num_classes)`,
            or `None`.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = Autoencoder.for_shape((6,), latent_dim=2, num_classes=3)
    >>> model.compile()
    >>> x, y = np.zeros((32, 6), "float32"), np.full(32, -1)
    >>> history = model.fit(x, y, verbose=0)
    >>> model.reconstruct(x).shape, model.classify(x).shape
    ((32, 6), (32, 3))

    Reference: Vincent et al. 2008 (denoising); Le, Patterson and White 2018,
    Supervised autoencoders (NeurIPS), equation 3.
    """

    parts = (
        ENCODER,
        GENERATOR,
        Part("corruption", is_optional=True),
        CLASSIFIER,
    )
    takes_targets = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        corruption: keras.layers.Layer | None = None,
        classifier: keras.Model | None = None,
        name: str | None = None,
    ):
        super().__init__(
            encoder=encoder,
            generator=generator,
            corruption=corruption,
            classifier=classifier,
            name=name,
        )

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        num_classes: int | None = None,
        **kwargs,
    ) -> Self:
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the width of networks.
            num_classes: Positive integer for a linear classifier of codes, or
                `None` for none. The networks take no condition.
            **kwargs: The other arguments of `AdversarialModel.for_shape`.
        """
        if num_classes is not None:
            kwargs["classifier"] = linear_classifier(
                latent_dim, num_classes, width
            )
        return super().for_shape(shape, latent_dim, width, **kwargs)

    def class_logits(self, x, batch_size=None, verbose=0):
        self.require_parts("classify", "classifier")
        codes = self.encode(x, batch_size, verbose)
        return self.run_network(self.classifier, codes, batch_size, verbose)

    @property
    def label_kind(self):
        kind = super().label_kind
        if kind is None and hasattr(self, "classifier"):
            kind = partly_known(
                self.classifier.output_shape[-1], is_required=True
            )
        return kind

    def players(self):
        owned = [self.encoder, self.generator]
        if hasattr(self, "classifier"):
            owned.append(self.classifier)
        return {"generator": owned}

    def terms(self):
        terms = {"reconstruction": 1.0}
        if hasattr(self, "classifier"):
            terms["classification"] = 1.0
        return {"generator": terms}

    def default_settings(self):
        return {
            "optimizer": {"generator": keras.optimizers.Adam(1e-3)},
            "loss": {"reconstruction": "mean_squared_error"},
        }

    def play(self, x, y=None):
        corrupted = self.corrupted(x)
        if hasattr(self, "corruption"):
            corrupted = self.corruption(corrupted)
        z = self.encoder(corrupted)
        terms = {
            "reconstruction": self.compare(
                "reconstruction", x, self.generator(z)
            )
        }
        if hasattr(self, "classifier"):
            terms["classification"] = self._cross_entropy(z, y)
        return terms

    def _cross_entropy(self, z, y):
        if y is None:
            raise ValueError(
                "A model with a classifier must be given labels, -1 where "
                "there is none: `fit(x, y)`. Received: y=None"
            )
        return losses.masked_cross_entropy(
            y, self.classifier(z), self.sample_weight
        )

"""The vector-quantised GAN of Esser et al., stage 1."""

import functools
from typing import Self

import keras
import numpy as np
from keras import ops

from keras_aegan import layers
from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import LastKernel
from keras_aegan.engine import linearize
from keras_aegan.engine.parts import Part
from keras_aegan.engine.turn import current_turn
from keras_aegan.losses import feature_distance
from keras_aegan.models.vqgan.code_maps import CODE_MAP_ENCODER
from keras_aegan.models.vqgan.code_maps import CODE_MAP_GENERATOR
from keras_aegan.models.vqgan.code_maps import PATCH_DISCRIMINATOR
from keras_aegan.models.vqgan.code_maps import CodeMaps
from keras_aegan.network_shapes import input_shape


@keras.saving.register_keras_serializable(package="keras_aegan")
class VQGAN(AdversarialModel):
    """An autoencoder whose codes are words of a codebook, and a GAN's loss.

    The encoder gives a map of vectors, the quantiser puts the nearest codes
    `z_q` in their place, `x_tilde = G(z_q)`. The players minimise

    - `discriminator`, of patches: `discrimination(D(x); D(x_tilde)) / 2`
    - `generator`, which owns encoder, quantiser and generator: `L + 0.8
      adversarial + quantization`, with `L = reconstruction(x, x_tilde) +
      perceptual(x, x_tilde)`, the quantiser's own loss, and `adversarial` the
      loss `l(D(x_tilde))` times `|dL / dW| / (|dl / dW| + 1e-4)`, at most
      1e4, where W is the kernel of G's last layer, so that both gradients are
      equally long there

    Before step `discriminator_start` the term `adversarial` is 0 and the
    discriminator stands still.

    `encode` gives maps of codes, `indices` their numbers in the codebook, and
    `decode` takes either. To generate it would need a prior of such maps.

    Args:
        encoder: Keras model, samples to maps `(batch_size, ..., code_dim)`.
        quantizer: `keras_aegan.layers.VectorQuantizer`.
        generator: Keras model, such maps to samples.
        discriminator: Keras model, samples to logits of any shape.
        feature_network: Keras model, samples to features as
            `keras_aegan.losses.feature_distance` takes them, for the term
            `perceptual`. It is never trained. `None` for no such term.
        discriminator_start: Non-negative integer, a step.
        name: String, the model's name.

    Raises:
        ValueError: if the shapes of two parts do not fit, the generator has
            no kernel, or `discriminator_start` is not as above.

    Example:

    >>> import numpy as np
    >>> model = VQGAN.for_shape((8, 8, 1), latent_dim=4, width=4, num_codes=16)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> history = model.fit(x, verbose=0)
    >>> model.indices(x).shape, model.decode(model.indices(x)).shape
    ((32, 4, 4), (32, 8, 8, 1))

    Reference: Esser et al. 2021, arXiv:2012.09841, equations 4 to 7, with the
    weights of the authors' program, whose discriminator starts at 30,001 for
    faces. Departures: the codebook follows averages and restarts unless the
    quantiser says otherwise; the discriminator moves first, so that no sample
    is made twice; the default networks are plain convolutions.
    """

    parts = (
        CODE_MAP_ENCODER,
        Part("quantizer"),
        CODE_MAP_GENERATOR,
        PATCH_DISCRIMINATOR,
        Part("feature_network", is_optional=True),
    )
    takes_targets = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        quantizer: keras.layers.Layer,
        generator: keras.Model,
        discriminator: keras.Model,
        feature_network: keras.Model | None = None,
        discriminator_start: int = 1000,
        name: str | None = None,
    ):
        super().__init__(
            options={
                "discriminator_start": validation.check_integer(
                    "discriminator_start", discriminator_start, 0
                )
            },
            encoder=encoder,
            quantizer=quantizer,
            generator=generator,
            discriminator=discriminator,
            feature_network=feature_network,
            name=name,
        )
        size = input_shape(self.generator)[-1]
        if self.quantizer.code_dim != size:
            raise ValueError(
                f"The `quantizer` must have codes of size {size}, as the "
                f"generator. Received: code_dim={self.quantizer.code_dim}"
            )
        # Raises if there is none, before any training.
        LastKernel(self.generator)
        self._code_maps = CodeMaps(self)

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        num_codes: int = 512,
        **kwargs,
    ) -> Self:
        """The model with default networks and a codebook.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of each code.
            num_codes: Integer, at least 2: the size of the codebook.
            **kwargs: The other arguments of `AdversarialModel.for_shape`. Only
                the discriminator is conditioned.
        """
        if kwargs.get("quantizer") is None:
            kwargs["quantizer"] = layers.VectorQuantizer(
                num_codes, latent_dim, restart=0.1
            )
        return super().for_shape(shape, latent_dim, **kwargs)

    def players(self):
        return {
            "discriminator": [self.discriminator],
            "generator": [self.encoder, self.quantizer, self.generator],
        }

    @property
    def reconstruction_terms(self):
        """Names of the terms that make up L."""
        if hasattr(self, "feature_network"):
            return ("reconstruction", "perceptual")
        return ("reconstruction",)

    def terms(self):
        return {
            "discriminator": {"discrimination": 0.5},
            "generator": {
                **dict.fromkeys(self.reconstruction_terms, 1.0),
                "adversarial": 0.8,
                "quantization": 1.0,
            },
        }

    def default_settings(self):
        adam = keras.optimizers.Adam(5e-4, beta_1=0.5, beta_2=0.9)
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {"adversarial": "hinge", "reconstruction": "mae"},
        }

    def gates(self, results):
        return {"discriminator": self.step >= self.discriminator_start}

    def play(self, x, y=None):
        turn, last = current_turn(), LastKernel(self.generator)
        encoded = self.encoder(self.corrupted(x))
        z_q, quantization = self.quantizer(
            encoded, output="codes_and_loss", sample_weight=self.sample_weight
        )
        x_tilde = ops.cast(self.generator(z_q), "float32")
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_tilde]
        )
        losses = {
            "reconstruction": lambda u: self.compare("reconstruction", x, u),
            "perceptual": lambda u: feature_distance(
                self.feature_network, x, u, self.sample_weight
            ),
            "adversarial": data.generator_loss_of,
        }

        @functools.cache
        def at_x_tilde(term):
            return linearize(losses[term], x_tilde)

        def adversarial():
            value, gradient = at_x_tilde("adversarial")
            rest = ops.zeros_like(gradient)
            for term in filter(turn.terms.is_on, self.reconstruction_terms):
                rest = rest + turn.weights[term] * at_x_tilde(term)[1]
            value = last.ratio(z_q, rest, gradient) * value
            return ops.where(self.step >= self.discriminator_start, value, 0.0)

        def value_of(term):
            return lambda: at_x_tilde(term)[0]

        return {
            **{term: value_of(term) for term in self.reconstruction_terms},
            "adversarial": adversarial,
            "quantization": quantization,
            "discrimination": data.discriminator_loss,
        }

    # === Codes and their indices ===

    def indices(self, x, batch_size=None, verbose=0, labels=None) -> np.ndarray:
        """The numbers of the samples' codes in the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: As in `AdversarialModel.encode`.
            verbose: As in `keras.Model.predict`.
            labels: As in `AdversarialModel.encode`.

        Returns:
            Array of integers: a code map without its last axis.
        """
        return self.run_network(
            self._code_maps.indexer, x, batch_size, verbose, labels
        )

    def encode(self, x, *args, **kwargs) -> np.ndarray:
        """Maps of codes, `(samples, ..., latent_dim)`, from the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            *args, **kwargs: As in `indices`.
        """
        return self._code_maps.entries(self.indices(x, *args, **kwargs))

    def decode(self, z, *args, **kwargs) -> np.ndarray:
        """Samples from maps of codes, or from maps of their indices.

        Args:
            z: Array, `(samples, ..., latent_dim)`, or of integers without the
                last axis.
            *args, **kwargs: As in `indices`.

        Raises:
            ValueError: if there is no such index.
        """
        z = np.asarray(z)
        if np.issubdtype(z.dtype, np.integer):
            z = self._code_maps.entries(z)
        return super().decode(z, *args, **kwargs)

    def codes(self, encoded):
        return self.quantizer(encoded)

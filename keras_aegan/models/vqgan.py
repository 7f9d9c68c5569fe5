"""The vector-quantised GAN of Esser et al., stage 1."""

import functools

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import networks
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import LastKernel
from keras_aegan.engine import linearize
from keras_aegan.engine.parts import Part
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.turn import current_turn
from keras_aegan.losses import feature_distance


def _build_encoder(options, parts):
    return networks.code_map_encoder(
        options.shape,
        options.latent_dim,
        options.width,
        options.normalization,
        **options.regularization,
        **options.depth,
    )


def _build_generator(options, parts):
    return networks.code_map_generator(
        options.shape,
        options.latent_dim,
        int(1.45 * options.width),
        options.normalization,
        dropout=options.dropout,
        activation=options.activation,
        **options.depth,
    )


def _build_discriminator(options, parts):
    return networks.patch_discriminator(
        options.shape,
        options.width,
        augmentation=options.augmentation,
        **options.regularization,
        **options.depth,
    )


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
      1e4, where W is the kernel of G's last layer: both pull equally at it

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
        ValueError: if the shapes of two parts do not fit, or the generator
            has no kernel.

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

    # Of a condition only the discriminator is informed: the codes shall hold
    # the whole sample.
    parts = (
        ENCODER.replace(build=_build_encoder, condition=None),
        Part("quantizer"),
        GENERATOR.replace(build=_build_generator, condition=None),
        DISCRIMINATOR.replace(build=_build_discriminator),
        Part("feature_network", is_optional=True),
    )

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
        options = {"discriminator_start": discriminator_start}
        super().__init__(
            options=options,
            encoder=encoder,
            quantizer=quantizer,
            generator=generator,
            discriminator=discriminator,
            feature_network=feature_network,
            name=name,
        )
        size = self.generator.input_shape[-1]
        if self.quantizer.code_dim != size:
            raise ValueError(
                f"The `quantizer` must have codes of size {size}, as the "
                f"generator. Received: code_dim={self.quantizer.code_dim}"
            )
        LastKernel(self.generator)

    @classmethod
    def for_shape(cls, shape, latent_dim=32, num_codes=512, **kwargs):
        """The model with default networks and a codebook.

        Args:
            shape: Shape of one sample, as in `AdversarialModel.for_shape`.
            latent_dim: Positive integer, the size of each code.
            num_codes: Integer, at least 2: the size of the codebook.
            **kwargs: The other arguments of `AdversarialModel.for_shape`. Of a
                condition only the discriminator is informed.

        Returns:
            The model, not compiled.
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
    def rebuilding(self):
        """Names of the terms that make up L."""
        seen = hasattr(self, "feature_network")
        return ("reconstruction", "perceptual")[: 1 + seen]

    def terms(self):
        return {
            "discriminator": {"discrimination": 0.5},
            "generator": {
                **dict.fromkeys(self.rebuilding, 1.0),
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
        encoded = self.encoder(x)
        z_q, quantization = self.quantizer(encoded, output="codes_and_loss")
        x_tilde = ops.cast(self.generator(z_q), "float32")
        data = self.discriminate(
            "adversarial", self.discriminator, x, [x_tilde]
        )
        features = getattr(self, "feature_network", None)
        losses = {
            "reconstruction": lambda u: self.compare("reconstruction", x, u),
            "perceptual": lambda u: feature_distance(features, x, u),
            "adversarial": data.generator_loss_of,
        }

        @functools.cache
        def at_x_tilde(term):
            return linearize(losses[term], x_tilde)

        def adversarial():
            value, push = at_x_tilde("adversarial")
            pull = ops.zeros_like(push)
            for term in filter(turn.terms.is_on, self.rebuilding):
                pull = pull + turn.weights[term] * at_x_tilde(term)[1]
            started = self.step >= self.discriminator_start
            ratio = last.ratio(z_q, pull, push)
            return ops.where(started, ratio * value, 0.0)

        def value_of(term):
            return lambda: at_x_tilde(term)[0]

        return {
            **{term: value_of(term) for term in self.rebuilding},
            "adversarial": adversarial,
            "quantization": quantization,
            "discrimination": data.discriminator_loss,
        }

    # === Codes and their indices ===

    def indices(self, x, batch_size=None, verbose=0, labels=None):
        """The numbers of the samples' codes in the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each sample, for models
                that take one.

        Returns:
            Array of integers, `(samples, ...)`: a code map without its last
            axis.
        """
        return self._run(self._indexer(), x, batch_size, verbose, labels)

    @functools.cached_property
    def _indexer(self):
        """A function that returns the model from samples to indices.

        The model is kept, since Keras compiles it once; behind a function,
        since Keras would save a model in an attribute.
        """
        start = keras.Input(self.encoder.input_shape[1:])
        indices = self.quantizer(self.encoder(start), output="indices")
        model = keras.Model(start, indices)
        return lambda: model

    def encode(self, x, *args, **kwargs):
        """Maps of codes of samples, each an entry of the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            *args: `batch_size`, `verbose` and `labels`, as in `indices`.
            **kwargs: The same by name.

        Returns:
            Array `(samples, ..., latent_dim)`.
        """
        return self._entries(self.indices(x, *args, **kwargs))

    def decode(self, z, *args, **kwargs):
        """Samples from maps of codes, or from maps of their indices.

        Args:
            z: Array, `(samples, ..., latent_dim)`, or of integers without the
                last axis.
            *args: `batch_size`, `verbose` and `labels`, as in `indices`.
            **kwargs: The same by name.

        Returns:
            Array of samples, `(samples, ...)`.

        Raises:
            ValueError: if there is no such index.
        """
        z = np.asarray(z)
        if np.issubdtype(z.dtype, np.integer):
            z = self._entries(z)
        return super().decode(z, *args, **kwargs)

    def codes(self, encoded):
        return self.quantizer(encoded)

    def _entries(self, indices):
        backend.attach_state(self)
        codebook = ops.convert_to_numpy(self.quantizer.codebook)
        if indices.min() < 0 or indices.max() >= len(codebook):
            raise ValueError(
                f"Indices must be in [0, {len(codebook)}). Received: indices "
                f"from {indices.min()} to {indices.max()}"
            )
        return codebook[indices]

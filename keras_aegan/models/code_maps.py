"""What models with a codebook have in common."""

import functools

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import networks
from keras_aegan.models.shared.for_shape import DefaultNetworks


class CodeMaps(DefaultNetworks):
    """Codes that are maps of entries of a codebook, or their indices.

    It stands before `AdversarialModel` among the bases of a model whose parts
    are an `encoder`, a `quantizer` and a `generator`.
    """

    own_networks = {
        "encoder": lambda size, parts: networks.code_map_encoder(
            size.shape,
            size.latent_dim,
            size.width,
            size.normalization,
            **size.judge,
            **size.deep,
        ),
        "generator": lambda size, parts: networks.code_map_generator(
            size.shape,
            size.latent_dim,
            int(1.45 * size.width),
            size.normalization,
            dropout=size.dropout,
            activation=size.activation,
            **size.deep,
        ),
        "discriminator": lambda size, parts: networks.patch_discriminator(
            size.shape,
            size.width,
            augmentation=size.augmentation,
            **size.judge,
            **size.deep,
        ),
    }

    untold = ("encoder", "generator")

    @classmethod
    def for_shape(cls, shape, latent_dim=32, num_codes=512, **kwargs):
        """As of other models, with a codebook.

        Args:
            shape: Shape of one sample.
            latent_dim: Positive integer, the size of each code.
            num_codes: Integer, at least 2: the size of the codebook.
            **kwargs: As of other models. Of a condition only discriminators
                are told: the codes shall hold the whole sample.

        Returns:
            The model, not compiled.
        """
        if kwargs.get("quantizer") is None:
            kwargs["quantizer"] = layers.VectorQuantizer(
                num_codes, latent_dim, restart=0.1
            )
        return super().for_shape(shape, latent_dim, **kwargs)

    def indices(self, x, batch_size=None, verbose=0, labels=None):
        """The numbers of the samples' codes in the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, as of other models.

        Returns:
            Array of integers, `(samples, ...)`: a code map without its last
            axis.
        """
        return self._run(self._indexer(), x, batch_size, verbose, labels)

    @functools.cached_property
    def _indexer(self):
        """What gives samples to indices: kept, since Keras compiles it once.

        A function, since Keras would save a model in an attribute.
        """
        start = keras.Input(self.encoder.input_shape[1:])
        indices = self.quantizer(self.encoder(start), output="indices")
        model = keras.Model(start, indices)
        return lambda: model

    def encode(self, x, *args, **kwargs):
        """Maps of codes of samples, each an entry of the codebook.

        Args:
            x: Array of samples, `(samples, ...)`.
            *args: As of `indices`.
            **kwargs: As of `indices`.

        Returns:
            Array `(samples, ..., latent_dim)`.
        """
        return self._entries(self.indices(x, *args, **kwargs))

    def decode(self, z, *args, **kwargs):
        """Samples from maps of codes, or from maps of their indices.

        Args:
            z: Array, `(samples, ..., latent_dim)`, or of integers without the
                last axis.
            *args: As of `indices`.
            **kwargs: As of `indices`.

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

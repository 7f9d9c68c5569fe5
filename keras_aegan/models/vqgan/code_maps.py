"""Maps of codes from a codebook: networks for them, and their indices."""

import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan import networks
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.network_shapes import input_shape


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


# Only the discriminator is conditioned: codes shall hold all of a sample.
CODE_MAP_ENCODER = ENCODER.replace(build=_build_encoder, condition=None)
CODE_MAP_GENERATOR = GENERATOR.replace(build=_build_generator, condition=None)
PATCH_DISCRIMINATOR = DISCRIMINATOR.replace(build=_build_discriminator)


class CodeMaps:
    """From samples to indices of codes, and back to codes.

    Not a Keras layer: a model that keeps one in an attribute would save its
    networks twice.

    Args:
        model: `VQGAN`.
    """

    def __init__(self, model):
        self._model = model

    @functools.cached_property
    def indexer(self):
        """`keras.Model` from samples to indices, which Keras compiles once."""
        x = keras.Input(input_shape(self._model.encoder)[1:])
        encoded = self._model.encoder(x)
        return keras.Model(x, self._model.quantizer(encoded, output="indices"))

    def entries(self, indices):
        """Entries of the codebook by their indices, arrays.

        Raises:
            ValueError: if there is no such index.
        """
        (codebook,) = backend.current_values(
            self._model, [self._model.quantizer.codebook]
        )
        codebook = ops.convert_to_numpy(codebook)
        if indices.min() < 0 or indices.max() >= len(codebook):
            raise ValueError(
                f"Indices must be in [0, {len(codebook)}). Received: indices "
                f"from {indices.min()} to {indices.max()}"
            )
        return codebook[indices]

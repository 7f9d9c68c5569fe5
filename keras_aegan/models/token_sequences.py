"""What models of sequences of tokens have in common."""

import functools

import keras
from keras import ops

from keras_aegan import networks


class TokenSequences:
    """Samples that are sequences of integers, one for each token.

    It stands before `AdversarialModel` among the bases of a model whose
    `encoder` takes tokens and whose `generator` gives logits of tokens.
    """

    discrete = True
    sample_axes = (1,)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @classmethod
    def for_shape(
        cls,
        shape,
        latent_dim=32,
        width=32,
        vocabulary_size=256,
        cell="gru",
        noise=0.2,
        **parts,
    ):
        """The model with default networks for sequences of tokens.

        Args:
            shape: `(steps,)`, the length of a sequence.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer; recurrent and dense layers have 4 times
                as many units.
            vocabulary_size: Integer, how many different tokens; 256 for bytes.
            cell: `"gru"` or `"lstm"`.
            noise: Float, standard deviation of noise on the generator's codes
                in training.
            **parts: Other arguments of the model.

        Returns:
            The model, not compiled.

        Raises:
            ValueError: if the shape or another argument is not as above.
        """
        shape = tuple(shape)
        valid = len(shape) == 1 and isinstance(shape[0], int) and shape[0] > 0
        if not valid:
            raise ValueError(
                "`shape` must be (steps,), the length of a sequence. "
                f"Received: shape={shape}"
            )
        size = (shape[0], vocabulary_size, latent_dim, width, cell)
        built = {
            "encoder": networks.sequence_encoder(*size),
            "generator": networks.sequence_generator(*size, noise=noise),
            "mapping": networks.dense_network(
                latent_dim, latent_dim, 4 * width, name="mapping"
            ),
            "latent_discriminator": networks.latent_discriminator(
                latent_dim, width
            ),
        }
        return cls(**{**built, **parts})

    def decode(self, z, batch_size=None, verbose=0, labels=None):
        """The likeliest tokens of codes.

        Args:
            z: Array of codes, `(samples, latent_dim)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, as of other models.

        Returns:
            Array of integers, `(samples, steps)`.
        """
        return self._run(self._speaker(), z, batch_size, verbose, labels)

    @functools.cached_property
    def _speaker(self):
        """What gives codes to tokens: kept, since Keras compiles it once.

        A function, since Keras would save a model in an attribute.
        """
        start = keras.Input(self.generator.input_shape[1:])
        tokens = ops.argmax(self.generator(start), axis=-1)
        model = keras.Model(start, tokens)
        return lambda: model

    def call(self, inputs, training=None):
        """Reconstruct: the likeliest tokens."""
        return ops.argmax(super().call(inputs, training=training), axis=-1)

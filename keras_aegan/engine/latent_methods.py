"""Encoding, decoding and generating: NumPy in, NumPy out."""

import math

import keras
import numpy as np
from keras import ops

from keras_aegan.engine import generation
from keras_aegan.engine.data_checks import check_samples
from keras_aegan.engine.data_checks import is_array
from keras_aegan.engine.data_checks import trusted
from keras_aegan.engine.inference import NetworkRun
from keras_aegan.engine.inference import inference_scope
from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.engine.interpolation import interpolate_codes
from keras_aegan.engine.parts import require_parts
from keras_aegan.layers.conditional import condition_scope
from keras_aegan.layers.conditional import current_condition
from keras_aegan.network_shapes import output_shape


class LatentMethods(keras.Model):
    """What a model with an encoder, a generator and a prior can do (abstract).

    Each method runs in batches and compiled and does not change the model;
    several threads may call them, also while another one trains. Samples are
    checked first: NaN is an error. A model without the networks that a method
    needs says so, and which models have them.
    """

    def encode(
        self, x, batch_size: int | None = None, verbose=0, labels=None
    ) -> np.ndarray:
        """Latent codes of samples.

        Args:
            x: Array of samples, `(samples, ...)`, or a data set of batches.
            batch_size: Positive integer, or `None` for 32.
            verbose: As in `keras.Model.predict`.
            labels: Array `(samples, ...)`, the label or condition of each
                sample, for models that take one.

        Returns:
            Array `(samples, latent_dim)`.
        """
        self.require_parts("encode", "encoder")
        x = self.checked_samples(x)
        return self.codes(
            self.run_network(self.encoder, x, batch_size, verbose, labels)
        )

    def decode(
        self, z, batch_size: int | None = None, verbose=0, labels=None
    ) -> np.ndarray:
        """Samples from latent codes.

        Args:
            z: Array of codes, `(samples, latent_dim)`.
            batch_size: As in `encode`.
            verbose: As in `keras.Model.predict`.
            labels: As in `encode`.

        Returns:
            Array of samples, `(samples, ...)`.
        """
        self.require_parts("decode", "generator")
        return self.run_network(self.generator, z, batch_size, verbose, labels)

    def reconstruct(
        self, x, batch_size: int | None = None, verbose=0, labels=None
    ) -> np.ndarray:
        """Samples encoded and decoded again.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: As in `encode`.
            verbose: As in `keras.Model.predict`.
            labels: As in `encode`.

        Returns:
            Array of the shape of `x`.
        """
        self.require_parts("reconstruct", "encoder", "generator")
        if not is_array(x):
            return self.predict(x, batch_size, verbose)
        codes = self.encode(x, batch_size, verbose, labels)
        with trusted():
            return self.decode(codes, batch_size, verbose, labels)

    def interpolate(
        self,
        a,
        b,
        steps: int = 8,
        batch_size: int | None = None,
        verbose=0,
        labels=None,
        spherical: bool = False,
    ) -> np.ndarray:
        """Samples between those of `a` and `b`, along a path of codes.

        Args:
            a: Array of samples, `(samples, ...)`.
            b: Array of samples of the same shape.
            steps: Integer, at least 2, both ends included.
            batch_size: As in `encode`.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each pair, for models
                that take one.
            spherical: Whether the path is an arc about 0, which keeps the
                length that codes of a normal prior have, or straight.

        Returns:
            Array `(samples, steps, ...)`; the first and last step are the
            reconstructions of `a` and `b`.

        Raises:
            ValueError: if the shapes differ or `steps` is below 2.
        """
        self.require_parts("interpolate", "encoder", "generator")
        if np.shape(a) != np.shape(b):
            raise ValueError(
                "`a` and `b` must have one shape. Received: "
                f"{np.shape(a)} and {np.shape(b)}"
            )
        first, last = (
            self.encode(x, batch_size, verbose, labels) for x in (a, b)
        )
        codes = interpolate_codes(first, last, steps, spherical)
        return decoded_rows(self, codes, batch_size, verbose, labels)

    def classify(
        self, x, batch_size: int | None = None, verbose=0
    ) -> np.ndarray:
        """Probabilities of classes, of samples taken to be real.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: As in `encode`.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array `(samples, num_classes)`.

        Raises:
            ValueError: if the model has no classifier.
        """
        logits = self.class_logits(x, batch_size, verbose)
        return ops.convert_to_numpy(ops.softmax(logits))

    generate = generation.generate
    sample_codes = generation.sample_codes
    fit_prior = generation.fit_prior

    # === What they are made of ===

    @property
    def code_prior(self):
        """The `Prior` that follows the codes of real samples, or `None`."""
        return self.code_priors[0] if self.code_priors else None

    def count_params(self) -> int:
        """How many weights there are, codes of data not counted."""
        kept = self.code_prior.variables if self.code_priors else []
        return super().count_params() - sum(math.prod(v.shape) for v in kept)

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of one sample, without the batch axis."""
        shape = tuple(output_shape(self.generator)[1:])
        return shape[:-1] if self.is_discrete else shape

    def call(self, inputs, training=None):
        """Reconstruct samples, or a list of samples and their labels."""
        self.require_parts("reconstruct", "encoder", "generator")
        condition = current_condition()
        if isinstance(inputs, (list, tuple)):
            inputs, condition = inputs
        with condition_scope(condition):
            encoded = self.encoder(inputs, training=training)
            return self.generator(self.codes(encoded), training=training)

    def class_logits(self, x, batch_size=None, verbose=0):
        """Logits of classes, for `classify`, of a model that defines them."""
        raise ValueError(
            f"{type(self).__name__} cannot classify: it has no classifier. "
            "Received: a call of `classify`"
        )

    def require_parts(self, action, *parts):
        """Raise if a part is missing that some action needs.

        Args:
            action: What is to be done, a verb.
            *parts: Names of parts.
        """
        require_parts(self, LatentMethods, action, parts)

    def codes(self, encoded):
        """The codes in what the encoder returns: the means, if variational.

        Args:
            encoded: Array or tensor `(samples, ..., numbers)`.
        """
        statistics = 2 if self.is_variational else 1
        return encoded[..., : encoded.shape[-1] // statistics]

    def at_inference(self, changes=()):
        """A context in which networks have the weights for inference.

        Those are averages, if `compile(average=...)` asked for them. The
        variables keep their values: what is assigned in here is forgotten.

        Args:
            changes: Iterable of pairs of a variable and another value that it
                shall have.
        """
        return inference_scope(self, changes)

    def checked_samples(self, x):
        """Samples as a NumPy array; a data set is checked as it is read.

        Args:
            x: Array of samples, or a data set of batches.

        Raises:
            ValueError: if they are not what the networks take, NaN included.
        """
        return check_samples(self, x, minimum=0) if is_array(x) else x

    def run_network(self, network, inputs, batch_size, verbose, labels=None):
        """What a network returns, an array, for methods like those above.

        Args:
            network: Keras model, a part of the model or on its weights.
            inputs: Array, list of arrays, or data set of batches of samples.
            batch_size, verbose, labels: As in `encode`.
        """
        run = NetworkRun(self, network)
        return run.outputs(inputs, batch_size, verbose, labels)

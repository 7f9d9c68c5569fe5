"""Encoding, decoding and generating: NumPy in, NumPy out."""

import contextlib

import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import random
from keras_aegan.engine import conditions
from keras_aegan.engine.interpolation import decoded_rows
from keras_aegan.engine.interpolation import interpolate_codes
from keras_aegan.layers import Conditional
from keras_aegan.layers.conditional import condition_scope


class LatentMethods:
    """What a model with an encoder, a generator and a prior can do.

    Each method runs in batches and compiled, and does not change the model:
    sampling does not move the noise of training. A model without the networks
    that a method takes says so, and which models have them.
    """

    def require_parts(self, action, *parts):
        """Raise if a part is missing that some action needs.

        Args:
            action: What is to be done, a verb.
            *parts: Names of parts.

        Raises:
            ValueError: naming the models that have these parts.
        """
        missing = [part for part in parts if not hasattr(self, part)]
        if missing:
            raise ValueError(
                f"{type(self).__name__} cannot {action}: it has no "
                f"{' and no '.join(missing)}. Models that can: "
                f"{', '.join(_models_with(parts))}. "
                f"Received: a call of `{action}`"
            )

    def codes(self, encoded):
        """The codes in what the encoder puts out: the means, if it has both.

        Args:
            encoded: Array or tensor `(samples, ..., numbers)`.
        """
        return encoded[..., : encoded.shape[-1] // self.code_statistics]

    def encode(self, x, batch_size=None, verbose=0, labels=None):
        """Latent codes of samples.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one.

        Returns:
            Array `(samples, latent_dim)`.
        """
        self.require_parts("encode", "encoder")
        return self.codes(
            self._run(self.encoder, x, batch_size, verbose, labels)
        )

    def decode(self, z, batch_size=None, verbose=0, labels=None):
        """Samples from latent codes.

        Args:
            z: Array of codes, `(samples, latent_dim)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one.

        Returns:
            Array of samples, `(samples, ...)`.
        """
        self.require_parts("decode", "generator")
        return self._run(self.generator, z, batch_size, verbose, labels)

    def reconstruct(self, x, batch_size=None, verbose=0, labels=None):
        """Samples encoded and decoded again.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one.

        Returns:
            Array of the shape of `x`.
        """
        self.require_parts("reconstruct", "encoder", "generator")
        codes = self.encode(x, batch_size, verbose, labels)
        return self.decode(codes, batch_size, verbose, labels)

    def generate(
        self, n=None, seed=None, batch_size=None, verbose=0, labels=None
    ):
        """New samples from the prior.

        Args:
            n: Positive integer, how many. Defaults to one for each label.
            seed: Integer for the same samples each time, on every backend;
                `None` for other ones each time, as
                `keras.utils.set_random_seed` decides.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each, for models that
                take one. Labels are drawn uniformly if not given.

        Returns:
            Array of samples, `(n, ...)`.

        Raises:
            ValueError: if `n` is not a positive integer, or `labels` are not
                what the model takes.
        """
        self.require_parts("generate", "generator", "prior")
        seed = random.default_seed() if seed is None else seed
        n, labels = conditions.drawn(self, n, labels, seed)
        z = self.sample_codes(n, seed, batch_size, verbose, labels)
        return self.decode(z, batch_size, verbose, labels)

    def sample_codes(
        self, n, seed=None, batch_size=None, verbose=0, labels=None
    ):
        """Codes from the prior, as `decode` takes them.

        Args:
            n: Positive integer, how many.
            seed: Integer or `None`, as in `generate`.
            batch_size: Integer, codes in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: As in `generate`.

        Returns:
            Array `(n, latent_dim)`.

        Raises:
            ValueError: as in `generate`.
        """
        self.require_parts("sample codes", "prior")
        seed = random.default_seed() if seed is None else seed
        n, labels = conditions.drawn(self, n, labels, seed)
        z = self._sample_prior(n, seed, labels)
        if hasattr(self, "mapping"):
            z = self._run(self.mapping, z, batch_size, verbose, labels)
        return z

    def interpolate(
        self,
        a,
        b,
        steps=8,
        batch_size=None,
        verbose=0,
        labels=None,
        spherical=False,
    ):
        """Samples on the way between the codes of `a` and `b`.

        Args:
            a: Array of samples, `(samples, ...)`.
            b: Array of samples of the same shape.
            steps: Integer, at least 2, both ends included.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: Array, the label or condition of each pair, for models
                that take one.
            spherical: Whether the way is an arc about 0, which keeps the
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

    def _run(self, network, inputs, batch_size, verbose, labels=None):
        takes_labels = isinstance(network, Conditional)
        if takes_labels or labels is not None:
            labels = conditions.checked(self, labels, len(inputs))
        backend.attach_state(self)
        inputs = [inputs, labels] if takes_labels else inputs
        with backend.plain_batches(network), self.averaged():
            return network.predict(inputs, batch_size, verbose)

    def averaged(self):
        """A context in which encoder and generator have averaged weights.

        Only if `compile(average=...)` asked for them.
        """
        averages = self.averages
        return averages.in_place() if averages else contextlib.nullcontext()

    def _sample_prior(self, n, seed, labels):
        """Codes from the prior, whose own stream stays where it is."""
        backend.attach_state(self)
        with random.reseeded(backend.sublayers(self.prior), seed):
            with condition_scope(labels):
                return ops.convert_to_numpy(self.prior.sample(n))


def _models_with(parts):
    """Names of this package's models that take all of these parts."""
    found, queue = [], [LatentMethods]
    while queue:
        kind = queue.pop()
        queue += kind.__subclasses__()
        known = (
            *getattr(kind, "roles", ()),
            *getattr(kind, "optional_roles", ()),
        )
        ours = kind.__module__.startswith("keras_aegan.models")
        if ours and all(part in known for part in parts):
            found.append(kind.__name__)
    return sorted(found)

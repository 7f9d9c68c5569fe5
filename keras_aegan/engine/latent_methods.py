"""Encoding, decoding and generating: NumPy in, NumPy out."""

import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import random


class LatentMethods:
    """What a model with an encoder, a generator and a prior can do.

    Each method runs in batches and compiled, and does not change the model:
    sampling does not move the noise of training. A model without the networks
    that a method takes says so, and which models have them.
    """

    def need(self, deed, *parts):
        """Raise if a part is missing that some deed takes.

        Args:
            deed: What is to be done, a verb.
            *parts: Names of parts.

        Raises:
            ValueError: naming the models that have these parts.
        """
        missing = [part for part in parts if not hasattr(self, part)]
        if missing:
            raise ValueError(
                f"{type(self).__name__} cannot {deed}: it has no "
                f"{' and no '.join(missing)}. Models that can: "
                f"{', '.join(_models_with(parts))}. "
                f"Received: a call of `{deed}`"
            )

    def codes(self, encoded):
        """The codes in what the encoder puts out: the means, if it has both.

        Args:
            encoded: Array or tensor `(samples, ..., numbers)`.
        """
        return encoded[..., : encoded.shape[-1] // self.code_statistics]

    def encode(self, x, batch_size=None, verbose=0):
        """Latent codes of samples.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array `(samples, latent_dim)`.
        """
        self.need("encode", "encoder")
        return self.codes(self._run(self.encoder, x, batch_size, verbose))

    def decode(self, z, batch_size=None, verbose=0):
        """Samples from latent codes.

        Args:
            z: Array of codes, `(samples, latent_dim)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array of samples, `(samples, ...)`.
        """
        self.need("decode", "generator")
        return self._run(self.generator, z, batch_size, verbose)

    def reconstruct(self, x, batch_size=None, verbose=0):
        """Samples encoded and decoded again.

        Args:
            x: Array of samples, `(samples, ...)`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array of the shape of `x`.
        """
        self.need("reconstruct", "encoder", "generator")
        codes = self.encode(x, batch_size, verbose)
        return self.decode(codes, batch_size, verbose)

    def generate(self, n, seed=None, batch_size=None, verbose=0):
        """New samples from the prior.

        Args:
            n: Positive integer, how many.
            seed: Integer for the same samples each time, on every backend;
                `None` for other ones each time, as
                `keras.utils.set_random_seed` decides.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array of samples, `(n, ...)`.

        Raises:
            ValueError: if `n` is not a positive integer.
        """
        self.need("generate", "generator", "prior")
        z = self.sample_codes(n, seed, batch_size, verbose)
        return self.decode(z, batch_size, verbose)

    def sample_codes(self, n, seed=None, batch_size=None, verbose=0):
        """Codes from the prior, as `decode` takes them.

        Args:
            n: Positive integer, how many.
            seed: Integer or `None`, as in `generate`.
            batch_size: Integer, codes in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array `(n, latent_dim)`.

        Raises:
            ValueError: if `n` is not a positive integer.
        """
        self.need("sample codes", "prior")
        if not isinstance(n, int) or n < 1:
            raise ValueError(
                f"`n` must be a positive integer. Received: n={n!r}"
            )
        z = self._sample_prior(n, seed)
        if hasattr(self, "mapping"):
            z = self._run(self.mapping, z, batch_size, verbose)
        return z

    def interpolate(self, a, b, steps=8, batch_size=None, verbose=0):
        """Samples on the straight way between the codes of `a` and `b`.

        Args:
            a: Array of samples, `(samples, ...)`.
            b: Array of samples of the same shape.
            steps: Integer, at least 2, both ends included.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.

        Returns:
            Array `(samples, steps, ...)`; the first and last step are the
            reconstructions of `a` and `b`.

        Raises:
            ValueError: if the shapes differ or `steps` is below 2.
        """
        self.need("interpolate", "encoder", "generator")
        if np.shape(a) != np.shape(b):
            raise ValueError(
                "`a` and `b` must have one shape. Received: "
                f"{np.shape(a)} and {np.shape(b)}"
            )
        if not isinstance(steps, int) or steps < 2:
            raise ValueError(
                f"`steps` must be an integer of at least 2. Received: {steps!r}"
            )
        first, last = (self.encode(x, batch_size, verbose) for x in (a, b))
        share = np.linspace(0.0, 1.0, steps, dtype="float32")[:, None]
        codes = (1 - share) * first[:, None] + share * last[:, None]
        flat = codes.reshape(-1, codes.shape[-1])
        decoded = self.decode(flat, batch_size, verbose)
        return decoded.reshape(len(first), steps, *decoded.shape[1:])

    def _run(self, network, inputs, batch_size, verbose):
        backend.attach_state(self)
        with backend.generators_kept():
            return network.predict(
                inputs, batch_size=batch_size, verbose=verbose
            )

    def _sample_prior(self, n, seed):
        """Codes from the prior, whose own stream stays where it is."""
        backend.attach_state(self)
        seed = random.default_seed() if seed is None else seed
        with random.reseeded(backend.sublayers(self.prior), seed):
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

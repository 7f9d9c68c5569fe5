"""What metrics compare: samples, reconstructions and codes of a model."""

import functools

import numpy as np

from keras_aegan.arrays import check_finite

_CHUNK = 1024  # Samples that lie in memory at once.


class Sources:
    """What metrics compare, computed when the first one asks for it.

    What the model makes raises a `NotFiniteError` if it is not finite.

    Args:
        callback: A `GenerationMetrics`.
        x: Array of real samples.
        num_samples: Integer, how many samples to generate.
    """

    def __init__(self, callback, x, num_samples):
        self.real = x
        self._num_samples = num_samples
        self._model = callback.model
        self._seed = callback.seed
        self._labels = callback.labels
        self._options = {"batch_size": callback.batch_size}

    def _arguments(self, start, count):
        """Arguments of a method of the model; labels begin again at the end."""
        if self._labels is None:
            return self._options
        chosen = np.arange(start, start + count) % len(self._labels)
        return {**self._options, "labels": self._labels[chosen]}

    def generated(self):
        """Batches of generated samples, one after the other."""
        for i, start in enumerate(range(0, self._num_samples, _CHUNK)):
            count = min(_CHUNK, self._num_samples - start)
            arguments = self._arguments(start, count)
            samples = self._model.generate(
                count, seed=self._seed + i, **arguments
            )
            yield check_finite("generated", samples)

    @functools.cached_property
    def reconstructed(self):
        arguments = self._arguments(0, len(self.real))
        x = self._model.reconstruct(self.real, **arguments)
        return check_finite("reconstructed", x)

    @functools.cached_property
    def codes(self):
        arguments = self._arguments(0, len(self.real))
        return check_finite("codes", self._model.encode(self.real, **arguments))

    @functools.cached_property
    def prior_codes(self):
        count = self._num_samples
        arguments = self._arguments(0, count)
        return self._model.sample_codes(count, seed=self._seed, **arguments)

    @functools.cached_property
    def returned_codes(self):
        arguments = self._arguments(0, self._num_samples)
        samples = self._model.decode(self.prior_codes, **arguments)
        codes = self._model.encode(samples, **arguments)
        return check_finite("returned_codes", codes)


SOURCES = ("real", "generated") + tuple(
    name
    for name, value in vars(Sources).items()
    if isinstance(value, functools.cached_property)
)


def needs(metric):
    """Names of the sources that a metric's `update_state` takes."""
    return getattr(metric, "inputs", ("real", "reconstructed"))

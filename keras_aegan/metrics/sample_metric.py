"""The base class of metrics that compare generated with real samples."""

import copy
import functools
import os
import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan.metrics.statistics import Rows
from keras_aegan.metrics.statistics_cache import StatisticsCache
from keras_aegan.metrics.statistics_cache import content_key
from keras_aegan.validation import NotFiniteError

_SIDES = ("real", "generated")


class SampleMetric(keras.metrics.Metric):
    """A metric of generated samples, in batches of any size (abstract).

    Samples are added by `update_real` and `update_generated`, or both at once
    by `metric(real, generated)`. A network maps them to features, each batch
    of features is reduced to a summary, and summaries of batches are merged.
    Real samples stay until `reset_state`, so that many sets of generated ones
    can be compared with them, with `reset_generated` in between.

    A subclass implements `compare`, from two summaries to a number or a dict
    of numbers. It overrides `summarize`, from features to anything that `+`
    merges, unless it keeps the features themselves, and extends `get_config`
    by the arguments of its constructor.

    Args:
        features: Keras model, or function, from a batch of samples to
            features `(samples, ...)`. `None` for the samples themselves.
        cache: Path of a folder for summaries of real samples, in files named
            by a hash of the samples and the network. `None` for none.
        name: String or `None`.

    Class attributes:
        summary: Class of the summary of a batch.
        inputs: Names of the arguments of `update_state`, which
            `GenerationMetrics` passes.
        needs_real: Boolean, whether the metric uses real samples.
        entries: Keys of the result if it is a dict; `None` for a number.

    Raises:
        ValueError: if `features` is neither a model nor a function.

    Example:

    >>> class MeanDistance(SampleMetric):
    ...     def summarize(self, features):
    ...         return np.array([len(features), features.sum()])
    ...     def compare(self, real, generated):
    ...         return abs(real[1] / real[0] - generated[1] / generated[0])
    >>> float(MeanDistance()(np.ones((4, 1)), np.zeros((8, 1))))
    1.0
    """

    summary = Rows
    inputs = ("real", "generated")
    needs_real = True
    entries = None

    def __init__(
        self,
        features: keras.Model | Callable | None = None,
        cache: str | os.PathLike | None = None,
        name: str | None = None,
    ):
        super().__init__(name=name)
        if features is not None and not callable(features):
            raise ValueError(
                "`features` must be a Keras model, a function or `None`. "
                f"Received: features={features!r}"
            )
        self.features = features
        self.cache = None if cache is None else StatisticsCache(cache)
        self._summaries, self._ranges, self._shape = {}, {}, None

    # === What a subclass implements ===

    def summarize(self, features: np.ndarray):
        """The summary of features `(samples, dimensions)`."""
        return self.summary.of(features)

    def compare(self, real: Any, generated: Any) -> float | dict:
        """The result, from two summaries; `real` is `None` if not needed."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `compare`."
        )

    # === What a user calls ===

    def update_real(self, x: np.ndarray):
        """Add real samples, an array `(samples, ...)`."""
        self.add("real", x)

    def update_generated(self, x: np.ndarray):
        """Add generated samples, an array `(samples, ...)`."""
        self.add("generated", x)

    def update_state(self, real: np.ndarray, generated: np.ndarray):
        """Add real and generated samples."""
        self.update_real(real)
        self.update_generated(generated)

    def result(self) -> float | dict:
        """The metric, a float or a dict of floats."""
        for side in _SIDES[not self.needs_real :]:
            if side not in self._summaries:
                raise ValueError(
                    f"`{self.name}` needs {side} samples, by `update_{side}`. "
                    "Received: none"
                )
        if len(self._ranges) == 2:
            warn_of_ranges(self._ranges["real"], self._ranges["generated"])
        return self.compare(*(self._summaries.get(s) for s in _SIDES))

    def reset_state(self):
        """Forget all samples."""
        self._summaries, self._ranges, self._shape = {}, {}, None

    def reset_generated(self):
        """Forget the generated samples, but not the real ones."""
        self._summaries.pop("generated", None)
        self._ranges.pop("generated", None)

    def get_config(self):
        """The arguments of the constructor; `features` is the network itself.

        A description of the network would lose its weights, and a metric on
        other features is another metric.
        """
        folder = None if self.cache is None else str(self.cache.folder)
        return {"features": self.features, "cache": folder, "name": self.name}

    def __deepcopy__(self, memo):
        # KerasTuner copies callbacks before each trial. Keras' own copy would
        # lose the samples; the network is not trained, so copies share it.
        memo[id(self.features)] = self.features
        result = self.__class__.__new__(self.__class__)
        result.__dict__.update(copy.deepcopy(self.__dict__, memo))
        return result

    # === How samples come in ===

    def extract(self, x: np.ndarray) -> np.ndarray:
        """The features of an array of samples, `(samples, dimensions)`."""
        if isinstance(self.features, keras.Model):
            with backend.plain_batches(self.features):
                features = self.features.predict(x, verbose=0)
        else:
            features = self.features(x) if self.features else x
        return as_array(features).reshape(len(x), -1)

    def add(self, side: str, x: np.ndarray, extract: Callable | None = None):
        """Add samples to one side.

        Args:
            side: `"real"` or `"generated"`.
            x: Array of samples, `(samples, ...)`.
            extract: Function without arguments that returns their features,
                or `None` to compute them here.

        Raises:
            ValueError: if there are no samples, their shape differs from
                earlier ones, or features are not finite.
        """
        if side == "real" and not self.needs_real:
            return
        x = as_array(x)
        if x.ndim == 0 or len(x) == 0:
            raise ValueError(
                f"`{self.name}` needs {side} samples, a non-empty array of "
                f"shape (samples, ...). Received: an array of shape {x.shape}"
            )
        self._shape = self._shape or x.shape[1:]
        if x.shape[1:] != self._shape:
            raise ValueError(
                f"All samples for `{self.name}` must have one shape, which is "
                f"{self._shape} so far. Received: {x.shape[1:]}"
            )
        summary = self._summary_of(side, x, extract or self._extractor(x))
        if side in self._summaries:
            summary = self._summaries[side] + summary
        self._summaries[side] = summary
        low, high = self._ranges.get(side, (np.inf, -np.inf))
        self._ranges[side] = min(low, x.min()), max(high, x.max())

    def _extractor(self, x):
        return lambda: self.extract(x)

    def _summary_of(self, side, x, extract):
        def summarize():
            features = extract()
            wrong = int((~np.isfinite(features)).sum())
            if wrong:
                raise NotFiniteError(
                    f"The features of {side} samples must be finite. Received: "
                    f"{wrong} of {features.size} that are NaN or infinite"
                )
            return self.summarize(features)

        if side == "generated" or self.cache is None:
            return summarize()
        key = content_key(self.summary_name(), x, self.features)
        arrays = self.cache.get(key, lambda: summarize().arrays())
        return self.summary(**arrays)

    def summary_name(self) -> str:
        """A string that tells summaries of this kind from others in a cache."""
        return self.summary.__name__


def update_together(metrics: list, side: str, x: np.ndarray):
    """Add samples to several metrics; each network is called once.

    Args:
        metrics: List of `SampleMetric`s.
        side: `"real"` or `"generated"`.
        x: Array of samples.
    """
    shared = {}
    for metric in metrics:
        # A metric may override `extract`, so that its features are not those
        # of another metric with the same network.
        key = type(metric).extract, id(metric.features)
        if key not in shared:
            shared[key] = functools.cache(functools.partial(metric.extract, x))
        metric.add(side, x, shared[key])


def as_array(x) -> np.ndarray:
    """A NumPy array of a tensor or array; symbolic tensors have no values."""
    try:
        return np.asarray(keras.ops.convert_to_numpy(x))
    except Exception as error:
        raise ValueError(
            "Metrics of samples work on arrays, not inside a compiled step: "
            "give them to `keras_aegan.callbacks.GenerationMetrics`. "
            f"Received: {x!r}"
        ) from error


def warn_of_ranges(real: tuple, generated: tuple):
    """Warn if generated samples are on another scale than the real ones.

    Args:
        real: Pair of the smallest and the largest value.
        generated: The same of the generated samples.
    """
    sizes = [max(abs(low), abs(high)) for low, high in (real, generated)]
    # Bytes against [-1, 1] or [0, 1], a factor of 255 or 127. A generator
    # that has not learnt gives small values: these are no other scale.
    is_far = max(sizes) > 50 * min(sizes) and max(sizes) > 50
    if is_far:
        warnings.warn(
            "Real and generated samples must be scaled alike. Real ones lie "
            f"in [{real[0]:g}, {real[1]:g}], generated ones in "
            f"[{generated[0]:g}, {generated[1]:g}].",
            stacklevel=3,
        )

"""The base class of metrics that compare generated with real samples."""

import copy
import functools
import os
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan.arrays import NotFiniteError
from keras_aegan.arrays import check_samples
from keras_aegan.arrays import real_numbers
from keras_aegan.backend.array_batches import ArrayBatches
from keras_aegan.backend.inference import program_of
from keras_aegan.backend.inference import run_in_batches
from keras_aegan.metrics.scales import warn_of_scales
from keras_aegan.metrics.statistics import Rows
from keras_aegan.metrics.statistics_cache import StatisticsCache
from keras_aegan.metrics.statistics_cache import content_key

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
        minimum_samples: Integer, how many samples of each kind there must be.
        entries: Keys of the result if it is a dict; `None` for a number.
        direction: `"min"` or `"max"`, which of two results is better; a dict
            from entry to one of them; `None` if neither is.

    Raises:
        ValueError: if `features` is neither a model nor a function; on
            `result` if there are fewer than `minimum_samples` of a kind.

    Example:

    >>> class MeanDistance(SampleMetric):
    ...     def summarize(self, features):
    ...         return np.array([len(features), features.sum()])
    ...     def compare(self, real, generated):
    ...         return abs(real[1] / real[0] - generated[1] / generated[0])
    >>> float(MeanDistance()(np.ones((4, 1)), np.zeros((8, 1))))
    1.0
    """

    summary: type[Any] = Rows
    inputs: tuple[str, ...] = ("real", "generated")
    needs_real = True
    minimum_samples = 1
    entries: tuple[str, ...] | None = None
    direction: str | dict[str, str] | None = None

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
        self._is_warned = False
        SampleMetric.reset_state(self)

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
        summaries = self.summaries()
        # Codes may lie anywhere.
        if self.inputs == SampleMetric.inputs and not self._is_warned:
            self._is_warned = warn_of_scales(
                *(self._ranges[side] for side in _SIDES)
            )
        return self.compare(*summaries)

    def summaries(self) -> tuple:
        """The summaries of real samples, or `None`, and of generated ones.

        Raises:
            ValueError: if there are too few samples.
        """
        for side in _SIDES[not self.needs_real :]:
            count = self._counts.get(side, 0)
            if not count:
                raise ValueError(
                    f"`{self.name}` needs {side} samples, by `update_{side}`. "
                    "Received: none"
                )
            if count < self.minimum_samples:
                raise ValueError(
                    f"`{self.name}` needs at least {self.minimum_samples} "
                    f"{side} samples. Received: {count}"
                )
        return tuple(self._summaries.get(side) for side in _SIDES)

    def reset_state(self):
        """Forget all samples."""
        self._summaries, self._counts, self._ranges = {}, {}, {}
        self._shape = None

    def reset_generated(self):
        """Forget the generated samples, but not the real ones."""
        for each in (self._summaries, self._counts, self._ranges):
            each.pop("generated", None)

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
            program = program_of(self.features, backend.compile_inference)
            values = [backend.read(v) for v in program.variables]
            features = run_in_batches(
                lambda batch: program(values, ops.convert_to_tensor(batch)),
                ArrayBatches(x).get_numpy_iterator(),
            )
        else:
            features = self.features(x) if self.features else x
        features = as_array("features", features)
        if features.ndim == 0 or len(features) != len(x):
            raise ValueError(
                f"`features` must give one row for each of {len(x)} samples. "
                f"Received: an array of shape {features.shape}"
            )
        return features.reshape(len(x), -1)

    def add(self, side: str, x: np.ndarray, extract: Callable | None = None):
        """Add samples to one side.

        Args:
            side: `"real"` or `"generated"`.
            x: Array of samples, `(samples, ...)`.
            extract: Function without arguments that returns their features,
                or `None` to compute them here.

        Raises:
            ValueError: if there are no samples, they are no real numbers,
                their shape differs from earlier ones, or features are not
                finite.
        """
        if side == "real" and not self.needs_real:
            return
        name = self.inputs[0 if side == "real" else -1]
        x = check_samples(name, as_array(name, x))
        if x.shape[1:] != (self._shape or x.shape[1:]):
            raise ValueError(
                f"All samples for `{self.name}` must have one shape, which is "
                f"{self._shape} so far. Received: {x.shape[1:]}"
            )
        summary = self._summary_of(side, x, extract or self._extractor(x))
        if side in self._summaries:
            summary = self._summaries[side] + summary
        self._summaries[side], self._shape = summary, x.shape[1:]
        self._counts[side] = self._counts.get(side, 0) + len(x)
        low, high = self._ranges.get(side, (np.inf, -np.inf))
        self._ranges[side] = (
            min(low, float(x.min())),
            max(high, float(x.max())),
        )

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
            # Sums of float16 and of bytes would overflow.
            wide = np.result_type(features, "float32")
            return self.summarize(features.astype(wide, copy=False))

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


def as_array(name: str, x) -> np.ndarray:
    """A NumPy array of numbers; symbolic tensors have no values.

    Args:
        name: What the caller calls the argument.
        x: Tensor or array.
    """
    try:
        if keras.ops.is_tensor(x) or isinstance(x, keras.KerasTensor):
            x = keras.ops.convert_to_numpy(x)
    except Exception as error:
        raise ValueError(
            "Metrics of samples work on arrays, not inside a compiled step: "
            "give them to `keras_aegan.callbacks.GenerationMetrics`. "
            f"Received: {x!r}"
        ) from error
    return real_numbers(name, x)

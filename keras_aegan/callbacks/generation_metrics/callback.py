"""Metrics of what a model generates, in the logs of `fit`."""

import contextlib
import functools
import time
import warnings

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan.arrays import NotFiniteError
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_labels
from keras_aegan.arrays import check_samples
from keras_aegan.backend.keras_private import metric_direction
from keras_aegan.callbacks.generation_metrics.results import entries_of
from keras_aegan.callbacks.generation_metrics.results import names_of
from keras_aegan.callbacks.generation_metrics.results import results_of
from keras_aegan.callbacks.generation_metrics.sources import SOURCES
from keras_aegan.callbacks.generation_metrics.sources import Sources
from keras_aegan.callbacks.generation_metrics.sources import needs
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import label_checks
from keras_aegan.metrics import SampleMetric
from keras_aegan.metrics.sample_metric import update_together
from keras_aegan.validation import check_integer

_TRIED = 1024  # No metric needs more samples than that.


class GenerationMetrics(keras.callbacks.Callback):
    """Measure generation, reconstruction and codes while a model trains.

    After the first epoch, every `every`-th and the last one, each metric is
    in the logs as `val_<name>` (the entries of a dict as `val_<key>`), where
    `ModelCheckpoint`, `EarlyStopping`, `ReduceLROnPlateau`, TensorBoard and
    KerasTuner find it, if they come later in the list of callbacks. They need
    no `mode`: metrics of this package say which value is better. In the epochs
    between, the logs have the last value. What it cost is in
    `generation_metrics_seconds`. Measuring does not change the
    training. Where weights are averaged, by `compile(average=...)` or by
    optimizers (`use_ema`), the averages are measured.

    A `SampleMetric` compares `x` with generated samples, `LatentRoundTrip`,
    `PriorDistance` and `ActiveUnits` see codes, and any other Keras metric
    compares `x` with its reconstructions. Real samples pass the feature
    networks once, so these must not change; `cache` of a metric saves that,
    too, in later runs. When training starts, each metric is tried on a batch.
    Of a model that has diverged the metrics are NaN, and one warning says so.

    Args:
        x: Array of real samples, `(samples, ...)`, best ones that the model
            does not train on, scaled like its training data.
        metrics: List of `keras_aegan.metrics` and Keras metrics, or names.
        num_samples: Positive integer, how many samples to generate. `None`
            for as many as there are in `x`.
        every: Positive integer, the epochs between two measurements.
        seed: Integer, chooses the codes of the samples, which stay the same.
        batch_size: Positive integer, the samples that the model generates at
            once.
        labels: Array of the labels of `x`, `(samples, ...)`, for models that
            take labels; as many are generated of each.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            `x` or `labels` do not fit the model, or a metric does not fit
            them, or the model cannot do what it needs.

    Example:

    >>> from keras_aegan import metrics
    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 6))
    >>> measures = [metrics.FrechetDistance(), metrics.PSNR()]
    >>> history = model.fit(
    ...     x, verbose=0, callbacks=[GenerationMetrics(x, measures)]
    ... ).history
    >>> history["val_frechet_distance"][0] > 0 and history["val_psnr"][0] > 0
    True
    """

    def __init__(
        self,
        x: np.ndarray,
        metrics: list,
        num_samples: int | None = None,
        every: int = 1,
        seed: int = 0,
        batch_size: int = 64,
        labels: np.ndarray | None = None,
    ):
        super().__init__()
        self.x = check_finite("x", check_samples("x", x))
        if num_samples is None:
            num_samples = len(self.x)
        self.num_samples = check_integer("num_samples", num_samples)
        self.every = check_integer("every", every)
        self.seed = check_integer("seed", seed, None)
        self.batch_size = check_integer("batch_size", batch_size)
        self.labels = labels
        if labels is not None:
            self.labels = check_labels("labels", labels, len(self.x), "x")
        self.metrics = [_check_metric(metric) for metric in metrics]
        names = [metric.name for metric in self.metrics]
        if not names or len(set(names)) < len(names):
            raise ValueError(
                "`metrics` must be a list of metrics with different names. "
                f"Received: {names}"
            )
        for metric in self.metrics:
            _check_range(metric, self.x)
        self._streaming = [m for m in self.metrics if "generated" in needs(m)]
        self._knows_real = self._has_warned = False
        self._values = None

    def on_train_begin(self, logs=None):
        self._check_model(self.model)
        if not self._knows_real:
            for metric in self._streaming:
                metric.reset_state()
            update_together(self._streaming, "real", self.x)
        self._knows_real = True
        self._values = None
        self._has_warned = False
        self._try_metrics()

    def on_epoch_end(self, epoch, logs=None):
        is_last = epoch + 1 == (self.params or {}).get("epochs")
        is_due = is_last or (epoch + 1) % self.every == 0
        seconds = 0.0
        if is_due or self._values is None:
            start = time.perf_counter()
            self._values = self.measure()
            seconds = time.perf_counter() - start
        if logs is not None:
            logs.update({f"val_{k}": v for k, v in self._values.items()})
            logs["generation_metrics_seconds"] = seconds

    @property
    def log_names(self) -> list[str]:
        """Names that this callback adds to the logs, a list."""
        names = [f"val_{name}" for name in names_of(self.metrics)]
        return [*names, "generation_metrics_seconds"]

    @property
    def directions(self) -> dict[str, str]:
        """Dict from these names to what is better, `"min"` or `"max"`."""
        better = []
        for metric in self.metrics:
            direction = metric_direction(metric)
            for entry in entries_of(metric):
                by_entry = isinstance(direction, dict)
                better.append(direction.get(entry) if by_entry else direction)
        named = zip(self.log_names, better)
        return {name: x for name, x in named if x and "_spread" not in name}

    def measure(self) -> dict[str, float]:
        """Measure the model as it is now: a dict from name to float."""
        with _averaged_weights(self.model):
            sources, diverged = Sources(self, self.x, self.num_samples), []
            if self._streaming:
                for metric in self._streaming:
                    metric.reset_generated()
                with _noted(self._streaming, diverged):
                    for samples in sources.generated():
                        update_together(self._streaming, "generated", samples)
            self._update_others(sources, diverged)
        if diverged and not self._has_warned:
            self._has_warned = True
            warnings.warn(
                "What the model makes is not finite: the run has diverged, and "
                f"{[metric.name for metric in diverged]} are NaN in the logs. "
                "People lower the learning rates or clip gradients "
                "(`clipnorm=1.0`); `keras.callbacks.TerminateOnNaN` stops such "
                "a run.",
                stacklevel=2,
            )
        return results_of(self.metrics, diverged)

    def _update_others(self, sources, diverged):
        """Show reconstructions and codes to the metrics that compare them."""
        for metric in self.metrics:
            if metric not in self._streaming:
                metric.reset_state()
                with _noted([metric], diverged):
                    metric.update_state(
                        *(getattr(sources, name) for name in needs(metric))
                    )

    def _check_model(self, model):
        if not isinstance(model, AdversarialModel):
            raise ValueError(
                "`GenerationMetrics` is for an `AdversarialModel`. "
                f"Received: {model!r}"
            )
        check_samples("x", self.x, tuple(model.sample_shape))
        if self.labels is not None:
            label_checks.check_labels(model, self.labels, len(self.x))

    def _try_metrics(self):
        """Raise before training what a metric would raise afterwards."""
        few = min(self.num_samples, self.batch_size)
        sources, diverged = Sources(self, self.x[: self.batch_size], few), []
        count = min(self.num_samples, _TRIED)
        for metric in self._streaming:
            with _noted([metric], diverged):
                samples = next(sources.generated())
                features = metric.extract(samples)
                # They need a number of samples: these are repeated.
                size = count, *features.shape[1:]
                repeated = functools.partial(np.resize, features, size)
                metric.reset_generated()
                metric.add("generated", samples, repeated)
        self._update_others(sources, diverged)
        results_of(self.metrics, diverged)


@contextlib.contextmanager
def _noted(metrics, diverged):
    """Add metrics to a list if what they are given is not finite."""
    try:
        yield
    except NotFiniteError:
        diverged += metrics


def _check_metric(metric):
    metric = keras.metrics.get(metric)
    if not isinstance(metric, keras.metrics.Metric):
        raise ValueError(
            "`metrics` must be a list of metrics or their names. "
            f"Received: {metric!r}"
        )
    inputs = needs(metric)
    unknown = [name for name in inputs if name not in SOURCES]
    streams = isinstance(metric, SampleMetric) or "generated" not in inputs
    if unknown or not streams:
        raise ValueError(
            f"The `inputs` of a metric must be some of {list(SOURCES)}, and "
            "'generated' that of a `SampleMetric`. "
            f"Received: {list(inputs)} of {metric!r}"
        )
    return metric


def _check_range(metric, x):
    """Raise or warn if images do not have the `value_range` of a metric."""
    if not hasattr(metric, "value_range"):
        return
    low, high = metric.value_range
    least, largest = float(x.min()), float(x.max())
    if least < low - 1e-3 or largest > high + 1e-3:
        raise ValueError(
            f"`x` must lie in the `value_range` of `{metric.name}`, "
            f"{[low, high]}. Received: values in [{least:g}, {largest:g}]"
        )
    if largest - least <= 0.51 * (high - low):
        warnings.warn(
            f"`x` lies in [{least:g}, {largest:g}], but the `value_range` of "
            f"`{metric.name}` is [{low:g}, {high:g}].",
            stacklevel=3,
        )


@contextlib.contextmanager
def _averaged_weights(model):
    """Give a model its averaged weights, where optimizers keep them."""
    optimizer = model.optimizer
    optimizers = getattr(optimizer, "optimizers", [optimizer])
    if not any(getattr(each, "use_ema", False) for each in optimizers):
        yield
        return
    backend.attach_state(model)
    swap = keras.callbacks.SwapEMAWeights()
    swap.set_model(model)
    swap.on_test_begin()
    try:
        yield
    finally:
        swap.on_test_end()

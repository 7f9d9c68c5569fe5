"""Metrics of what a model generates, in the logs of `fit`."""

import contextlib
import time
import warnings

import keras
import numpy as np

from keras_aegan import backend
from keras_aegan.callbacks.results import names_of
from keras_aegan.callbacks.results import results_of
from keras_aegan.callbacks.sources import SOURCES
from keras_aegan.callbacks.sources import Sources
from keras_aegan.callbacks.sources import needs
from keras_aegan.metrics import SampleMetric
from keras_aegan.metrics.sample_metric import update_together


class GenerationMetrics(keras.callbacks.Callback):
    """Measure generation, reconstruction and codes while a model trains.

    After the first epoch, every `every`-th and the last one, each metric is
    in the logs as `val_<name>` (the entries of a dict as `val_<key>`), where
    `ModelCheckpoint`, `EarlyStopping`, `ReduceLROnPlateau`, TensorBoard and
    KerasTuner find it, if they come later in the list of callbacks and are
    told their `mode`. In between the last value stands. What it cost is in
    `generation_metrics_seconds`. Measuring does not change the training.
    Where weights are averaged, by `compile(average=...)` or by optimizers
    (`use_ema`), the averages are measured.

    A `SampleMetric` compares `real` with generated samples, `LatentRoundTrip`,
    `PriorDistance` and `ActiveUnits` see codes, and any other Keras metric
    compares `real` with its reconstructions. Real samples pass the feature
    networks once, so these must not change; `cache` of a metric saves that,
    too, in later runs.

    Args:
        real: Array of real samples, `(samples, ...)`, best ones that the
            model does not train on, scaled like its training data.
        metrics: List of `keras_aegan.metrics` and Keras metrics, or names.
        num_samples: Positive integer, how many samples to generate. `None`
            for as many as are real.
        every: Positive integer, the epochs between two measurements.
        seed: Integer, chooses the codes of the samples, which stay the same.
        batch_size: Positive integer, the samples that the model makes at once.
        labels: Array of the labels of `real`, for models that are told labels;
            as many are generated of each.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            `real` does not fit the model, or the model cannot do what a
            metric needs.

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
        real,
        metrics,
        num_samples=None,
        every=1,
        seed=0,
        batch_size=64,
        labels=None,
    ):
        super().__init__()
        self.real = _checked_samples(real)
        if num_samples is None:
            num_samples = len(self.real)
        numbers = {
            "num_samples": num_samples,
            "every": every,
            "batch_size": batch_size,
        }
        for name, value in numbers.items():
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"`{name}` must be a positive integer. "
                    f"Received: {name}={value!r}"
                )
        self.metrics = [_checked_metric(metric) for metric in metrics]
        names = [metric.name for metric in self.metrics]
        if not names or len(set(names)) < len(names):
            raise ValueError(
                "`metrics` must be a list of metrics with different names. "
                f"Received: {names}"
            )
        for metric in self.metrics:
            _check_range(metric, self.real)
        self.num_samples = num_samples
        self.every = every
        self.seed = seed
        self.batch_size = batch_size
        self.labels = _checked_labels(labels, self.real)
        self._streaming = [m for m in self.metrics if "generated" in needs(m)]
        self._knows_real = False
        self._values = None

    def on_train_begin(self, logs=None):
        shape = tuple(getattr(self.model, "sample_shape", self.real.shape[1:]))
        if self.real.shape[1:] != shape:
            raise ValueError(
                f"`real` must have the shape (samples, *{shape}). "
                f"Received: an array of shape {self.real.shape}"
            )
        # What the model cannot make fails here.
        few = Sources(self, self.real[:2], 2)
        for name in {name for metric in self.metrics for name in needs(metric)}:
            if name == "generated":
                next(few.generated())
            else:
                getattr(few, name)
        if not self._knows_real:
            for metric in self._streaming:
                metric.reset_state()
            update_together(self._streaming, "real", self.real)
        self._knows_real = True
        self._values = None

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
    def log_names(self):
        """Names that this callback adds to the logs, a list."""
        names = [f"val_{name}" for name in names_of(self.metrics)]
        return [*names, "generation_metrics_seconds"]

    def measure(self):
        """Measure the model as it is now: a dict from name to float."""
        with _averaged_weights(self.model):
            sources = Sources(self, self.real, self.num_samples)
            if self._streaming:
                for metric in self._streaming:
                    metric.reset_generated()
                for samples in sources.generated():
                    update_together(self._streaming, "generated", samples)
            for metric in self.metrics:
                if metric not in self._streaming:
                    metric.reset_state()
                    metric.update_state(
                        *(getattr(sources, name) for name in needs(metric))
                    )
        return results_of(self.metrics)


def _checked_samples(real):
    array = keras.ops.convert_to_numpy(real)
    if array.ndim < 2 or len(array) == 0 or not np.isfinite(array).all():
        raise ValueError(
            "`real` must be a non-empty array of finite samples, of shape "
            f"(samples, ...). Received: an array of shape {array.shape}"
            + (" with NaN or infinity" if array.size else "")
        )
    return array


def _checked_labels(labels, real):
    if labels is None:
        return None
    labels = keras.ops.convert_to_numpy(labels)
    if len(labels) != len(real):
        raise ValueError(
            f"`labels` must be as many as `real`, {len(real)}. "
            f"Received: {len(labels)}"
        )
    return labels


def _checked_metric(metric):
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


def _check_range(metric, real):
    """Raise or warn if images are not of the range that a metric was told."""
    if not hasattr(metric, "value_range"):
        return
    low, high = metric.value_range
    least, largest = float(real.min()), float(real.max())
    if least < low - 1e-3 or largest > high + 1e-3:
        raise ValueError(
            f"`real` must lie in the `value_range` of `{metric.name}`, "
            f"{[low, high]}. Received: values in [{least:g}, {largest:g}]"
        )
    if largest - least <= 0.51 * (high - low):
        warnings.warn(
            f"`real` lies in [{least:g}, {largest:g}], but `{metric.name}` "
            f"was told [{low:g}, {high:g}] by its `value_range`.",
            stacklevel=3,
        )


@contextlib.contextmanager
def _averaged_weights(model):
    """Let a model have its averaged weights, where optimizers keep them."""
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

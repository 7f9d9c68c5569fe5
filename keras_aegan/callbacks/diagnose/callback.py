"""Measure a training run after an epoch, and say what is wrong with it."""

import time

import keras
import numpy as np

from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_labels
from keras_aegan.arrays import check_samples
from keras_aegan.callbacks.diagnose import failure_modes
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import generator_output
from keras_aegan.engine.inspection import inspection
from keras_aegan.files import WriteFailures
from keras_aegan.metrics import ActiveUnits
from keras_aegan.metrics import DensityCoverage
from keras_aegan.metrics.nearest_neighbours import squared_distances
from keras_aegan.validation import check_integer

_BATCH = 64
_EDGE = 0.01  # The share of a range that counts as its end.


class Diagnose(keras.callbacks.Callback):
    """Find failure modes of a run, and say what people do about them.

    On one batch of `x` and as many samples it measures, outside of the
    training step: for each player `<player>_gradient_norm`; for each owner of
    a discriminator `<player>_real_logits`, `<player>_fake_logits`,
    `<player>_real_accuracy` and `<player>_fake_accuracy`; and
    `sample_diversity`, the mean distance between samples over that between
    data (1 is right), `sample_density` and `sample_coverage` (see
    `metrics.DensityCoverage`), `active_units_share` of the code,
    `output_saturation`, the share of sample values at the ends of the
    generator's range. All of it goes into the logs, with `failure_modes`, how
    many were found, and `diagnose_seconds`.

    A failure mode that is seen `patience` times in a row is reported once, in
    one sentence with what people do about it, and kept in `findings`:
    divergence, data that the generator cannot reach or is far from, exploding
    or vanishing gradients, a saturated discriminator or generator, collapsed
    codes, and collapsed or dropped modes. Measuring does not change the
    training.

    Args:
        x: Array of finite samples, `(samples, ...)`, at least 2, scaled like
            the training data; a random few are used.
        labels: Array of their labels, `(samples, ...)`, for models that take
            labels.
        every: Positive integer, the epochs between two measurements.
        patience: Positive integer, after how many measurements in a row a
            failure mode is reported. Divergence and a wrong range are reported
            at once.
        num_samples: Integer, at least 2, how many samples to measure, at most.
        verbose: Boolean, whether to print the sentences.

    Attributes:
        findings: List of dicts with `epoch`, `failure_mode` (a name) and
            `sentence`.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            `x` or `labels` do not fit the model.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 6))
    >>> diagnose = Diagnose(x, verbose=False)
    >>> history = model.fit(x, verbose=0, callbacks=[diagnose])
    >>> diagnose.findings  # nothing to say of these two steps
    []
    >>> "generator_gradient_norm" in history.history
    True
    """

    def __init__(
        self,
        x: np.ndarray,
        labels: np.ndarray | None = None,
        every: int = 1,
        patience: int = 2,
        num_samples: int = 256,
        verbose: bool = True,
    ):
        super().__init__()
        x = check_finite("x", check_samples("x", x, minimum=2))
        self.every = check_integer("every", every)
        self.patience = check_integer("patience", patience)
        self.num_samples = check_integer("num_samples", num_samples, 2)
        self.verbose = verbose
        chosen = np.random.default_rng(0).permutation(len(x))
        chosen = chosen[: self.num_samples]
        self.x = x[chosen]
        self.labels = labels
        if labels is not None:
            self.labels = check_labels("labels", labels, len(x), "x")[chosen]
        self._begin()

    def _begin(self):
        self.findings = []
        self._failures = WriteFailures("What is wrong with the training")
        self._first, self._previous = None, {}
        modes = failure_modes.IMMEDIATE + failure_modes.LASTING
        self._times_seen = dict.fromkeys(modes, 0)

    @property
    def unshown(self) -> set[str]:
        """Names in the logs that a progress bar had better leave out."""
        return set(self._previous) - {"failure_modes"}

    def on_train_begin(self, logs=None):
        if not isinstance(self.model, AdversarialModel):
            raise ValueError(
                "`Diagnose` is for an `AdversarialModel`. "
                f"Received: {self.model!r}"
            )
        check_samples("x", self.x, tuple(self.model.sample_shape))
        self._begin()
        self._inspect = inspection(self.model)
        self.measure()  # What cannot be measured fails here, before training.

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        seconds = 0.0
        if (epoch + 1) % self.every == 0 or not self._previous:
            start = time.perf_counter()
            measurements = self.measure()
            self._first = self._first or measurements
            found = self._diagnose(epoch + 1, {**logs, **measurements})
            self._previous = {**measurements, "failure_modes": float(found)}
            seconds = time.perf_counter() - start
        logs.update(self._previous, diagnose_seconds=seconds)

    def measure(self) -> dict[str, float]:
        """Measure the model as it is now: a dict from name to float."""
        labels = None if self.labels is None else self.labels[:_BATCH]
        measurements = self._inspect(self.x[:_BATCH], labels)
        measurements["data_min"] = float(self.x.min())
        measurements["data_max"] = float(self.x.max())
        label_arguments = {}
        if self.labels is not None:
            label_arguments = {"labels": self.labels}
        if hasattr(self.model, "encoder"):
            codes = self.model.encode(self.x, **label_arguments)
            measurements["active_units_share"] = _active_share(codes)
        if hasattr(self.model, "prior"):
            generated = self.model.generate(
                len(self.x), seed=0, **label_arguments
            )
            measurements.update(_compare(generated, self.x, self.model))
        return measurements

    def _diagnose(self, epoch, measurements):
        """Report what is new; return how many failure modes there are."""
        found = self._found(failure_modes.IMMEDIATE, 1, epoch, measurements)
        # Of such a run the other measurements say nothing.
        return found or self._found(
            failure_modes.LASTING, self.patience, epoch, measurements
        )

    def _found(self, candidates, patience, epoch, measurements):
        found = 0
        for mode in candidates:
            sentence = mode(measurements, self._first, self._previous)
            times = self._times_seen[mode] + 1 if sentence else 0
            self._times_seen[mode] = times
            if times >= patience:
                found += 1
                name = mode.__name__.replace("_", " ")
                self._report(epoch, name, sentence)
        return found

    def _report(self, epoch, name, sentence):
        if name in (finding["failure_mode"] for finding in self.findings):
            return
        sentence = f"{sentence[0].upper()}{sentence[1:]}."
        self.findings.append(
            {"epoch": epoch, "failure_mode": name, "sentence": sentence}
        )
        if self.verbose:
            with self._failures:
                print(f"\nEpoch {epoch}: {sentence}")


def _active_share(codes):
    """The share of the codes' numbers that differ from sample to sample."""
    if not np.isfinite(codes).all():
        return np.nan
    return ActiveUnits()(codes.reshape(len(codes), -1)) / codes[0].size


def _compare(generated, x, model):
    """Measurements of generated samples beside as many of the data."""
    if not np.isfinite(generated).all():
        return {"samples_min": np.nan, "samples_max": np.nan}
    low, high = float(generated.min()), float(generated.max())
    found = {"samples_min": low, "samples_max": high}
    spread = _mean_distance(x)
    if spread > 0:
        found["sample_diversity"] = _mean_distance(generated) / spread
    metric = DensityCoverage(k=min(5, len(generated) - 1))
    # `result` would warn of ranges, which are a failure mode of their own.
    rows = (metric.summarize(u.reshape(len(u), -1)) for u in (x, generated))
    for name, value in metric.compare(*rows).items():
        found[f"sample_{name}"] = value
    reach = generator_output.output_range(model.generator) or (-np.inf, np.inf)
    for name, end in zip(("output_low", "output_high"), reach):
        if np.isfinite(end):
            found[name] = end
    if np.isfinite(reach).all():
        found["output_saturation"] = _share_at_ends(generated, reach)
        found["data_saturation"] = _share_at_ends(x, reach)
    return found


def _mean_distance(x):
    """Mean Euclidean distance between different samples."""
    rows = x.reshape(len(x), -1).astype("float64")
    total = sum(np.sqrt(d).sum() for _, d in squared_distances(rows, rows))
    return float(total / (len(rows) * (len(rows) - 1)))


def _share_at_ends(x, reach):
    """The share of values at the ends of the range `reach`."""
    low, high = reach
    edge = _EDGE * (high - low)
    return float(np.mean((x <= low + edge) | (x >= high - edge)))

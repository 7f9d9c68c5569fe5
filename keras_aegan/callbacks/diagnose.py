"""Say in plain words what is wrong with a training run."""

import time

import keras
import numpy as np

from keras_aegan.callbacks import ailments
from keras_aegan.engine import data_checks
from keras_aegan.engine.inspection import inspection
from keras_aegan.metrics import ActiveUnits
from keras_aegan.metrics import DensityCoverage
from keras_aegan.metrics.nearest_neighbours import squared_distances

_BATCH = 64
_EDGE = 0.01  # The share of a range that counts as its end.


class Diagnose(keras.callbacks.Callback):
    """Look at a run after an epoch, and say what is wrong and what helps.

    On one batch of `data` and as many samples it measures, outside of the
    training step: for each player `<player>_gradient_norm`; for each owner of
    a discriminator `<player>_real_logits`, `<player>_fake_logits`,
    `<player>_real_accuracy` and `<player>_fake_accuracy`; and
    `sample_diversity`, the mean distance between samples over that between
    data (1 is right), `sample_density` and `sample_coverage` (see
    `metrics.DensityCoverage`), `active_units_share` of the code,
    `output_saturation`, the share of sample values at the ends of the
    generator's range. All of it goes into the logs, with `ailments`, how many
    were found, and `diagnose_seconds`.

    An ailment that is seen `patience` times in a row is said once, in one
    sentence with what people do about it, and kept in `findings`: divergence,
    data that the generator cannot reach or is far from, exploding or
    vanishing gradients, a saturated discriminator or generator, collapsed
    codes, and collapsed or dropped modes. Looking does not change the
    training.

    Args:
        data: Array of samples, `(samples, ...)`, scaled like the training
            data; a random few are used.
        labels: Array of their labels, for models that are told labels.
        every: Positive integer, the epochs between two looks.
        patience: Positive integer, after how many looks in a row an ailment
            is said. Divergence and a wrong range are said at once.
        samples: Positive integer, how many samples to look at, at most.
        verbose: Boolean, whether to print the sentences.

    Attributes:
        findings: List of dicts with `epoch`, `ailment` (a name) and
            `sentence`.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            `data` does not fit the model.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 6))
    >>> diagnose = Diagnose(255.0 * x, verbose=False)
    >>> history = model.fit(255.0 * x, verbose=0, callbacks=[diagnose])
    >>> diagnose.findings[0]["ailment"]
    'range mismatch'
    """

    def __init__(
        self,
        data,
        labels=None,
        every=1,
        patience=2,
        samples=256,
        verbose=True,
    ):
        super().__init__()
        numbers = {"every": every, "patience": patience, "samples": samples}
        for name, value in numbers.items():
            if not isinstance(value, int) or value < 1:
                raise ValueError(
                    f"`{name}` must be a positive integer. "
                    f"Received: {name}={value!r}"
                )
        data = keras.ops.convert_to_numpy(data)
        if data.ndim < 2 or len(data) < 2:
            raise ValueError(
                "`data` must be an array of at least 2 samples, of shape "
                f"(samples, ...). Received: an array of shape {data.shape}"
            )
        chosen = np.random.default_rng(0).permutation(len(data))[:samples]
        self.data = data[chosen]
        self.labels = labels
        if labels is not None:
            self.labels = keras.ops.convert_to_numpy(labels)[chosen]
        self.every = every
        self.patience = patience
        self.verbose = verbose
        self._begin()

    def _begin(self):
        self.findings = []
        self._first, self._signs = None, {}
        self._seen = dict.fromkeys(ailments.AT_ONCE + ailments.LASTING, 0)

    def on_train_begin(self, logs=None):
        shape = tuple(self.model.sample_shape)
        if self.data.shape[1:] != shape:
            raise ValueError(
                f"`data` must have the shape (samples, *{shape}). "
                f"Received: an array of shape {self.data.shape}"
            )
        self._begin()
        self._inspect = inspection(self.model)

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        seconds = 0.0
        if (epoch + 1) % self.every == 0 or not self._signs:
            start = time.perf_counter()
            signs = self.look()
            self._first = self._first or signs
            found = self._judge(epoch + 1, {**logs, **signs})
            self._signs = {**signs, "ailments": float(found)}
            seconds = time.perf_counter() - start
        logs.update(self._signs, diagnose_seconds=seconds)

    def look(self):
        """What is measured of the model as it is now, a dict of floats."""
        labels = None if self.labels is None else self.labels[:_BATCH]
        signs = self._inspect(self.data[:_BATCH], labels)
        signs["data_min"] = float(self.data.min())
        signs["data_max"] = float(self.data.max())
        told = {} if self.labels is None else {"labels": self.labels}
        if hasattr(self.model, "encoder"):
            codes = self.model.encode(self.data, **told)
            units = ActiveUnits()(codes.reshape(len(codes), -1))
            signs["active_units_share"] = units / codes[0].size
        if hasattr(self.model, "prior"):
            x = self.model.generate(len(self.data), seed=0, **told)
            signs.update(_signs_of_samples(x, self.data, self.model))
        return signs

    def _judge(self, epoch, signs):
        """Say what is new; return how many ailments there are."""
        found = self._found(ailments.AT_ONCE, 1, epoch, signs)
        # Of such a run the other signs say nothing.
        return found or self._found(
            ailments.LASTING, self.patience, epoch, signs
        )

    def _found(self, candidates, patience, epoch, signs):
        found = 0
        for ailment in candidates:
            sentence = ailment(signs, self._first, self._signs)
            self._seen[ailment] = self._seen[ailment] + 1 if sentence else 0
            if self._seen[ailment] >= patience:
                found += 1
                self._say(epoch, ailment.__name__.replace("_", " "), sentence)
        return found

    def _say(self, epoch, name, sentence):
        if name in (finding["ailment"] for finding in self.findings):
            return
        sentence = f"{sentence[0].upper()}{sentence[1:]}."
        finding = {"epoch": epoch, "ailment": name, "sentence": sentence}
        self.findings.append(finding)
        if self.verbose:
            print(f"\nEpoch {epoch}: {sentence}")


def _signs_of_samples(x, data, model):
    """How generated samples lie beside as many of the data."""
    signs = {"samples_min": float(x.min()), "samples_max": float(x.max())}
    if not np.isfinite(x).all():
        return {"samples_min": np.nan, "samples_max": np.nan}
    spread = _mean_distance(data)
    if spread > 0:
        signs["sample_diversity"] = _mean_distance(x) / spread
    metric = DensityCoverage(k=min(5, len(x) - 1))
    # Not by `result`, which warns of ranges: that is an ailment of its own.
    rows = (metric.summarize(u.reshape(len(u), -1)) for u in (data, x))
    for name, value in metric.compare(*rows).items():
        signs[f"sample_{name}"] = value
    reach = data_checks.output_range(model.generator) or (-np.inf, np.inf)
    for name, end in zip(("output_low", "output_high"), reach):
        if np.isfinite(end):
            signs[name] = end
    if np.isfinite(reach).all():
        signs["output_saturation"] = _share_at_ends(x, reach)
        signs["data_saturation"] = _share_at_ends(data, reach)
    return signs


def _mean_distance(x):
    """Mean Euclidean distance between different samples."""
    rows = x.reshape(len(x), -1).astype("float64")
    total = sum(np.sqrt(d).sum() for _, d in squared_distances(rows, rows))
    return float(total / (len(rows) * (len(rows) - 1)))


def _share_at_ends(x, reach):
    low, high = reach
    edge = _EDGE * (high - low)
    return float(np.mean((x <= low + edge) | (x >= high - edge)))

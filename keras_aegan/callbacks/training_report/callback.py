"""One page that shows a training while it runs, and afterwards."""

import os
import pathlib
import statistics
import time

import keras
import numpy as np
from keras import ops

from keras_aegan import files
from keras_aegan import pages
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import check_labels
from keras_aegan.arrays import check_samples
from keras_aegan.callbacks.diagnose import Diagnose
from keras_aegan.callbacks.training_report import facts
from keras_aegan.callbacks.training_report.charts import charts
from keras_aegan.callbacks.training_report.frames import Frames
from keras_aegan.callbacks.training_report.frames import thinned
from keras_aegan.callbacks.training_report.history import History
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import label_checks
from keras_aegan.engine.labels import condition_of
from keras_aegan.validation import check_integer

_SCRIPTS = ["summary.js", "curves.js", "slider.js"]
_FRAMES = 40
_CHARACTERS = 8_000_000
_RECENT = 10  # Epochs whose median time is that of one.


class TrainingReport(keras.callbacks.Callback):
    """Write a page that shows how training goes, and open it in a browser.

    The page is one HTML file that needs no server, no network and no other
    file. It shows what is trained, the losses of each player with their
    terms, all metrics in the logs, and what `Diagnose` found; and, by a slider
    through the epochs, from epoch 0 (before training) on, samples from the
    same codes, originals with their reconstructions, and a map of the codes.
    While training runs, an open page loads itself again. Writing does not
    change the training. The page can be read at any time: it is moved into
    place when it is complete. If it cannot be written, as on a full disk, one
    warning says so, and training goes on. Needs Jinja2:
    `pip install "keras_aegan[report]"`.

    The page leaves out what a model has no networks for: that of a GAN has
    neither reconstructions nor a map. Samples are drawn as images (values in
    [-1, 1], or in [0, 1] if none is below -0.01; images larger than 64 pixels
    are made smaller), as lines, or, if they are tokens, as text. A model that
    takes labels generates each label in turn. The map shows the codes of up to
    400 originals and as many codes from the prior in the plane of the codes'
    first two principal components of that epoch, turned within the plane so
    that it fits to the epoch before. At most 40 epochs' pictures are kept,
    evenly spread, and fewer if they are large; curves have every epoch.

    A page continues where training continues. If `filepath` has a report of a
    model of the same class, shapes and parts, its epochs stay up to the number
    of steps that the optimizer has done, so a second `fit` and a run resumed
    by `keras.callbacks.BackupAndRestore` add to it. Anything else at
    `filepath`, such as the report of an earlier training, is renamed
    (`report_1.html`), and never overwritten. Keras does not say that training
    was interrupted, so a page that has not been written for long says that it
    seems so.

    Args:
        filepath: Path of the page; its folder is made if missing.
        x: Array of samples `(samples, ...)`, the originals, scaled like the
            training data, best some hundreds that the model does not train
            on: the first 8 are shown with their reconstructions, and the codes
            of up to 400 are on the map. `None` for neither.
        labels: Array of the labels of `x`, `(samples, ...)`, finite numbers or
            text: the colours of the map, and the condition of models that
            take labels.
        every: Positive integer, the epochs between two times that the page is
            drawn and written. It always is after the last epoch.
        num_samples: Positive integer, the number of generated samples; at most
            16 are drawn as lines.
        seed: Integer, chooses the codes of the samples.
        diagnose: The `Diagnose` in the list of callbacks of the same `fit`,
            whose sentences the page shows, or `None`.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            the page cannot be written, or the model and `x`, `labels` or
            `diagnose` do not fit.
        ImportError: when training starts, if Jinja2 is missing.

    Example:

    >>> import tempfile
    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> x = np.random.default_rng(0).uniform(-1, 1, (64, 6))
    >>> report = TrainingReport(tempfile.mkdtemp() + "/report.html", x=x[:32])
    >>> history = model.fit(x, epochs=2, verbose=0, callbacks=[report])
    >>> pages.read(report.filepath)["epochs"]
    [1, 2]
    """

    # Of several processes that train together the first one calls it.
    is_writer = True

    def __init__(
        self,
        filepath: str | os.PathLike,
        x: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        every: int = 1,
        num_samples: int = 32,
        seed: int = 0,
        diagnose: Diagnose | None = None,
    ):
        super().__init__()
        self.filepath = pathlib.Path(filepath)
        self.x, self.labels = x, labels
        if x is not None:
            self.x = check_finite("x", check_samples("x", x)).copy()
        if labels is not None:
            count = 0 if self.x is None else len(self.x)
            self.labels = check_labels("labels", labels, count, "x")
        self.every = check_integer("every", every)
        self.num_samples = check_integer("num_samples", num_samples)
        self.seed = check_integer("seed", seed, None)
        self.diagnose = diagnose
        if diagnose is not None and not isinstance(diagnose, Diagnose):
            raise ValueError(
                "`diagnose` must be a `Diagnose` or `None`. "
                f"Received: diagnose={diagnose!r}"
            )
        self._history = self._trained = None

    def on_train_begin(self, logs=None):
        self._check_model(self.model)
        pages.check_requirement()
        files.make_writable("filepath", self.filepath, kind="file")
        self._failures = files.WriteFailures("The report")
        self._frames = self._ended = None
        self._seconds, self._cost = [], 0.0

    def on_epoch_begin(self, epoch, logs=None):
        if self._frames is None:
            # Only now has every callback restored what it restores.
            self._begin(epoch)
            self._write()
        elif self._add_ended_epoch():
            self._write()
        self._started = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        is_due = (epoch + 1) % self.every == 0
        if is_due:
            self._draw(epoch + self._shift)
        # Callbacks that come after this one will add to these logs.
        steps = _steps_of(self.model)
        self._ended = (epoch + self._shift, steps, logs, is_due)
        logs["training_report_seconds"], self._cost = self._cost, 0.0

    def on_train_end(self, logs=None):
        if self._frames is None:
            return
        self._add_ended_epoch()
        history = self._history
        if history.frames[-1]["epoch"] < history.last:
            self._draw(history.last)
        history.end()
        self._write()

    def _check_model(self, model):
        shape = tuple(getattr(model, "sample_shape", ()))
        if not isinstance(model, AdversarialModel) or not 1 <= len(shape) <= 3:
            raise ValueError(
                "`TrainingReport` is for an `AdversarialModel` of samples of 1 "
                f"to 3 axes. Received: {model!r} of samples of shape {shape}"
            )
        if self.x is not None:
            check_samples("x", self.x, shape)
        if self.labels is not None and condition_of(model):
            label_checks.check_labels(model, self.labels, len(self.x))
        if self.diagnose is not None and self.diagnose.model is not model:
            raise ValueError(
                "`diagnose` must be in the list of callbacks of the same "
                f"`fit`. Received: diagnose={self.diagnose!r}, which is not"
            )

    def _begin(self, epoch):
        """Continue the page that there is, or show the untrained model."""
        model = self.model
        known = facts.facts(model)
        if self._trained is not model:
            data = pages.read(self.filepath)
            self._history = History.continued(known, data, _steps_of(model))
            if not self._history.epochs and (data or {}).get("epochs") != []:
                pages.set_aside(self.filepath)
        self._trained = model
        history = self._history
        history.facts = known
        self._players = facts.losses(model)
        self._shift = 1 + max(0, history.last - epoch)
        planned = (self.params or {}).get("epochs", epoch) - 1 + self._shift
        history.begin(time.time(), epoch + self._shift, planned)
        self._before = list(history.findings)
        self._frames = Frames(
            model, self.x, self.labels, self.num_samples, self.seed
        )
        if history.frames:
            # What cannot be drawn fails here, before training.
            self._frames.frame(model)
        else:
            self._draw(epoch)

    def _draw(self, number):
        start = time.perf_counter()
        frames = self._history.frames
        before = frames[-1] if frames else None
        frame = {"epoch": number, **self._frames.frame(self.model, before)}
        self._history.frames = thinned([*frames, frame], _FRAMES, _CHARACTERS)
        self._cost += time.perf_counter() - start

    def _add_ended_epoch(self):
        """Add the epoch that ended; return whether to write the page."""
        if self._ended is None:
            return False
        number, steps, logs, is_due = self._ended
        self._ended = None
        self._seconds.append(time.perf_counter() - self._started)
        self._history.add(
            number, steps, {**logs, "epoch_seconds": self._seconds[-1]}
        )
        if self.diagnose is not None:
            new = [
                {**finding, "epoch": finding["epoch"] + self._shift - 1}
                for finding in self.diagnose.findings
            ]
            self._history.findings = self._before + new
        return is_due

    def _write(self):
        start = time.perf_counter()
        history = self._history
        recent = self._seconds[-_RECENT:]
        data = {
            **history.data(),
            "charts": charts(self._players, history.logs),
            "legend": self._frames.legend(),
            "is_diagnosed": self.diagnose is not None,
            "every": self.every,
            "written": time.time(),
            "epoch_seconds": statistics.median(recent) if recent else None,
        }
        title = f"Training of {history.facts['model']}"
        text = pages.page(title, data, __package__, _SCRIPTS)
        with self._failures:
            files.write_atomically(self.filepath, text.encode())
        self._cost += time.perf_counter() - start


def _steps_of(model):
    return int(ops.convert_to_numpy(model.optimizer.iterations))

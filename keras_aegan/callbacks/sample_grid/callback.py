"""A picture of what a model generates, after every few epochs."""

import contextlib
import math
import os
import pathlib

import keras
import numpy as np

from keras_aegan.arrays import check_labels
from keras_aegan.arrays import check_samples
from keras_aegan.callbacks.sample_grid.event_file import EventFile
from keras_aegan.callbacks.sample_grid.panels import NAMES
from keras_aegan.callbacks.sample_grid.panels import Panels
from keras_aegan.files import WriteFailures
from keras_aegan.files import make_writable
from keras_aegan.files import write_atomically
from keras_aegan.pictures.figures import matplotlib_classes
from keras_aegan.pictures.figures import png
from keras_aegan.pictures.sound import write_wav
from keras_aegan.validation import check_in
from keras_aegan.validation import check_integer

_KEPT = 2000  # Samples of `x`.
_SOUNDS = 4


class SampleGrid(keras.callbacks.Callback):
    """Draw generated samples and much else while a model trains.

    After every `every`-th epoch, and after the last one, a picture
    `epoch_0001.png` appears in `directory`. It shows samples from the same
    codes each time. Images are shown as tiles, values in [-1, 1] or, if none
    is below -0.01, in [0, 1]; rows of a table and series as lines, at most 16.
    Drawing does not change the training, and a picture that cannot be written,
    as on a full disk, is only warned of. Needs Matplotlib:
    `pip install "keras_aegan[plot]"`.

    With `panels`, the pictures listed there appear instead, such as
    `epoch_0001_latent_map.png`:

    - `"samples"`, `"reconstructions"`
    - `"interpolations"`, `"spherical_interpolations"` between samples of `x`,
      and `"traversals"` from the first one; without `x` or an encoder between
      codes of the prior
    - `"attribute_edits"`, with `attribute`
    - `"neighbours"`, with `training_data`: does the model remember?
    - `"latent_map"`, the codes of `x` and of the prior
    - `"history"`, the logs over the epochs
    - `"marginals"`, `"correlations"` of a table, beside those of `x`
    - `"series"`, and `"spectrograms"` with `sample_rate`

    `keras_aegan.pictures` draws the same with more options.

    Args:
        directory: Path of the folder for the pictures; made if missing.
        x: Array of samples `(samples, ...)`, scaled like the training data,
            to show beside their reconstructions: the first 64 of them. Maps
            and tables show up to 2000. `None` for none.
        labels: Array of the labels of `x`, `(samples, ...)`, which colour the
            map of the latent space. A model that takes labels is given them
            with `x`; the labels of its generated samples are random, by
            `seed`.
        every: Positive integer, the epochs between two pictures.
        num_samples: Positive integer, the number of generated samples.
        seed: Integer, chooses the codes of the samples.
        log_dir: Path of a folder in which TensorBoard finds the pictures and
            the logs of every epoch; needs `tensorboard`. `None` for none.
        panels: List of names of pictures, as above. `None` for samples and
            reconstructions in one picture.
        training_data: Array of the samples that the model trains on.
        attribute: Array of one boolean for each sample of `x`: which of them
            have some property.
        sample_rate: Positive integer, for sound `(steps, channels)`: the steps
            in a second. Then 4 samples appear as `epoch_0001_sound_1.wav` and
            so on, beside spectrograms.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            a folder cannot be written to, `x` does not fit the model or a
            picture cannot be drawn of it.
        ImportError: when training starts, if Matplotlib, or for `log_dir`
            `tensorboard`, is missing.

    Example:

    >>> from keras_aegan.models import AEGAN
    >>> model = AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> grid = SampleGrid("pictures", x=x[:8], every=2)
    >>> history = model.fit(x, epochs=3, verbose=0, callbacks=[grid])
    >>> sorted(path.name for path in pathlib.Path("pictures").iterdir())
    ['epoch_0002.png', 'epoch_0003.png']
    """

    # Of several processes that train together the first one calls it.
    is_writer = True

    def __init__(
        self,
        directory: str | os.PathLike,
        x: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        every: int = 1,
        num_samples: int = 64,
        seed: int = 0,
        log_dir: str | os.PathLike | None = None,
        panels: list[str] | None = None,
        training_data: np.ndarray | None = None,
        attribute: np.ndarray | None = None,
        sample_rate: int | None = None,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.every = check_integer("every", every)
        self.num_samples = check_integer("num_samples", num_samples)
        self.seed = check_integer("seed", seed, None)
        self.log_dir = log_dir and pathlib.Path(log_dir)
        self.x = _check_x(x)
        self.labels = _check_beside("labels", labels, x)
        self.attribute = _check_beside("attribute", attribute, x)
        self.training_data = training_data
        self.sample_rate = sample_rate
        if sample_rate is not None:
            self.sample_rate = check_integer("sample_rate", sample_rate)
        self.panels = panels if panels is None else _check_panels(panels)
        self.logs, self.epochs = {}, []
        self._events = self._epoch = self._drawn = None

    def on_train_begin(self, logs=None):
        matplotlib_classes()
        self._check_model()
        make_writable("directory", self.directory)
        self._failures = WriteFailures("A picture of the training")
        self._events = None
        if self.log_dir:
            make_writable("log_dir", self.log_dir)
            self._events = EventFile(self.log_dir)
        self._epoch = self._drawn = None
        self.logs, self.epochs = {}, []
        self._figures()  # What cannot be drawn fails here, before training.

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch + 1
        logs = _numbers(logs or {})
        self._keep(logs)
        self._add_event(logs)
        if self._epoch % self.every == 0:
            self._draw()

    def on_train_end(self, logs=None):
        if self._drawn != self._epoch:
            self._draw()

    def _check_model(self):
        shape = getattr(self.model, "sample_shape", ())
        if not 1 <= len(shape) <= 3:
            raise ValueError(
                "`SampleGrid` draws an `AdversarialModel` of samples of 1 to 3 "
                f"axes. Received: {self.model!r} of samples of shape {shape}"
            )
        if self.sample_rate is not None and len(shape) != 2:
            raise ValueError(
                "`sample_rate` is for samples of 2 axes, (steps, channels). "
                f"Received: a model of samples of shape {shape}"
            )
        if self.x is not None:
            check_samples("x", self.x, shape)

    def _keep(self, logs):
        """Remember the logs of an epoch; what is missing is NaN."""
        self.epochs.append(self._epoch)
        for name in (*self.logs, *logs):
            values = self.logs.setdefault(name, [])
            values += [math.nan] * (len(self.epochs) - 1 - len(values))
            if len(values) < len(self.epochs):
                values.append(logs.get(name, math.nan))

    def _figures(self):
        """Dict from the end of a file's name to a figure."""
        panels = Panels(self)
        if self.panels is None:
            figures = {"": panels.overview()}
            if self.sample_rate is not None:
                figures["_spectrograms"] = panels.spectrograms()
            return figures
        figures = {}
        for name in self.panels:
            if name != "history" or self.logs:
                try:
                    figures[f"_{name}"] = getattr(panels, name)()
                except ValueError as error:
                    raise ValueError(
                        "`panels` must be pictures that can be drawn of this "
                        f"model. Received: {name!r}, but: {error}"
                    ) from error
        return figures

    def _draw(self):
        stem = f"epoch_{self._epoch:04d}"
        for end, figure in self._figures().items():
            content = png(figure)
            with self._failures:
                write_atomically(self.directory / f"{stem}{end}.png", content)
            self._add_event({}, {end.removeprefix("_") or "samples": content})
        if self.sample_rate is not None:
            sounds = np.nan_to_num(Panels(self).generated()[:_SOUNDS])
            for i, sound in enumerate(sounds, start=1):
                path = self.directory / f"{stem}_sound_{i}.wav"
                with self._failures:
                    write_wav(path, sound, self.sample_rate)
        self._drawn = self._epoch

    def _add_event(self, logs, pictures=()):
        if self._events:
            with self._failures:
                self._events.add(self._epoch, logs, pictures)


def _numbers(logs):
    """The numbers in the logs, to which other callbacks may add anything."""
    found = {}
    for name, value in logs.items():
        with contextlib.suppress(TypeError, ValueError):
            found[name] = float(value)
    return found


def _check_panels(panels):
    names = [panels] if isinstance(panels, str) else list(panels)
    if not names:
        raise ValueError(
            f"`panels` must be a list of some of {NAMES}. Received: {panels!r}"
        )
    return [check_in("panels", name, NAMES) for name in names]


def _check_x(x):
    """The samples that are kept."""
    if x is None:
        return None
    x = check_samples("x", x)
    if x.ndim == 4 and x.dtype.kind in "iu":
        raise ValueError(
            "`x` must be scaled to [-1, 1] or [0, 1], like the training data. "
            f"Received: dtype {x.dtype}"
        )
    return x[:_KEPT].copy()


def _check_beside(name, values, x):
    """Labels or the like of the samples that are kept."""
    if values is None or x is None:
        return values
    return check_labels(name, values, len(x), "x")[:_KEPT]

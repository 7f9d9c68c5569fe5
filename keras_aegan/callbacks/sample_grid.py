"""A picture of what a model makes, after every few epochs."""

import math
import os
import pathlib
import tempfile

import keras
import numpy as np

from keras_aegan.callbacks.drawing import images_png
from keras_aegan.callbacks.drawing import lines_png
from keras_aegan.callbacks.drawing import matplotlib_figure
from keras_aegan.callbacks.event_file import EventFile

_ORIGINALS = 64
_PLOTS = 16


class SampleGrid(keras.callbacks.Callback):
    """Draw generated samples and reconstructions while a model trains.

    After every `every`-th epoch, and after the last one, a picture
    `epoch_0001.png` appears in `directory`. It shows samples from the same
    codes each time. Images are shown as tiles, values in [-1, 1] or, if none
    is negative, in [0, 1]; rows of a table and series as lines, at most 16.
    Drawing does not change the training. Needs Matplotlib:
    `pip install "keras_aegan[plot]"`.

    Args:
        directory: Path of the folder for the pictures; made if missing.
        originals: Array of samples `(samples, ...)`, scaled like the training
            data, to show beside their reconstructions: the first 64 of them.
            `None` for none.
        labels: Array, the labels of `originals`, for models that take any.
            Such a model's samples have labels drawn by `seed`.
        every: Positive integer, the epochs between two pictures.
        samples: Positive integer, the number of generated samples.
        seed: Integer, chooses the codes of the samples.
        log_dir: Path of a folder in which TensorBoard finds the pictures and
            the logs of every epoch; needs `tensorboard`. `None` for none.

    Raises:
        ValueError: if an argument is not as above, or, when training starts,
            a folder cannot be written to or `originals` do not fit the model.
        ImportError: when training starts, if Matplotlib, or for `log_dir`
            `tensorboard`, is missing.

    Example:

    >>> from keras_aegan.models import AEGAN
    >>> model = AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    >>> model.compile()
    >>> x = np.zeros((32, 8, 8, 1), "float32")
    >>> folder = tempfile.mkdtemp()
    >>> grid = SampleGrid(folder, originals=x[:8], every=2)
    >>> history = model.fit(x, epochs=3, verbose=0, callbacks=[grid])
    >>> sorted(os.listdir(folder))
    ['epoch_0002.png', 'epoch_0003.png']
    """

    def __init__(
        self,
        directory,
        originals=None,
        labels=None,
        every=1,
        samples=64,
        seed=0,
        log_dir=None,
    ):
        super().__init__()
        self.directory = pathlib.Path(directory)
        self.every = _checked_integer("every", every, least=1)
        self.samples = _checked_integer("samples", samples, least=1)
        self.seed = _checked_integer("seed", seed)
        self.log_dir = log_dir and pathlib.Path(log_dir)
        self.originals = originals if originals is None else _checked(originals)
        self.labels = labels
        self._events = self._epoch = self._drawn = None

    def on_train_begin(self, logs=None):
        matplotlib_figure()
        self._check_model()
        _make_writable("directory", self.directory)
        self._close()
        if self.log_dir:
            _make_writable("log_dir", self.log_dir)
            self._events = EventFile(self.log_dir)
        self._epoch = self._drawn = None
        self._arrays()  # What the model cannot make fails here.

    def on_epoch_end(self, epoch, logs=None):
        self._epoch = epoch + 1
        if self._events:
            self._events.add(self._epoch, logs or {})
        if self._epoch % self.every == 0:
            self._draw()

    def on_train_end(self, logs=None):
        if self._drawn != self._epoch:
            self._draw()
        self._close()

    def _check_model(self):
        shape = getattr(self.model, "sample_shape", ())
        if not 1 <= len(shape) <= 3:
            raise ValueError(
                "`SampleGrid` draws an `AdversarialModel` of samples of 1 to 3 "
                f"axes. Received: {self.model!r} of samples of shape {shape}"
            )
        if self.originals is not None and self.originals.shape[1:] != shape:
            raise ValueError(
                f"`originals` must have the shape (samples, *{shape}). "
                f"Received: an array of shape {self.originals.shape}"
            )

    def _arrays(self):
        """Dict from title to samples, `(samples, ...)` in float32."""
        most = None if len(self.model.sample_shape) == 3 else _PLOTS
        count = min(self.samples, most or self.samples)
        arrays = {"samples": self.model.generate(count, seed=self.seed)}
        if self.originals is not None:
            arrays["originals"] = x = self.originals[:most]
            told = (
                {} if self.labels is None else {"labels": self.labels[: len(x)]}
            )
            arrays["reconstructions"] = self.model.reconstruct(x, **told)
        return {k: np.asarray(x, "float32") for k, x in arrays.items()}

    def _draw(self):
        is_image = len(self.model.sample_shape) == 3
        png = (images_png if is_image else lines_png)(self._arrays())
        path = self.directory / f"epoch_{self._epoch:04d}.png"
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            unfinished.write_bytes(png)
            os.replace(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
        if self._events:
            self._events.add(self._epoch, {}, png)
        self._drawn = self._epoch

    def _close(self):
        if self._events:
            self._events.close()
        self._events = None


def _checked_integer(name, value, least=-math.inf):
    if not isinstance(value, int | np.integer) or value < least:
        kind = "an integer" if least < 0 else "a positive integer"
        raise ValueError(f"`{name}` must be {kind}. Received: {name}={value!r}")
    return int(value)


def _checked(originals):
    array = keras.ops.convert_to_numpy(originals)
    if array.ndim < 2 or len(array) == 0:
        raise ValueError(
            "`originals` must be a non-empty array of shape (samples, ...). "
            f"Received: an array of shape {array.shape}"
        )
    if array.ndim == 4 and array.dtype.kind in "iu":
        raise ValueError(
            "`originals` must be scaled to [-1, 1] or [0, 1], like the "
            f"training data. Received: dtype {array.dtype}"
        )
    return array[:_ORIGINALS].copy()


def _make_writable(name, folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise ValueError(
            f"`{name}` must be a folder that can be written to. "
            f"Received: {name}={str(folder)!r} ({error.strerror})"
        ) from error

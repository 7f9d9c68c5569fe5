"""A picture of what a model makes, after every few epochs."""

import io
import math
import os
import pathlib
import socket
import struct
import tempfile
import time

import keras
import numpy as np

_DPI = 128  # A power of 2: a pixel is an exact fraction of an inch.
_MARGIN = 12
_TITLE = 18
_CHARACTER = 7
_TILE = 60
_ORIGINALS = 64
_PLOTS = 16
_PLOT = np.array([144, 96])


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
        self._events = self._epoch = self._drawn = None

    def on_train_begin(self, logs=None):
        _matplotlib()
        self._check_model()
        _make_writable("directory", self.directory)
        self._close()
        if self.log_dir:
            _make_writable("log_dir", self.log_dir)
            self._events = _EventFile(self.log_dir)
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
            arrays["reconstructions"] = self.model.reconstruct(x)
        return {k: np.asarray(x, "float32") for k, x in arrays.items()}

    def _draw(self):
        is_image = len(self.model.sample_shape) == 3
        png = (_draw_images if is_image else _draw_lines)(self._arrays())
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


class _EventFile:
    """One TensorBoard file for numbers and pictures.

    TensorBoard's `EventFileWriter` imports TensorFlow where it is installed,
    and of two files that grow in one folder it may show only one.
    """

    def __init__(self, folder):
        try:
            from tensorboard.compat.proto.event_pb2 import Event
            from tensorboard.summary.writer.record_writer import RecordWriter
        except ImportError as error:
            raise ImportError(
                "`SampleGrid(log_dir=...)` needs TensorBoard: "
                "`pip install tensorboard`"
            ) from error
        now = time.time_ns()
        name = f"{now // 10**9:010d}.{socket.gethostname()}.{os.getpid()}.{now}"
        file = open(folder / f"events.out.tfevents.{name}", "wb")
        self._event, self._records = Event, RecordWriter(file)
        self.close = file.close
        self.add(0, {}, file_version="brain.Event:2")

    def add(self, step, logs, png=None, **fields):
        event = self._event(step=step, wall_time=time.time(), **fields)
        for tag, value in logs.items():
            event.summary.value.add(tag=tag, simple_value=float(value))
        if png is not None:
            image = event.summary.value.add(tag="samples").image
            image.width, image.height = struct.unpack(">II", png[16:24])
            image.encoded_image_string = png
        self._records.write(event.SerializeToString())
        self._records.flush()


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


def _matplotlib():
    try:
        from matplotlib import figure
        from matplotlib.backends import backend_agg
    except ImportError as error:
        raise ImportError(
            '`SampleGrid` needs Matplotlib: `pip install "keras_aegan[plot]"`'
        ) from error
    return figure.Figure, backend_agg.FigureCanvasAgg


def _draw_images(arrays):
    """A PNG of panels of tiles; every pixel of an image is a square."""
    is_signed = any((x < -0.01).any() for x in arrays.values())
    scale = math.ceil(_TILE / max(arrays["samples"].shape[1:3]))
    rows = math.ceil(math.sqrt(max(map(len, arrays.values()))))
    panels = [_tiled(x, rows, scale, is_signed) for x in arrays.values()]
    figure, corners = _page(arrays, [x.shape[1::-1] for x in panels])
    for panel, (left, bottom) in zip(panels, corners):
        figure.figimage(panel, left, bottom, origin="upper")
    return _png(figure)


def _tiled(images, rows, scale, is_signed):
    """Images `(samples, height, width, channels)` as one of RGBA bytes."""
    if images.shape[-1] not in (1, 3, 4):
        images = images[..., :1]
    images = np.nan_to_num((images + 1) / 2 if is_signed else images)
    images = np.uint8(np.clip(images, 0, 1) * 255 + 0.5)
    height, width = (size * scale + scale for size in images.shape[1:3])
    columns = math.ceil(len(images) / rows)
    sheet = np.full((rows * height, columns * width, 4), 255, "uint8")
    for i, image in enumerate(images):
        top, left = i // columns * height, i % columns * width
        tile = sheet[top : top + height, left : left + width]
        tile[..., :3] = 160  # The gap, one grey pixel of the image.
        large = image.repeat(scale, 0).repeat(scale, 1)
        tile[:-scale, :-scale, : max(3, large.shape[-1])] = large
    return sheet[:-scale, :-scale]


def _draw_lines(arrays):
    """A PNG of small plots; reconstructions lie over grey originals."""
    panels = {"samples": [(arrays["samples"], None)]}
    if len(arrays) > 1:
        pair = [(arrays["originals"], "0.7"), (arrays["reconstructions"], None)]
        panels["reconstructions over originals (grey)"] = pair
    rows = math.ceil(math.sqrt(max(map(len, arrays.values()))))
    columns = [math.ceil(len(x[0][0]) / rows) for x in panels.values()]
    figure, corners = _page(panels, [_PLOT * (n, rows) for n in columns])
    shared = None
    for layers, count, (left, bottom) in zip(panels.values(), columns, corners):
        for i in range(len(layers[0][0])):
            place = (left, bottom) + _PLOT * (i % count, rows - 1 - i // count)
            size = np.array(figure.bbox.size)
            box = (*(place / size), *((_PLOT - 6) / size))
            shared = figure.add_axes(box, sharey=shared, xticks=[], yticks=[])
            for x, color in layers:
                marker = "." if len(x[i]) == 1 else ""
                shared.plot(x[i], marker, color=color, linewidth=0.8)
    return _png(figure)


def _page(titles, sizes):
    """A figure and the lower left corners of panels of given sizes."""
    figure_class, canvas_class = _matplotlib()
    widths = [max(w, _CHARACTER * len(t)) for t, (w, _) in zip(titles, sizes)]
    width = sum(widths) + _MARGIN * (len(widths) + 1)
    height = max(h for _, h in sizes) + _TITLE + 2 * _MARGIN
    inches = (width / _DPI, height / _DPI)
    figure = figure_class(inches, _DPI, facecolor="white")
    corners, left = [], _MARGIN
    for title, own, (_, h) in zip(titles, widths, sizes):
        top = height - _MARGIN - _TITLE
        figure.text(left / width, (top + 4) / height, title, fontsize=7)
        corners.append((left, top - h))
        left += own + _MARGIN
    canvas_class(figure)
    return figure, corners


def _png(figure):
    figure.canvas.print_png(file := io.BytesIO())
    return file.getvalue()

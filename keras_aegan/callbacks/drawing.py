"""Pictures of samples: images as tiles, rows and series as lines."""

import io
import math

import numpy as np

_DPI = 128  # A power of 2: a pixel is an exact fraction of an inch.
_MARGIN = 12
_TITLE = 18
_CHARACTER = 7
_TILE = 60
_PLOT = np.array([144, 96])


def matplotlib_figure():
    """Matplotlib's classes of figures and canvases, which need no screen."""
    try:
        from matplotlib import figure
        from matplotlib.backends import backend_agg
    except ImportError as error:
        raise ImportError(
            '`SampleGrid` needs Matplotlib: `pip install "keras_aegan[plot]"`'
        ) from error
    return figure.Figure, backend_agg.FigureCanvasAgg


def images_png(arrays):
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


def lines_png(arrays):
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
    figure_class, canvas_class = matplotlib_figure()
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

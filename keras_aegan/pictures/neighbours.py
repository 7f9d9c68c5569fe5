"""Does a model remember its training data, or make something new?"""

import numpy as np

from keras_aegan.metrics.nearest_neighbours import squared_distances
from keras_aegan.pictures.page import label
from keras_aegan.pictures.page import legend
from keras_aegan.pictures.samples import checked
from keras_aegan.pictures.samples import finite
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet

_BLOCK = 1000
_PLOT = (360, 260)


def neighbours(samples, training_data, nearest=5, rows=8):
    """Draw generated samples beside their nearest training samples.

    The generated samples that come closest to a training sample are shown,
    closest first, each with its distance. A plot compares these distances
    with those of training samples from their nearest among all others: a
    model that remembers comes closer than these do.

    Distances are Euclidean, of the samples' values; of sequences of integers
    it is the number of places in which they differ.

    Args:
        samples: Array of generated samples, `(samples, ...)`, better 256 than
            8.
        training_data: Array `(training samples, ...)`; each generated sample
            is compared with all of them.
        nearest: Positive integer, how many training samples to show beside
            each.
        rows: Positive integer, how many generated samples to show.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the shapes differ, or there are not more training
            samples than `nearest`.
        ImportError: if Matplotlib is missing.

    Example:

    >>> x = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 1))
    >>> figure = neighbours(samples=x[:10], training_data=x[10:])
    """
    samples = checked("samples", samples)
    data = checked("training_data", training_data)
    if samples.shape[1:] != data.shape[1:] or len(data) <= nearest:
        raise ValueError(
            f"`training_data` must be more than {nearest} samples of shape "
            f"{samples.shape[1:]}. Received: an array of shape {data.shape}"
        )
    samples = finite(samples)
    found, distances = nearest_of(samples, data, nearest)
    closest = np.argsort(distances[:, 0], kind="stable")[:rows]
    rest = [""] * (nearest - 1)
    places = np.linspace(0, len(data) - 1, min(len(data), len(samples)))
    places = places.astype(int)
    _, own = nearest_of(data[places], data, 2)
    lengths = {"generated": distances[:, 0], "training": own[:, 1]}
    panels = [
        Panel(
            "the closest, by distance",
            samples[closest],
            columns=1,
            row_names=tuple(f"{distances[i, 0]:.3g}" for i in closest),
            column_names=("generated",),
        ),
        Panel(
            "their neighbours",
            data[found[closest].reshape(-1)],
            columns=nearest,
            column_names=("nearest", *rest),
        ),
    ]
    title = "distance from the nearest training sample"
    return sheet(panels, (title, *_PLOT, lambda axes: _draw(axes, lengths)))


def nearest_of(samples, data, k):
    """The nearest samples of another set, nearest first.

    Args:
        samples: Array `(samples, ...)`.
        data: Array `(others, ...)` of samples of the same shape.
        k: Positive integer, not above the number of others.

    Returns:
        Tuple of arrays `(samples, k)`: positions in `data`, and distances.
    """
    is_discrete = samples.dtype.kind in "iu" and samples.ndim == 2
    measure = _differences if is_discrete else _euclidean
    rows = samples.reshape(len(samples), -1)
    distances = np.concatenate(
        [
            measure(rows, block.reshape(len(block), -1))
            for block in np.split(data, range(_BLOCK, len(data), _BLOCK))
        ],
        axis=1,
    )
    found = np.argpartition(distances, k - 1, axis=1)[:, :k]
    lengths = np.take_along_axis(distances, found, 1)
    order = np.argsort(lengths, axis=1, kind="stable")
    return (
        np.take_along_axis(found, order, 1),
        np.take_along_axis(lengths, order, 1),
    )


def _euclidean(rows, others):
    rows, others = rows.astype("float64"), others.astype("float64")
    blocks = [block for _, block in squared_distances(rows, others)]
    return np.sqrt(np.concatenate(blocks)).astype("float32")


def _differences(rows, others):
    counts = [(row != others).sum(-1) for row in rows]
    return np.stack(counts).astype("float32")


def _draw(axes, lengths):
    ends = np.histogram_bin_edges(np.concatenate(list(lengths.values())), 30)
    for (name, values), color in zip(lengths.items(), ("C1", "0.6")):
        text = f"{name}, median {np.median(values):.3g}"
        axes.hist(values, ends, color=color, alpha=0.6, label=text)
    legend(axes)
    axes.margins(y=0.25)
    axes.set_yticks([])
    label(axes)

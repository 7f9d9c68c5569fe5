"""Generated samples beside their nearest training samples."""

import numpy as np

from keras_aegan.arrays import check_samples
from keras_aegan.metrics.nearest_neighbours import squared_distances
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import legend
from keras_aegan.pictures.samples import finite
from keras_aegan.pictures.sheet import Panel
from keras_aegan.pictures.sheet import sheet
from keras_aegan.validation import check_integer

_BLOCK = 1000
_PLOT = (360, 260)


def neighbours(
    generated: np.ndarray,
    training_data: np.ndarray,
    num_neighbours: int = 5,
    num_rows: int = 8,
):
    """Draw generated samples beside their nearest training neighbours.

    The generated samples that come closest to a training sample are shown,
    closest first, each with its distance. A plot compares these distances
    with those between training samples and their nearest other training
    samples: a model that memorises its training data has smaller ones.

    Distances are Euclidean, between the samples' values, or, for sequences of
    integers, the number of positions in which they differ (Hamming).

    Args:
        generated: Array of generated samples, `(samples, ...)`, better 256
            than 8.
        training_data: Array `(training samples, ...)`; each generated sample
            is compared with all of them.
        num_neighbours: Positive integer, the number of training samples to
            show beside each.
        num_rows: Positive integer, the number of generated samples to show.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the shapes differ, or there are not more training
            samples than `num_neighbours`.
        ImportError: if Matplotlib is missing.

    Example:

    >>> x = np.random.default_rng(0).uniform(-1, 1, (40, 8, 8, 1))
    >>> figure = neighbours(x[:10], training_data=x[10:])
    """
    samples = check_samples("generated", generated, ndims=(1, 2, 3))
    count = check_integer("num_neighbours", num_neighbours)
    shape, minimum = samples.shape[1:], count + 1
    data = check_samples("training_data", training_data, shape, minimum)
    samples = finite(samples)
    found, distances = nearest_of(samples, data, count)
    num_rows = check_integer("num_rows", num_rows)
    closest = np.argsort(distances[:, 0], kind="stable")[:num_rows]
    rest = [""] * (count - 1)
    # As many training samples as generated ones, at equal steps. The nearest
    # of each is itself, the second nearest another one.
    chosen = np.linspace(0, len(data) - 1, min(len(data), len(samples)))
    chosen = chosen.astype(int)
    _, own = nearest_of(data[chosen], data, 2)
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
            columns=count,
            column_names=("nearest", *rest),
        ),
    ]
    title = "distance from the nearest training sample"
    return sheet(panels, (title, *_PLOT, lambda axes: _draw(axes, lengths)))


def nearest_of(samples: np.ndarray, data: np.ndarray, k: int) -> tuple:
    """The nearest samples in another set, nearest first.

    Args:
        samples: Array `(samples, ...)`.
        data: Array `(others, ...)` of samples of the same shape.
        k: Positive integer, not above the number of others.

    Returns:
        Tuple of arrays `(samples, k)`: indices into `data`, and distances.
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

"""Time series as lines."""

from collections.abc import Sequence

import numpy as np

from keras_aegan.arrays import check_samples
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import legend
from keras_aegan.pictures.figures import plots
from keras_aegan.validation import check_number

_MOST = 16


def series(
    x: np.ndarray,
    sample_rate: float | None = None,
    names: Sequence[str] | None = None,
):
    """Draw time series as lines, the first 16 of them.

    Args:
        x: Array `(samples, steps, channels)`.
        sample_rate: Positive float, steps per second. `None` for an axis of
            steps.
        names: List of strings, the names of the channels.

    Returns:
        Matplotlib figure, with the same range of values in all plots.

    Raises:
        ValueError: if an argument is not as above.
        ImportError: if Matplotlib is missing.

    Example:

    >>> time = np.linspace(0, 6, 50)
    >>> x = np.stack([np.sin(time), np.cos(time)], axis=1)
    >>> figure = series(x[None], names=["sine", "cosine"])
    """
    x = check_samples("x", x, ndims=(2,))[:_MOST]
    if names is not None and len(names) != x.shape[2]:
        raise ValueError(
            f"`names` must be {x.shape[2]} strings, one for each channel. "
            f"Received: names={names!r}"
        )
    if sample_rate is not None:
        check_number("sample_rate", sample_rate, 0.0, open_ends="lower")
    time = np.arange(x.shape[1]) / (1 if sample_rate is None else sample_rate)
    figure, all_axes = plots(len(x), 300, 150)
    for axes, lines in zip(all_axes, x):
        axes.sharey(all_axes[0])
        handles = axes.plot(time, lines, linewidth=0.8)
        label(axes, x="step" if sample_rate is None else "seconds")
    if names is not None:
        legend(all_axes[0], handles, names)
    return figure

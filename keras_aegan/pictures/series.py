"""Series as lines over time."""

import numpy as np

from keras_aegan.pictures.page import label
from keras_aegan.pictures.page import legend
from keras_aegan.pictures.page import plots
from keras_aegan.pictures.samples import checked

_MOST = 16


def series(x, sample_rate=None, names=None):
    """Draw series over time, the first 16 of them.

    Args:
        x: Array `(samples, steps, channels)`.
        sample_rate: Positive float, steps in a second. `None` for an axis of
            steps.
        names: List of strings, the channels' names.

    Returns:
        Matplotlib figure, with one range of values for all.

    Raises:
        ValueError: if an argument is not as above.
        ImportError: if Matplotlib is missing.

    Example:

    >>> time = np.linspace(0, 6, 50)
    >>> x = np.stack([np.sin(time), np.cos(time)], axis=1)
    >>> figure = series(x[None], names=["sine", "cosine"])
    """
    x = checked("x", x, axes=(2,))[:_MOST]
    if names is not None and len(names) != x.shape[2]:
        raise ValueError(
            f"`names` must be {x.shape[2]} strings, one for each channel. "
            f"Received: names={names!r}"
        )
    if sample_rate is not None and not sample_rate > 0:
        raise ValueError(
            "`sample_rate` must be positive, the steps in a second. "
            f"Received: sample_rate={sample_rate!r}"
        )
    time = np.arange(x.shape[1]) / (1 if sample_rate is None else sample_rate)
    figure, all_axes = plots(len(x), 300, 150)
    for axes, lines in zip(all_axes, x):
        axes.sharey(all_axes[0])
        drawn = axes.plot(time, lines, linewidth=0.8)
        label(axes, x="step" if sample_rate is None else "seconds")
    if names is not None:
        legend(all_axes[0], drawn, names)
    return figure

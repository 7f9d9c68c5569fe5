"""Losses and metrics over time."""

from collections.abc import Sequence

import keras

from keras_aegan.engine.log_names import players_in
from keras_aegan.pictures.figures import FONT
from keras_aegan.pictures.figures import label
from keras_aegan.pictures.figures import legend
from keras_aegan.pictures.figures import plots

_VALIDATION = "val_"


def history(
    logs: keras.callbacks.History | dict, epochs: Sequence | None = None
):
    """Draw the logs of `fit` over the epochs.

    What several players have is in one plot: `generator_loss` and
    `discriminator_loss` are in the plot `loss`. Everything else has a plot of
    its own. Values on validation data are dashed.

    Args:
        logs: What `fit` returns, a `keras.callbacks.History`, or its
            `history`, a dict from name to list of floats.
        epochs: List of numbers, the epochs of the values. `None` for 1, 2, 3
            and so on; lists that are shorter end earlier.

    Returns:
        Matplotlib figure.

    Raises:
        ValueError: if the logs or one of their lists are empty.
        ImportError: if Matplotlib is missing.

    Example:

    >>> from keras_aegan.models import VAE
    >>> model = VAE.for_shape((6,), latent_dim=2, width=2)
    >>> model.compile()
    >>> x = np.zeros((64, 6))
    >>> figure = history(model.fit(x, epochs=3, verbose=0))
    """
    if isinstance(logs, keras.callbacks.History):
        epochs = [epoch + 1 for epoch in logs.epoch]
        logs = logs.history
    if not logs or not all(len(values) for values in logs.values()):
        raise ValueError(
            "`logs` must be a dict from name to a non-empty list of floats. "
            f"Received: logs={logs!r}"
        )
    panels = grouped(logs)
    figure, all_axes = plots(len(panels))
    for axes, (title, lines) in zip(all_axes, panels.items()):
        colors = {}
        for name, line in lines.items():
            color = colors.setdefault(line, f"C{len(colors)}")
            _draw(axes, logs[name], epochs, name, color)
        if len(colors) > 1:
            handles = [
                axes.plot([], color=color)[0] for color in colors.values()
            ]
            legend(axes, handles, colors)
        label(axes, title, x="epoch")
        axes.xaxis.get_major_locator().set_params(integer=True)
    if any(name.startswith(_VALIDATION) for name in logs):
        text = "dashed: validation"
        figure.supxlabel(text, x=0.99, ha="right", fontsize=FONT)
    return figure


def grouped(logs):
    """Names of logs, grouped by plot.

    Args:
        logs: Dict whose keys are names of logs.

    Returns:
        Dict from the title of a plot to a dict from name to label of a line,
        the same label for training and validation.
    """
    plain = {name: name.removeprefix(_VALIDATION) for name in logs}
    players = players_in(plain.values())
    panels = {}
    for name, own in plain.items():
        player = next((p for p in players if own.startswith(f"{p}_")), None)
        title = own[len(player) + 1 :] if player else own
        panels.setdefault(title, {})[name] = player or own
    return panels


def _draw(axes, values, epochs, name, color):
    axes.plot(
        (epochs or range(1, len(values) + 1))[: len(values)],
        values,
        "--" if name.startswith(_VALIDATION) else "-",
        marker="." if len(values) == 1 else "",
        color=color,
        linewidth=1,
    )

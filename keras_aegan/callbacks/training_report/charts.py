"""Which lines share a chart of a report."""

from keras_aegan.engine import log_names

# Charts of what is measured of each player.
_MEASURED = {
    "gradient norms": (log_names.GRADIENT_NORM,),
    "logits of real and fake": (log_names.REAL_LOGITS, log_names.FAKE_LOGITS),
    "accuracy on real and fake": (
        log_names.REAL_ACCURACY,
        log_names.FAKE_ACCURACY,
    ),
    "losses of discriminators, one batch": (log_names.DISCRIMINATION_LOSS,),
}
# Title and ends of the names that it takes, in this order.
_GROUPS = {
    "failure modes found": ("failure_modes",),
    **{
        title: tuple(f"_{kind}" for kind in kinds)
        for title, kinds in _MEASURED.items()
    },
    "samples compared with data (1: alike)": (
        "sample_diversity",
        "sample_density",
        "sample_coverage",
    ),
    "ranges": (
        "data_min",
        "data_max",
        "samples_min",
        "samples_max",
        "output_low",
        "output_high",
    ),
    "share of values at the ends of the range": (
        "output_saturation",
        "data_saturation",
    ),
    "share of active units": ("active_units_share",),
    "seconds": ("_seconds",),
}


def charts(players, names):
    """The charts of a report.

    Args:
        players: Dict from player to the names of its losses in the logs.
        names: Names in the logs, those of validation with `val_` in front.

    Returns:
        List of dicts of `section`, `title` and `lines`, names without `val_`.
        Each name is in one chart.
    """
    left = list(dict.fromkeys(name.removeprefix("val_") for name in names))
    losses, metrics, diagnostics = [], [], []

    def take(section, title, lines):
        lines = [name for name in lines if name in left]
        left[:] = [name for name in left if name not in lines]
        title = title.replace("_", " ")
        return [{"section": section, "title": title, "lines": lines}][
            : len(lines)
        ]

    losses += take("losses", log_names.LOSS, [log_names.LOSS])
    for player, names in players.items():
        losses += take("losses", player, names)
    for title, ends in _GROUPS.items():
        found = [name for name in left if name.endswith(ends)]
        diagnostics += take("diagnostics", title, found)
    for name in list(left):
        metrics += take("metrics", name, [name])
    return [*losses, *metrics, *diagnostics]

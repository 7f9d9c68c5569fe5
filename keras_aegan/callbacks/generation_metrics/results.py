"""Names and values of the results of metrics."""

import numpy as np


def results_of(metrics, diverged):
    """Results of metrics that give a number or a dict.

    Args:
        metrics: List of metrics.
        diverged: List of those whose results are NaN.

    Returns:
        Dict from name to float.
    """
    values = []
    for metric in metrics:
        if metric in diverged:
            values += [np.nan] * len(entries_of(metric))
        else:
            values += _result(metric).values()
    return {
        name: float(value) for name, value in zip(names_of(metrics), values)
    }


def names_of(metrics):
    """Names of the results, which are known before anything is measured.

    Args:
        metrics: List of metrics.
    """
    names = []
    for metric in metrics:
        for name in entries_of(metric):
            # Two metrics of one kind may give the same entries.
            names.append(f"{metric.name}_{name}" if name in names else name)
    return names


def entries_of(metric):
    """Names of what one metric results in, by itself."""
    spread = [f"{metric.name}_spread"] if hasattr(metric, "spread") else []
    return getattr(metric, "entries", None) or [metric.name, *spread]


def _result(metric):
    result = metric.result()
    if isinstance(result, dict):
        return {name: result[name] for name in metric.entries}
    spread = [metric.spread()] if hasattr(metric, "spread") else []
    return dict(zip(entries_of(metric), [result, *spread]))

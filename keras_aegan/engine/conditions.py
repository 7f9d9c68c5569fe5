"""Labels and other conditions: whether a model takes them, and which."""

import numpy as np
from keras import ops

from keras_aegan.layers import Conditional


def condition_of(model):
    """The first `Conditional` among the parts of a model, or `None`."""
    parts = (getattr(model, name) for name in model.part_names)
    return next((p for p in parts if isinstance(p, Conditional)), None)


def checked(model, labels, count, argument="labels"):
    """Labels as an array, if they are what the model takes.

    Args:
        model: An `AdversarialModel`.
        labels: Array, one label or condition for each sample, or `None`.
        count: Integer, how many samples.
        argument: What the caller calls `labels`.

    Returns:
        Array, or `None` for a model without condition.

    Raises:
        ValueError: if they are missing, of another shape, or out of range.
    """
    told = condition_of(model)
    if told is None:
        if labels is None:
            return None
        raise ValueError(
            f"`{argument}` is for models with a condition, made by "
            f"`for_shape(..., num_classes=...)`. Received: labels for "
            f"{type(model).__name__}, which has none"
        )
    if told.num_classes is None:
        expected = (count, *told.condition_shape)
        what = f"conditions of shape {expected}"
    else:
        expected = (count,)
        what = f"{count} integers in [0, {told.num_classes})"
    if labels is not None:
        labels = ops.convert_to_numpy(labels)
        if told.num_classes is not None and labels.ndim == 2:
            labels = labels.reshape(-1)
    if labels is None or labels.shape != expected or _outside(told, labels):
        found = "none" if labels is None else _described(labels)
        raise ValueError(f"`{argument}` must be {what}. Received: {found}")
    return labels


def drawn(model, n, labels, seed):
    """How many samples to generate, and their labels.

    Args:
        model: An `AdversarialModel`.
        n: Positive integer, or `None` for as many as there are labels.
        labels: Array, or `None` for labels drawn uniformly.
        seed: Integer of the draw.

    Raises:
        ValueError: if `n` is not a positive integer or the number of labels.
    """
    if n is None and labels is not None:
        n = len(labels)
    if not isinstance(n, int) or n < 1:
        raise ValueError(f"`n` must be a positive integer. Received: n={n!r}")
    told = condition_of(model)
    if labels is None and told is not None and told.num_classes is not None:
        labels = np.random.default_rng(seed).integers(told.num_classes, size=n)
    return n, checked(model, labels, n)


def _outside(told, labels):
    if told.num_classes is None:
        return not np.all(np.isfinite(labels))
    whole = np.all(labels == np.round(labels))
    return not (whole and labels.min() >= 0 and labels.max() < told.num_classes)


def _described(labels):
    ends = f"{labels.min()} to {labels.max()}" if labels.size else "nothing"
    return f"an array of shape {labels.shape} with {ends}"

"""Checks of samples and labels, before any step runs."""

import warnings

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.layers import Conditional
from keras_aegan.network_shapes import output_shape

_RANGES = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, float("inf")),
    "softplus": (0.0, float("inf")),
}
_SCALING = {
    (-1.0, 1.0): "x / 127.5 - 1",
    (0.0, 1.0): "x / 255",
}

# === Samples ===


def check_fit_data(model, x, y):
    """Check what `fit` is given, as far as it is in memory; return labels.

    Args:
        model: `AdversarialModel`.
        x: Samples, an array or any data set.
        y: Labels or `None`.
    """
    check_samples(model, x)
    if hasattr(x, "shape") and condition_of(model) is not None:
        return check_labels(model, y, len(x), argument="y")
    return y


def check_samples(model, x):
    """Raise if data in memory does not fit the model; warn about its range.

    Data sets and generators are checked batch by batch, by `check_batch`.
    """
    if not hasattr(x, "shape") or not hasattr(x, "dtype"):
        return
    shape = tuple(x.shape)
    if len(shape) != len(model.sample_shape) + 1 or shape[0] == 0:
        raise ValueError(
            "The samples must be a non-empty array of shape (samples, "
            f"{str(tuple(model.sample_shape))[1:-1].rstrip(',')}). "
            f"Received: an array of shape {shape}"
        )
    check_batch(model, x)
    array = keras.ops.convert_to_numpy(x)
    if model.is_discrete:
        _check_tokens(array, output_shape(model.generator)[-1])
    if np.issubdtype(array.dtype, np.floating):
        _check_range(array, output_range(model.generator))


def check_batch(model, x):
    """Raise if a batch, as a step sees it, does not fit the model."""
    if keras.tree.is_nested(x):
        raise ValueError(
            "The samples must be one tensor. "
            f"Received: {keras.tree.map_structure(type, x)}"
        )
    check_shape(x.shape[1:], model.sample_shape, "A batch of samples")
    is_integer = "int" in str(x.dtype)
    if model.is_discrete:
        if not is_integer:
            raise ValueError(
                "The samples must be integers, such as the numbers of tokens. "
                f"Received: dtype {x.dtype}"
            )
        return
    reach = output_range(model.generator)
    if reach is not None and is_integer:
        raise ValueError(
            f"The samples are integers, but the generator's output lies in "
            f"{list(reach)}. Scale them to floating-point numbers in that "
            f"range{_hint(reach)}. Received: dtype {x.dtype}"
        )


def check_shape(received, expected, what):
    """Raise if two shapes without the batch axis differ."""
    received, expected = tuple(received), tuple(expected)
    if received != expected:
        raise ValueError(
            f"{what} must have the shape {expected} without the batch axis. "
            f"Received: {received}"
        )


def output_range(network):
    """The range of a network's output activation, or `None` for all."""
    while getattr(network, "layers", None):
        # The layers of a subclassed network have no order.
        if not hasattr(network, "output_shape"):
            return None
        network = network.layers[-1]
    activation = getattr(network, "activation", None)
    return _RANGES.get(getattr(activation, "__name__", None))


def _check_tokens(array, count):
    if array.min() < 0 or array.max() >= count:
        raise ValueError(
            f"The samples must be integers in [0, {count}), for which the "
            f"generator has logits. Received: {array.min()} to {array.max()}"
        )


def _check_range(array, reach):
    low, high = float(array.min()), float(array.max())
    if not np.isfinite(low + high):
        broken = int((~np.isfinite(array)).sum())
        raise ValueError(
            "The samples must be finite. Received: an array with "
            f"{broken} values that are NaN or infinite"
        )
    if reach is not None and not (
        reach[0] - 1e-3 <= low and high <= reach[1] + 1e-3
    ):
        warnings.warn(
            f"The samples lie in [{low:g}, {high:g}], but the generator's "
            f"output in {list(reach)}: what is outside can never be "
            f"reconstructed{_hint(reach)}.",
            stacklevel=5,
        )


def _hint(reach):
    return f" (images: `{_SCALING[reach]}`)" if reach in _SCALING else ""


# === Labels and other conditions ===


def condition_of(model):
    """The first `Conditional` among the parts of a model, or `None`."""
    parts = (getattr(model, name) for name in model.part_names)
    return next((p for p in parts if isinstance(p, Conditional)), None)


def check_labels(model, labels, count, argument="labels"):
    """Labels as an array, if they are what the model takes.

    Args:
        model: `AdversarialModel`.
        labels: Array, one label or condition for each sample, or `None`.
        count: Integer, how many samples.
        argument: What the caller calls `labels`.

    Returns:
        Array, or `None` for a model without condition.

    Raises:
        ValueError: if they are missing, of another shape, or out of range.
    """
    conditional = condition_of(model)
    if conditional is None:
        if labels is None:
            return None
        raise ValueError(
            f"`{argument}` is for models with a condition, made by "
            f"`for_shape(..., num_classes=...)`. Received: labels for "
            f"{type(model).__name__}, which has none"
        )
    num_classes = conditional.num_classes
    if num_classes is None:
        expected = (count, *conditional.condition_shape)
        what = f"conditions of shape {expected}"
    else:
        expected = (count,)
        what = f"{count} integers in [0, {num_classes})"
    if labels is not None:
        labels = keras.ops.convert_to_numpy(labels)
        if num_classes is not None and labels.ndim == 2:
            labels = labels.reshape(-1)
    if (
        labels is None
        or labels.shape != expected
        or not _are_valid(labels, num_classes)
    ):
        received = "none" if labels is None else _description(labels)
        raise ValueError(f"`{argument}` must be {what}. Received: {received}")
    return labels


def labels_to_generate(model, num_samples, labels, seed):
    """How many samples to generate, and their labels.

    Args:
        model: `AdversarialModel`.
        num_samples: Positive integer, or `None` for one for each label.
        labels: Array, or `None` for labels that are sampled uniformly.
        seed: Integer, for these.

    Raises:
        ValueError: if `num_samples` is not a positive integer or not the
            number of labels.
    """
    if num_samples is None and labels is not None:
        num_samples = len(labels)
    num_samples = validation.check_integer("num_samples", num_samples)
    conditional = condition_of(model)
    num_classes = getattr(conditional, "num_classes", None)
    if labels is None and num_classes is not None:
        random = np.random.default_rng(seed)
        labels = random.integers(num_classes, size=num_samples)
    return num_samples, check_labels(model, labels, num_samples)


def _are_valid(labels, num_classes):
    if num_classes is None:
        return np.all(np.isfinite(labels))
    is_whole = np.all(labels == np.round(labels))
    return is_whole and labels.min() >= 0 and labels.max() < num_classes


def _description(labels):
    ends = f"{labels.min()} to {labels.max()}" if labels.size else "nothing"
    return f"an array of shape {labels.shape} with {ends}"

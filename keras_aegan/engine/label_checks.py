"""Checks of labels and other conditions, before any step runs."""

import warnings

import keras
import numpy as np

from keras_aegan import validation
from keras_aegan.engine.data_checks import as_numbers
from keras_aegan.engine.data_checks import check_samples
from keras_aegan.engine.data_checks import is_array
from keras_aegan.engine.labels import condition_of
from keras_aegan.engine.labels import is_target


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
    if num_classes is not None:
        return check_classes(argument, labels, count, num_classes)
    shape = conditional.condition_shape
    return check_conditions(argument, labels, count, shape)


def check_classes(
    name: str, labels, count: int, num_classes: int, lowest: int = 0
) -> np.ndarray:
    """Labels of classes as an array of integers.

    Args:
        name: What the caller calls them.
        labels: Array `(count,)` or `(count, 1)` of whole numbers.
        count: Integer, how many samples there are.
        num_classes: Positive integer.
        lowest: 0, or -1 where that stands for "no label".

    Returns:
        Array `(count,)`, int32.

    Raises:
        ValueError: if they are missing or not as above.
    """
    expected = f"{count} labels, integers in [{lowest}, {num_classes})"
    if labels is None:
        raise ValueError(f"`{name}` must be {expected}. Received: none")
    array = np.asarray(
        labels
        if isinstance(labels, (list, tuple))
        else keras.ops.convert_to_numpy(labels)
    )
    if array.shape == (count, num_classes) and num_classes > 1:
        raise ValueError(
            f"`{name}` must be {expected}. Received: one-hot labels of shape "
            f"{array.shape} (`y.argmax(-1)` makes integers of them)"
        )
    is_number = array.dtype.kind in "iufb" or "float" in str(array.dtype)
    if array.dtype == object:
        is_number = all(validation.is_integer(each) for each in array.flat)
    if not is_number:
        raise ValueError(
            f"`{name}` must be {expected}. Received: dtype {array.dtype} "
            "(`numpy.unique(y, return_inverse=True)` numbers names)"
        )
    if array.shape == (count, 1):
        array = array.reshape(-1)
    numbers = array.astype("float64")
    is_whole = np.all(numbers == np.round(numbers))
    ends = f"{numbers.min():g} to {numbers.max():g}" if count else "nothing"
    if (
        array.shape != (count,)
        or not is_whole
        or np.any(numbers < lowest)
        or np.any(numbers >= num_classes)
    ):
        raise ValueError(
            f"`{name}` must be {expected}. Received: an array of shape "
            f"{array.shape} with {ends}"
        )
    return array.astype("int32")


def check_targets(model, x, y, warns: bool = False):
    """What comes with the samples of `fit`, as an array, or `None`.

    Args:
        model: `AdversarialModel`.
        x: Array of samples, checked.
        y: Labels, conditions or samples to denoise to, or `None`.
        warns: Boolean, whether to warn of labels that nobody looks at.

    Raises:
        ValueError: if it is not what the model takes.
    """
    kind = model.label_kind
    if y is None and (kind is None or not kind.is_required):
        return None
    if kind is None:
        return _check_unasked(model, x, y, warns)
    if kind.num_classes is None:
        return check_conditions("y", y, len(x), kind.shape)
    lowest = -1 if kind.may_be_unknown else 0
    return check_classes("y", y, len(x), kind.num_classes, lowest)


def _check_unasked(model, x, y, warns):
    """`y` of a model that takes no labels: perhaps samples to denoise to."""
    if is_array(y) and (len(y.shape) == 0 or len(y) != len(x)):
        raise ValueError(
            f"`y` must have an entry for each of {len(x)} samples. "
            f"Received: an array of shape {tuple(y.shape)}"
        )
    if is_target(model, y):
        return check_samples(model, y, "y")
    if warns:
        warnings.warn(
            f"{type(model).__name__} takes no labels: `y` is not looked at. "
            "`for_shape(..., num_classes=...)` makes networks that are "
            "conditioned on labels; a model of your own that uses them says "
            "so by its `label_kind`.",
            stacklevel=5,
        )
    is_number = is_array(y) and np.asarray(y).dtype.kind in "iufb"
    return as_numbers("y", y) if is_number else None


def check_conditions(name: str, vectors, count: int, shape: tuple):
    """Conditions, vectors of one shape, as an array.

    Raises:
        ValueError: if they are missing or not finite numbers of that shape.
    """
    expected = (count, *shape)
    if vectors is None or tuple(np.shape(vectors)) != expected:
        received = "none" if vectors is None else f"shape {np.shape(vectors)}"
        raise ValueError(
            f"`{name}` must be conditions of shape {expected}. "
            f"Received: {received}"
        )
    return as_numbers(name, vectors)


def check_sample_weight(sample_weight, count):
    """Weights of samples as an array `(count,)`.

    Raises:
        ValueError: if they are not one non-negative number for each.
    """
    weights = as_numbers("sample_weight", sample_weight)
    if weights.shape == (count, 1):
        weights = weights.reshape(-1)
    if weights.shape != (count,) or np.any(weights < 0):
        raise ValueError(
            "`sample_weight` must be one non-negative number for each of "
            f"{count} samples. Received: an array of shape {weights.shape}"
        )
    return weights


def check_class_weight(class_weight, y, count):
    """Weights of samples that follow from their labels, as in Keras.

    Args:
        class_weight: Dict from label to weight; 1 for a label that is missing.
        y: Array of labels, integers or one-hot.
        count: Integer, how many samples there are.

    Returns:
        Array `(count,)`, float32.

    Raises:
        ValueError: if `class_weight` is not a dict from whole numbers to
            non-negative numbers, or `y` not a label for each sample.
    """
    if not isinstance(class_weight, dict):
        raise ValueError(
            "`class_weight` must be a dict from label to weight. "
            f"Received: class_weight={class_weight!r}"
        )
    weights = {
        validation.check_integer("class_weight", label, -1): (
            validation.check_number("class_weight", weight, 0)
        )
        for label, weight in class_weight.items()
    }
    if y is None:
        raise ValueError(
            "`class_weight` needs `y`, the labels that it weighs. "
            f"Received: class_weight={class_weight!r} and y=None"
        )
    labels = as_numbers("y", y)
    if labels.ndim == 2 and labels.shape[1] > 1:
        labels = labels.argmax(axis=-1)
    if labels.shape not in ((count,), (count, 1)):
        raise ValueError(
            f"With `class_weight`, `y` must be {count} labels of classes, "
            f"integers or one-hot. Received: an array of shape {labels.shape}"
        )
    rounded = np.round(labels.reshape(-1)).astype("int32")
    return np.array([weights.get(int(n), 1.0) for n in rounded], "float32")


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
    if conditional is None and labels is not None:
        # Networks that ignore labels may have a prior that knows them.
        classes = getattr(model.code_prior, "label_classes", 0)
        if classes:
            labels = check_classes("labels", labels, num_samples, classes)
            return num_samples, labels
    num_classes = getattr(conditional, "num_classes", None)
    if labels is None and num_classes is not None:
        random = np.random.default_rng(seed)
        labels = random.integers(num_classes, size=num_samples)
    return num_samples, check_labels(model, labels, num_samples)

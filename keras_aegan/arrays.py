"""Checks of arrays, each with one message for the whole package.

Like those of `validation.py` they return the value, as a NumPy array, or raise
a `ValueError` that says what was expected and `Received: ...`.
"""

import numpy as np
from keras import KerasTensor
from keras import ops


def real_numbers(name: str, value) -> np.ndarray:
    """An array of real numbers; bfloat16, which NumPy lacks, as float32.

    Args:
        name: What the caller calls the argument.
        value: Anything that Keras converts to an array.
    """
    try:
        array = np.asarray(ops.convert_to_numpy(value))
    except (TypeError, ValueError) as error:
        raise _no_array(name, value, error) from error
    if array.dtype.name.startswith(("bfloat", "float8")):
        array = array.astype("float32")
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"`{name}` must be an array of real numbers. "
            f"Received: an array of {array.dtype}"
        )
    return array


def array_or_tensor(name: str, value):
    """A tensor as it is, and anything else as by `real_numbers`.

    Args:
        name: What the caller calls the argument.
        value: Tensor, or anything that Keras converts to an array.
    """
    is_tensor = ops.is_tensor(value) or isinstance(value, KerasTensor)
    return value if is_tensor else real_numbers(name, value)


def check_same_shape(names: tuple[str, str], first, second, start: int = 0):
    """Two arrays or tensors of one shape, where that is known.

    Backends would otherwise compare `(samples, 1)` with `(samples,)` as all
    pairs.

    Args:
        names: What the caller calls the two.
        first: Array or tensor.
        second: The same.
        start: Integer, the first axis that counts; the number of axes always
            does.
    """
    shapes = tuple(first.shape), tuple(second.shape)
    fits = len(shapes[0]) == len(shapes[1]) and all(
        a == b or None in (a, b)
        for a, b in zip(shapes[0][start:], shapes[1][start:])
    )
    if not fits:
        batch = " but for the number of samples" if start else ""
        raise ValueError(
            f"`{names[0]}` and `{names[1]}` must have the same shape{batch}. "
            f"Received: {shapes[0]} and {shapes[1]}"
        )


def weigh(values, sample_weight):
    """Values of samples times the weights of these.

    Args:
        values: Tensor `(batch_size, ...)`.
        sample_weight: Tensor `(batch_size,)`, or `None` for 1 each, which
            costs nothing.
    """
    if sample_weight is None:
        return values
    shape, count = tuple(values.shape), sample_weight.shape[0]
    if not shape or (shape[0] != count and None not in (shape[0], count)):
        raise ValueError(
            "Samples can be weighed where each has values of its own: a "
            f"tensor of shape (batch_size, ...). Received: shape {shape} for "
            f"{count} weights"
        )
    weights = ops.cast(sample_weight, values.dtype)
    return values * ops.reshape(weights, (-1, *[1] * (len(shape) - 1)))


def check_samples(
    name: str,
    value,
    shape: tuple | None = None,
    minimum: int = 1,
    ndims: tuple[int, ...] | None = None,
) -> np.ndarray:
    """Samples as a NumPy array with an axis of samples.

    Args:
        name: What the caller calls the argument.
        value: Anything that Keras converts to an array of real numbers.
        shape: Shape of one sample, or `None` for any.
        minimum: Integer, how many samples there must be.
        ndims: How many axes one sample may have, or `None` for any number.
    """
    array = real_numbers(name, value)
    expected = "(samples, ...)"
    if shape is not None:
        expected = f"(samples, {', '.join(map(str, shape))})"
    elif ndims is not None:
        counts = " or ".join(map(str, ndims))
        expected = f"(samples, ...), with {counts} axes for each sample"
    fits = (
        array.ndim > 1
        and 0 not in array.shape[1:]
        and (shape is None or array.shape[1:] == tuple(shape))
        and (ndims is None or array.ndim - 1 in ndims)
    )
    if not fits or len(array) < minimum:
        kind = "a non-empty array"
        if minimum > 1:
            kind = f"an array of at least {minimum} samples,"
        raise ValueError(
            f"`{name}` must be {kind} of shape {expected}. "
            f"Received: an array of shape {array.shape}"
        )
    return array


def check_labels(name: str, value, count: int, of: str) -> np.ndarray:
    """Labels as a NumPy array, one for each sample: finite numbers or text.

    Args:
        name: What the caller calls the argument.
        value: Anything that Keras converts to an array.
        count: Integer, how many samples there are.
        of: What the caller calls the samples.
    """
    labels = _as_array(name, value)
    if labels.ndim == 0 or len(labels) != count:
        raise ValueError(
            f"`{name}` must be those of `{of}`, one for each. Received: "
            f"an array of shape {labels.shape} for {count} samples"
        )
    if labels.dtype.kind in "Oc":
        raise ValueError(
            f"`{name}` must be real numbers or strings. "
            f"Received: an array of dtype {labels.dtype}"
        )
    return check_finite(name, labels) if labels.dtype.kind == "f" else labels


def _as_array(name, value):
    try:
        array = ops.convert_to_numpy(value)
        # Pandas has columns of text, and of mixed numbers, as objects.
        return np.array(array.tolist()) if array.dtype.kind == "O" else array
    except (TypeError, ValueError) as error:
        raise _no_array(name, value, error) from error


def _no_array(name, value, error):
    return ValueError(
        f"`{name}` must be an array. Received: a {type(value).__name__} that "
        f"is none: {error}"
    )


class NotFiniteError(ValueError):
    """There are NaN or infinity, as in a run that has diverged."""


def check_finite(name: str, array: np.ndarray) -> np.ndarray:
    """An array without NaN and infinity.

    Args:
        name: What the caller calls the argument.
        array: Array of numbers.

    Raises:
        NotFiniteError: a `ValueError`.
    """
    if not array.size or array.dtype.kind in "biu":
        return array
    # Two passes without memory of their own: NaN comes through both.
    with np.errstate(invalid="ignore"):
        ends = np.array([array.min(), array.max()])
    if np.isfinite(ends).all():
        return array
    broken = ~np.isfinite(array)
    rows = broken.reshape(len(array), -1).any(axis=1).nonzero()[0]
    shown = ", ".join(map(str, rows[:5])) + (", ..." if len(rows) > 5 else "")
    raise NotFiniteError(
        f"`{name}` must be finite. Received: {broken.sum()} of {array.size} "
        f"values are NaN or infinite, in {len(rows)} of {len(array)} rows "
        f"({shown})"
    )

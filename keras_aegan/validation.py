"""Checks of arguments, each with one message for the whole package.

Every check returns the value, converted where that helps, or raises a
`ValueError` that says what was expected and `Received: ...`.
"""

import numbers
from collections.abc import Iterable

import numpy as np
from keras import ops


def is_integer(value) -> bool:
    """Whether a value is a whole number; NumPy's count, booleans do not."""
    return isinstance(value, numbers.Integral) and not isinstance(
        value, (bool, np.bool_)
    )


def check_integer(name: str, value, minimum: int | None = 1) -> int:
    """An integer of at least `minimum`.

    Args:
        name: What the caller calls the argument.
        value: Any value.
        minimum: Integer, or `None` for any integer.
    """
    if not is_integer(value) or (minimum is not None and value < minimum):
        kinds = {
            None: "an integer",
            0: "a non-negative integer",
            1: "a positive integer",
        }
        kind = kinds.get(minimum, f"an integer of at least {minimum}")
        raise ValueError(f"`{name}` must be {kind}. Received: {name}={value!r}")
    return int(value)


def check_number(
    name: str,
    value,
    minimum: float = -np.inf,
    maximum: float = np.inf,
    open_ends: str = "",
) -> float:
    """A finite number in an interval.

    Args:
        name: What the caller calls the argument.
        value: Any value.
        minimum: Float, the lower end.
        maximum: Float, the upper end.
        open_ends: Which ends do not belong to the interval: `"lower"`,
            `"upper"`, `"both"` or `""`.
    """
    low_is_open = open_ends in ("lower", "both")
    high_is_open = open_ends in ("upper", "both")
    fits = (
        isinstance(value, numbers.Real)
        and not isinstance(value, (bool, np.bool_))
        and np.isfinite(value)
        and (minimum < value or (minimum == value and not low_is_open))
        and (value < maximum or (maximum == value and not high_is_open))
    )
    if not fits:
        kind = _interval(minimum, maximum, low_is_open, high_is_open)
        raise ValueError(f"`{name}` must be {kind}. Received: {name}={value!r}")
    return float(value)


def _interval(low, high, low_is_open, high_is_open):
    if high == np.inf:
        if low == -np.inf:
            return "a number"
        if low == 0:
            return "positive" if low_is_open else "non-negative"
        return f"{'above' if low_is_open else 'at least'} {low:g}"
    ends = "(" if low_is_open else "[", ")" if high_is_open else "]"
    return f"in {ends[0]}{low:g}, {high:g}{ends[1]}"


def check_in(name: str, value, choices: Iterable):
    """One of some values.

    Args:
        name: What the caller calls the argument.
        value: Any value.
        choices: The values that are allowed.
    """
    choices = list(choices)
    if not any(value is x or value == x for x in choices):
        raise ValueError(
            f"`{name}` must be one of {choices}. Received: {name}={value!r}"
        )
    return value


def check_known(name: str, given: Iterable[str], known: Iterable[str], what):
    """Names that are all among the known ones.

    Args:
        name: What the caller calls the argument.
        given: Names.
        known: The names that are allowed.
        what: What the names are of, such as `"players"`.
    """
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(
            f"`{name}` names {what} that this model does not have. "
            f"Expected some of {list(known)}. Received: {unknown}"
        )


def check_shape(name: str, value) -> tuple[int, ...]:
    """The shape of one sample: positive integers, as a tuple.

    Args:
        name: What the caller calls the argument.
        value: Any value.
    """
    sizes = list(value) if isinstance(value, Iterable) else []
    if not sizes or not all(is_integer(n) and n > 0 for n in sizes):
        raise ValueError(
            f"`{name}` must be a tuple of positive integers, the shape of one "
            f"sample. Received: {name}={value!r}"
        )
    return tuple(map(int, sizes))


def check_range(name: str, value) -> tuple[float, float]:
    """The lower and the upper end of an interval, such as black and white.

    Args:
        name: What the caller calls the argument.
        value: Any value.
    """
    try:
        low, high = (float(end) for end in value)
    except (TypeError, ValueError):
        low = high = 0.0
    if not low < high:
        raise ValueError(
            f"`{name}` must be a pair of increasing numbers. "
            f"Received: {name}={value!r}"
        )
    return low, high


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
        value: Anything that Keras converts to an array.
        shape: Shape of one sample, or `None` for any.
        minimum: Integer, how many samples there must be.
        ndims: How many axes one sample may have, or `None` for any number.
    """
    array = ops.convert_to_numpy(value)
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
    """Labels as a NumPy array, one for each sample.

    Args:
        name: What the caller calls the argument.
        value: Anything that Keras converts to an array.
        count: Integer, how many samples there are.
        of: What the caller calls the samples.
    """
    labels = ops.convert_to_numpy(value)
    if labels.ndim == 0 or len(labels) != count:
        raise ValueError(
            f"`{name}` must be those of `{of}`, one for each. Received: "
            f"an array of shape {labels.shape} for {count} samples"
        )
    return labels


def check_finite(name: str, array: np.ndarray) -> np.ndarray:
    """An array without NaN and infinity.

    Args:
        name: What the caller calls the argument.
        array: Array of numbers.
    """
    broken = np.count_nonzero(~np.isfinite(array))
    if broken:
        raise ValueError(
            f"`{name}` must be finite. Received: {broken} of {array.size} "
            "values are NaN or infinite"
        )
    return array

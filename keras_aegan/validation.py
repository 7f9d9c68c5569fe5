"""Checks of arguments, each with one message for the whole package.

Every check returns the value, converted where that helps, or raises a
`ValueError` that says what was expected and `Received: ...`.
"""

import numbers
from collections.abc import Iterable

import numpy as np
from keras import ops


def _plain(value):
    """The number in a 0-d array or tensor; anything else as it is."""
    is_array = isinstance(value, (np.ndarray, np.generic))
    if (is_array or ops.is_tensor(value)) and len(value.shape) == 0:
        return ops.convert_to_numpy(value).item()
    return value


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
    number = _plain(value)
    if not is_integer(number) or (minimum is not None and number < minimum):
        kinds = {
            None: "an integer",
            0: "a non-negative integer",
            1: "a positive integer",
        }
        kind = kinds.get(minimum, f"an integer of at least {minimum}")
        raise ValueError(f"`{name}` must be {kind}. Received: {name}={value!r}")
    return int(number)


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
    number = _plain(value)
    is_real = isinstance(number, numbers.Real)
    fits = (
        is_real
        and not isinstance(number, bool)
        and np.isfinite(number)
        and (minimum < number or (minimum == number and not low_is_open))
        and (number < maximum or (maximum == number and not high_is_open))
    )
    if not fits:
        kind = _interval(minimum, maximum, low_is_open, high_is_open)
        raise ValueError(f"`{name}` must be {kind}. Received: {name}={value!r}")
    return float(number)


def check_boolean(name: str, value) -> bool:
    """`True` or `False`; NumPy's count, 0 and 1 do not.

    Args:
        name: What the caller calls the argument.
        value: Any value.
    """
    if not isinstance(_plain(value), bool):
        raise ValueError(
            f"`{name}` must be `True` or `False`. Received: {name}={value!r}"
        )
    return bool(value)


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


def check_block_sizes(name: str, value) -> list[int]:
    """The sizes of the blocks of a row, positive integers, as a list.

    Args:
        name: What the caller calls the argument.
        value: Any value.
    """
    sizes = list(value) if isinstance(value, Iterable) else []
    if not sizes or not all(is_integer(n) and n > 0 for n in sizes):
        raise ValueError(
            f"`{name}` must be a list of positive integers: 1 for a number, "
            f"more for a category. Received: {name}={value!r}"
        )
    return [int(n) for n in sizes]

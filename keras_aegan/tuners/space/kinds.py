"""Which values a dimension of a search space may have."""

import dataclasses
import math
import numbers
from collections.abc import Callable
from collections.abc import Iterable

import numpy as np


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a value of a dimension may be.

    Args:
        description: String for errors, such as `"positive integers"`.
        convert: Type of all values, or a function that converts them.
        accepts: Function from a value to a boolean.
    """

    description: str
    convert: Callable
    accepts: Callable


def is_number(value) -> bool:
    """Whether a value is finite and a number; booleans are none."""
    return (
        isinstance(value, numbers.Real)
        and not isinstance(value, (bool, np.bool_))
        and math.isfinite(value)
    )


def _python_number(value):
    """An integer stays one: it may be an index."""
    whole = isinstance(value, numbers.Integral)
    return int(value) if whole else float(value)


def _is_whole(value):
    return is_number(value) and value == int(value)


POSITIVE_INTEGER = Kind(
    "positive integers", int, lambda value: _is_whole(value) and value > 0
)
NON_NEGATIVE_INTEGER = Kind(
    "non-negative integers", int, lambda value: _is_whole(value) and value >= 0
)
POSITIVE = Kind(
    "positive numbers", float, lambda value: is_number(value) and value > 0
)
NON_NEGATIVE = Kind(
    "non-negative numbers",
    float,
    lambda value: is_number(value) and value >= 0,
)
FRACTION = Kind(
    "numbers in [0, 1)",
    float,
    lambda value: is_number(value) and 0 <= value < 1,
)


def one_of(names: Iterable[str]) -> Kind:
    """The kind of a dimension whose values are names."""
    names = tuple(names)
    listed = ", ".join(map(repr, names))
    return Kind(f"some of {listed}", str, lambda value: value in names)


def like(value: str | bool | float) -> Kind:
    """The kind of a model's own option, from its default."""
    if isinstance(value, str):
        return Kind("strings", str, lambda other: isinstance(other, str))
    if isinstance(value, (bool, np.bool_)):
        return Kind("booleans", bool, lambda x: isinstance(x, (bool, np.bool_)))
    return Kind("numbers", _python_number, is_number)

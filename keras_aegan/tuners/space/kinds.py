"""Which values a dimension of a search space may have."""

import dataclasses
from collections.abc import Callable
from collections.abc import Iterable


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a value of a dimension may be.

    Args:
        description: String for errors, such as `"positive integers"`.
        convert: Type of all values.
        accepts: Function from a value to a boolean.
    """

    description: str
    convert: type
    accepts: Callable


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value):
    return _is_number(value) and value == int(value)


POSITIVE_INTEGER = Kind(
    "positive integers", int, lambda value: _is_whole(value) and value > 0
)
NON_NEGATIVE_INTEGER = Kind(
    "non-negative integers", int, lambda value: _is_whole(value) and value >= 0
)
POSITIVE = Kind(
    "positive numbers", float, lambda value: _is_number(value) and value > 0
)
NON_NEGATIVE = Kind(
    "non-negative numbers",
    float,
    lambda value: _is_number(value) and value >= 0,
)
FRACTION = Kind(
    "numbers in [0, 1)",
    float,
    lambda value: _is_number(value) and 0 <= value < 1,
)


def one_of(names: Iterable[str]) -> Kind:
    """The kind of a dimension whose values are names."""
    names = tuple(names)
    listed = ", ".join(map(repr, names))
    return Kind(f"some of {listed}", str, lambda value: value in names)


def like(value: str | float) -> Kind:
    """The kind of a model's own option, from its default."""
    if isinstance(value, str):
        return Kind("strings", str, lambda other: isinstance(other, str))
    return Kind("numbers", float, _is_number)

"""One axis of a search space: its values, and when it counts."""

import contextlib
import dataclasses


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a value of a dimension may be.

    Args:
        description: String for errors.
        convert: Type of all values.
        accepts: Function from a value to a boolean.
    """

    description: str
    convert: type
    accepts: object


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_whole(value):
    return _is_number(value) and value == int(value)


WHOLE = Kind(
    "positive integers", int, lambda value: _is_whole(value) and value > 0
)
COUNT = Kind(
    "non-negative integers", int, lambda value: _is_whole(value) and value >= 0
)
POSITIVE = Kind(
    "positive numbers", float, lambda value: _is_number(value) and value > 0
)
DEVIATION = Kind(
    "non-negative numbers",
    float,
    lambda value: _is_number(value) and value >= 0,
)
RATE = Kind(
    "numbers in [0, 1)",
    float,
    lambda value: _is_number(value) and 0 <= value < 1,
)


def among(names):
    """The kind of a dimension whose values are names."""
    names = tuple(names)
    listed = ", ".join(map(repr, names))
    return Kind(f"some of {listed}", str, lambda value: value in names)


def like(value):
    """The kind of a model's own option, from its default."""
    if isinstance(value, str):
        return Kind("strings", str, lambda other: isinstance(other, str))
    return Kind("numbers", float, _is_number)


_RANGE = {"min_value", "max_value", "step", "sampling"}


@dataclasses.dataclass(frozen=True)
class Dimension:
    """A hyperparameter with its values.

    Args:
        name: String.
        values: Tuple of values, or `None` if there is a range instead.
        default: The value of the model as it is without a search.
        kind: `Kind` of the values.
        when: Dict from the name of an earlier dimension to the values with
            which this one counts. All of them must hold.
        limits: Dict of arguments of `hp.Float`, or `None`.
    """

    name: str
    values: tuple
    default: object
    kind: Kind
    when: dict = dataclasses.field(default_factory=dict)
    limits: dict = None

    def narrowed(self, given):
        """The dimension with the values that a user gave.

        Args:
            given: One value, a list of them, or a dict of `"min_value"`,
                `"max_value"`, `"step"` and `"sampling"`.

        Raises:
            ValueError: if there is no value, or one is not of the kind.
        """
        if isinstance(given, dict):
            return self._between(given)
        several = isinstance(given, (list, tuple, set, range))
        values = list(given) if several else [given]
        if None in values and self.kind.accepts("none"):
            values = ["none" if value is None else value for value in values]
        if not values or not all(map(self.kind.accepts, values)):
            raise self._error(given)
        values = tuple(dict.fromkeys(map(self.kind.convert, values)))
        default = self.default if self.default in values else values[0]
        return dataclasses.replace(self, values=values, default=default)

    def _between(self, given):
        ends = [given.get(key) for key in ("min_value", "max_value")]
        if set(given) - _RANGE or not all(map(self.kind.accepts, ends)):
            raise self._error(given)
        low, high = map(self.kind.convert, ends)
        step, sampling = given.get("step"), given.get("sampling", "linear")
        growing = low < high and (step is None or step > (sampling == "log"))
        if not growing or sampling not in ("linear", "log"):
            raise self._error(given)
        if self.kind.convert is int:
            return self.narrowed(_grid(low, high, step, sampling))
        inside = low <= self.default <= high and step is None
        return dataclasses.replace(
            self,
            values=None,
            default=self.default if inside else low,
            limits={
                "min_value": low,
                "max_value": high,
                "step": step,
                "sampling": sampling,
            },
        )

    def _error(self, given):
        return ValueError(
            f"`space[{self.name!r}]` must be a value, a non-empty list of "
            f"{self.kind.description}, or for numbers a dict with "
            "'min_value' below 'max_value' and perhaps 'step' and 'sampling' "
            f"('linear' or 'log', whose step is a factor). Received: {given!r}"
        )

    def can_be(self, values):
        """The part of `values` that the dimension can take."""
        return [v for v in values if self.values is None or v in self.values]

    def declare(self, hp):
        """Ask KerasTuner for the value, which is `None` where it is off."""
        with contextlib.ExitStack() as scopes:
            for parent, values in self.when.items():
                scopes.enter_context(hp.conditional_scope(parent, list(values)))
            if self.limits:
                return hp.Float(self.name, default=self.default, **self.limits)
            if len(self.values) == 1:
                return hp.Fixed(self.name, self.values[0])
            return hp.Choice(self.name, list(self.values), default=self.default)

    def key(self):
        """What makes the dimension the one it is, as text."""
        return f"{self.name}={self.values or self.limits} if {self.when}"


def _grid(low, high, step, sampling):
    if sampling == "linear":
        return range(low, high + 1, int(step or 1))
    values = []
    while low <= high:
        values.append(low)
        low = max(low + 1, int(low * (step or 2)))
    return values


def settled(dimensions, asked):
    """Leave out conditions that always hold, and dimensions that never count.

    Args:
        dimensions: List of `Dimension`, parents before what hangs on them.
        asked: Names that the user gave values for.

    Raises:
        ValueError: if the user narrowed a dimension that can never count.
    """
    kept = {}
    for dimension in dimensions:
        when = {}
        for parent, values in dimension.when.items():
            possible = kept[parent].can_be(values) if parent in kept else []
            if not possible:
                break
            # KerasTuner wants the parent's own conditions around it.
            when = {**when, **kept[parent].when}
            if len(possible) < len(kept[parent].values):
                when[parent] = possible
        else:
            kept[dimension.name] = dataclasses.replace(dimension, when=when)
            continue
        if dimension.name in asked:
            other = list(kept[parent].values) if parent in kept else "absent"
            raise ValueError(
                f"The space contradicts itself: {dimension.name!r} counts only "
                f"where {parent!r} is one of {list(values)}. Received: "
                f"space[{dimension.name!r}] where {parent!r} is {other}"
            )
    return list(kept.values())

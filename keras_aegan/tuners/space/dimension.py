"""One axis of a search space: its values, and when it is active."""

import contextlib
import dataclasses
from collections.abc import Iterable
from typing import Any

from keras_aegan.tuners.space import kinds
from keras_aegan.tuners.space.kinds import Kind

_RANGE = {"min_value", "max_value", "step", "sampling"}


@dataclasses.dataclass(frozen=True)
class Dimension:
    """A hyperparameter with its values.

    Args:
        name: String.
        values: Tuple of values, or `None` if there is an interval instead.
        default: The value of the model as it is without a search.
        kind: `Kind` of the values.
        when: Dict from the name of an earlier dimension to the values with
            which this one is active. All of them must hold.
        interval: Dict of arguments of `hp.Float`, or `None`.
    """

    name: str
    values: tuple | None
    default: object
    kind: Kind
    when: dict = dataclasses.field(default_factory=dict)
    interval: dict | None = None

    def narrowed(self, given) -> "Dimension":
        """The dimension with the values that a user gave.

        Args:
            given: One value, a list of them, or a dict of `"min_value"`,
                `"max_value"`, `"step"` and `"sampling"`.

        Raises:
            ValueError: if there is no value, or one is not of the kind.
        """
        if isinstance(given, dict):
            return self._narrowed_to_range(given)
        values = listed(given)
        if None in values and self.kind.accepts("none"):
            values = ["none" if value is None else value for value in values]
        if not values or not all(map(self.kind.accepts, values)):
            raise self._error(given)
        values = list(map(self.kind.convert, values))
        if {type(value) for value in values} == {int, float}:
            # KerasTuner takes values of one type only.
            values = list(map(float, values))
        values = tuple(dict.fromkeys(values))
        default = self.default if self.default in values else values[0]
        return dataclasses.replace(self, values=values, default=default)

    def _narrowed_to_range(self, given):
        ends = [given.get(key) for key in ("min_value", "max_value")]
        if set(given) - _RANGE or not all(map(self.kind.accepts, ends)):
            raise self._error(given)
        low, high = map(self.kind.convert, ends)
        step, sampling = given.get("step"), given.get("sampling", "linear")
        is_log, is_whole = sampling == "log", self.kind.convert is int
        fits = low < high and sampling in ("linear", "log")
        if step is not None:
            kind = kinds.POSITIVE if is_log else self.kind
            fits = fits and kind.accepts(step) and step > is_log
        if not fits or (is_log and not is_whole and low <= 0):
            raise self._error(given)
        if is_whole:
            return self.narrowed(_grid(low, high, step, sampling))
        inside = low <= self.default <= high and step is None
        return dataclasses.replace(
            self,
            values=None,
            default=self.default if inside else low,
            interval={
                "min_value": low,
                "max_value": high,
                "step": step and float(step),
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

    def possible(self, values: Iterable) -> list:
        """Those of `values` that the dimension can take."""
        return [v for v in values if self.values is None or v in self.values]

    def declare(self, hp):
        """The value that KerasTuner samples, `None` where it is inactive."""
        with contextlib.ExitStack() as scopes:
            for parent, values in self.when.items():
                scopes.enter_context(hp.conditional_scope(parent, list(values)))
            if self.interval:
                return hp.Float(
                    self.name, default=self.default, **self.interval
                )
            if len(self.values) == 1:
                return hp.Fixed(self.name, self.values[0])
            return hp.Choice(self.name, list(self.values), default=self.default)

    def definition(self) -> dict:
        """What JSON can hold and differs for another dimension."""
        return {"values": self.values or self.interval, "if": self.when}


def listed(given) -> list:
    """One value, or several in a sequence, a set or an array, as a list."""
    is_array = getattr(given, "ndim", 0) == 1
    several = is_array or isinstance(given, (list, tuple, set, range))
    return list(given) if several else [given]


def _grid(low, high, step, sampling):
    if sampling == "linear":
        return range(low, high + 1, int(step or 1))
    values = []
    while low <= high:
        values.append(low)
        low = max(low + 1, int(low * (step or 2)))
    return values


def resolve_conditions(
    dimensions: Iterable[Dimension], requested: Iterable[str]
) -> list[Dimension]:
    """Drop conditions that always hold, and dimensions that are never active.

    Args:
        dimensions: List of `Dimension`, each after those in its conditions.
        requested: Names of dimensions that the user gave values for.

    Raises:
        ValueError: if the user narrowed a dimension that is never active.
    """
    kept: dict[str, Any] = {}
    for dimension in dimensions:
        when = {}
        for parent, values in dimension.when.items():
            possible = kept[parent].possible(values) if parent in kept else []
            if not possible:
                break
            # KerasTuner wants the parent's own conditions around it.
            when = {**when, **kept[parent].when}
            if len(possible) < len(kept[parent].values):
                when[parent] = possible
        else:
            kept[dimension.name] = dataclasses.replace(dimension, when=when)
            continue
        if dimension.name in requested:
            other = list(kept[parent].values) if parent in kept else "absent"
            raise ValueError(
                "The space contradicts itself: "
                f"{dimension.name!r} is active only "
                f"where {parent!r} is one of {list(values)}. Received: "
                f"space[{dimension.name!r}] where {parent!r} is {other}"
            )
    return list(kept.values())

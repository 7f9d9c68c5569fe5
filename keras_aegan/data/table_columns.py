"""One column of a table: what `fit` learned of it, and both directions."""

import dataclasses
from statistics import NormalDist

import numpy as np

from keras_aegan.arrays import check_labels
from keras_aegan.data.table_checks import as_numbers
from keras_aegan.data.table_checks import check_finite
from keras_aegan.data.table_checks import missing_error
from keras_aegan.data.table_checks import mixed_error
from keras_aegan.data.table_checks import shown
from keras_aegan.data.table_frames import RawColumn
from keras_aegan.data.table_frames import plain

# A category has one number for each of its values.
_MOST_VALUES = 1000
_MOST_QUANTILES = 1000


def fit_column(raw: RawColumn, is_category: bool, numbers: str):
    """What a column is and how it becomes numbers.

    Args:
        raw: `RawColumn`.
        is_category: Boolean, whether numbers are the values of a category.
        numbers: `"standard"` or `"quantiles"`.

    Returns:
        `Constant`, `Category` or `Number`.

    Raises:
        ValueError: if the column holds text beside numbers, infinity, or more
            different values than a category can have.
    """
    if raw.kind == "mixed":
        raise mixed_error(raw)
    if raw.kind == "numbers":
        check_finite(raw)
    values = raw.values[~raw.is_missing]
    distinct = set(values.tolist())
    has_missing = len(values) < len(raw.values)
    if not is_category and len(distinct) + has_missing == 1:
        (value,) = distinct or {None}
        return Constant(raw.name, raw.dtype, value)
    # One number, or nothing, is one of two values.
    if is_category or raw.kind != "numbers" or len(distinct) == 1:
        if len(distinct) > _MOST_VALUES:
            raise ValueError(
                f"Column {raw.name!r} must have at most {_MOST_VALUES} "
                "different values, since each is a number of a row. Leave it "
                "out, or replace rare values by one. Received: "
                f"{len(distinct)} different values"
            )
        # Codes are whole numbers, also where gaps made them floats.
        values = [
            int(value)
            if isinstance(value, float) and value == int(value)
            else value
            for value in sorted(distinct)
        ]
        ends = [None] if has_missing else []
        return Category(raw.name, raw.dtype, [*values, *ends])
    return Number.fit(raw, values, numbers)


def column_from_config(config: dict):
    """The column of a dict that `get_config` gave."""
    config = dict(config)
    kind = {cls.__name__: cls for cls in (Constant, Category, Number)}
    return kind[config.pop("kind")](**config)


@dataclasses.dataclass(frozen=True)
class _Column:
    def get_config(self) -> dict:
        """Dict of plain values, for JSON."""
        return {"kind": type(self).__name__, **dataclasses.asdict(self)}


@dataclasses.dataclass(frozen=True)
class Constant(_Column):
    """A column of one value, which takes no number of a row."""

    name: str | int
    dtype: str | dict
    value: str | bool | float | None

    @property
    def sizes(self) -> list[int]:
        """Sizes of its blocks: none."""
        return []

    @property
    def features(self) -> list[str]:
        """Names of its numbers: none."""
        return []

    def encode(self, raw: RawColumn) -> np.ndarray:
        """Array `(rows, 0)`, if the values are what they were."""
        found = {plain(value) for value in raw.values}
        if found != {self.value}:
            others = sorted(found - {self.value}, key=repr)
            raise ValueError(
                f"Column {self.name!r} had the one value {self.value!r} when "
                "the table was fitted, so that another one would be lost. "
                f"Received: {shown(others)}"
            )
        return np.empty((len(raw.values), 0))

    def decode(self, block: np.ndarray) -> np.ndarray:
        """The value for each row."""
        return _objects([self.value] * len(block), self.value)


@dataclasses.dataclass(frozen=True)
class Category(_Column):
    """A column of a few values; missing is the last one, `None`."""

    name: str | int
    dtype: str | dict
    values: list

    @property
    def sizes(self) -> list[int]:
        """Sizes of its blocks."""
        return [len(self.values)]

    @property
    def features(self) -> list[str]:
        """Names of its numbers."""
        return [f"{self.name}={value}" for value in self.values]

    def indices(self, raw: RawColumn) -> np.ndarray:
        """The place of each value in `values`.

        Raises:
            ValueError: if there is a value that `fit` did not see.
        """
        table = {value: i for i, value in enumerate(self.values)}
        given = [plain(value) for value in raw.values.tolist()]
        # 1 and `True` are one key of a dict, and 1.0, which is no fault:
        # columns change their types as soon as something is missing.
        indices = np.array([table.get(value, -1) for value in given], "int32")
        if indices.min() < 0:
            odd = [value for value, i in zip(given, indices) if i < 0]
            if None in odd:
                raise missing_error(raw)
            raise ValueError(
                f"Column {self.name!r} must hold values that it had when the "
                f"table was fitted, {shown(self.values)}. Received: "
                f"{shown(sorted(set(odd), key=repr))} in {len(odd)} of "
                f"{len(given)} rows"
            )
        return indices

    def encode(self, raw: RawColumn) -> np.ndarray:
        """One-hot values, `(rows, len(values))`."""
        return np.eye(len(self.values))[self.indices(raw)]

    def decode(self, block: np.ndarray) -> np.ndarray:
        """The values with the largest numbers."""
        return self._at(block.argmax(axis=1))

    def decode_labels(self, labels, count: int) -> np.ndarray:
        """The values of labels, integers, one for each of `count` rows."""
        labels = check_labels("labels", labels, count, "x").reshape(-1)
        if not np.isin(labels, np.arange(len(self.values))).all():
            raise ValueError(
                f"`labels` must be integers in [0, {len(self.values)}). "
                f"Received: {np.unique(labels)[:5]}"
            )
        return self._at(labels.astype("int64"))

    def _at(self, indices):
        return _objects([self.values[i] for i in indices], *self.values)


@dataclasses.dataclass(frozen=True)
class Number(_Column):
    """A column of numbers: scaled, and where they are missing a category."""

    name: str | int
    dtype: str | dict
    mean: float
    deviation: float
    low: float
    high: float
    quantiles: list | None
    count: int
    is_whole: bool
    has_missing: bool

    @classmethod
    def fit(cls, raw: RawColumn, values: np.ndarray, numbers: str):
        """What there is to know of the values that are not missing."""
        low, high = float(values.min()), float(values.max())
        if not np.isfinite(high - low):
            raise ValueError(
                f"Column {raw.name!r} must have a range that is a float. "
                f"Received: numbers from {low:g} to {high:g}"
            )
        # Relative to the range: it is above 0 also of large numbers that
        # hardly differ, and squares of small and large ones are in range.
        scaled = (values - low) / (high - low)
        quantiles = None
        if numbers == "quantiles":
            count = min(len(values), _MOST_QUANTILES)
            quantiles = np.quantile(values, np.linspace(0, 1, count)).tolist()
        return cls(
            raw.name,
            raw.dtype,
            mean=low + float(scaled.mean()) * (high - low),
            deviation=float(scaled.std()) * (high - low),
            low=low,
            high=high,
            quantiles=quantiles,
            count=len(values),
            is_whole=bool((values == np.rint(values)).all()),
            has_missing=len(values) < len(raw.values),
        )

    @property
    def sizes(self) -> list[int]:
        """Sizes of its blocks."""
        return [1, 2] if self.has_missing else [1]

    @property
    def features(self) -> list[str]:
        """Names of its numbers."""
        known = [f"{self.name}=known", f"{self.name}=missing"]
        return [f"{self.name}", *(known if self.has_missing else [])]

    def encode(self, raw: RawColumn) -> np.ndarray:
        """Array `(rows, 1)`, or `(rows, 3)` if numbers are missing."""
        values = as_numbers(raw)
        is_missing = np.isnan(values)
        if is_missing.any() and not self.has_missing:
            raise missing_error(raw)
        if self.quantiles is None:
            scaled = (values - self.mean) / self.deviation
        else:
            scaled = self._to_normal(values)
        # The mean, and the median, of what is known.
        scaled = np.where(is_missing, 0.0, scaled)[:, None]
        if not self.has_missing:
            return scaled
        return np.concatenate([scaled, np.eye(2)[is_missing * 1]], axis=1)

    def decode(self, block: np.ndarray, clip: bool = True) -> np.ndarray:
        """The numbers in their own units, NaN where they are missing."""
        if self.quantiles is None:
            values = block[:, 0] * self.deviation + self.mean
        else:
            _, normal = self._grid()
            values = np.interp(block[:, 0], normal, self.quantiles)
        if clip:
            values = np.clip(values, self.low, self.high)
        if self.is_whole:
            values = np.rint(values)
        if self.has_missing:
            values = np.where(block[:, 1:].argmax(axis=1), np.nan, values)
        return values

    def _grid(self):
        """The ranks of the quantiles, and these ranks as normal numbers."""
        ranks = np.linspace(0, 1, len(self.quantiles))
        end = 0.5 / self.count
        inner = np.clip(ranks, end, 1 - end)
        return ranks, np.array([NormalDist().inv_cdf(p) for p in inner])

    def _to_normal(self, values):
        ranks, normal = self._grid()
        quantiles = np.array(self.quantiles)
        # A value that many rows share has as many ranks: it gets the middle
        # one, and all of them lead back to it.
        first = np.interp(values, quantiles, ranks)
        last = -np.interp(-values, -quantiles[::-1], -ranks[::-1])
        return np.interp((first + last) / 2, ranks, normal)


def _objects(values, *possible):
    """Numbers as floats, anything else as Python objects."""
    is_number = all(type(value) in (int, float) for value in possible)
    if is_number:
        return np.array(values, "float64")
    array = np.empty(len(values), object)
    array[:] = values
    return array

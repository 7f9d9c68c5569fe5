"""Tables of numbers and categories as arrays, and arrays as tables again."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from keras_aegan import arrays
from keras_aegan import validation
from keras_aegan.data.table_checks import check_complete
from keras_aegan.data.table_checks import check_names
from keras_aegan.data.table_columns import Category
from keras_aegan.data.table_columns import Number
from keras_aegan.data.table_columns import column_from_config
from keras_aegan.data.table_columns import fit_column
from keras_aegan.data.table_frames import read_frame
from keras_aegan.data.table_frames import write_frame
from keras_aegan.data.transformation import Transformation
from keras_aegan.layers import CategorySoftmax


@keras.saving.register_keras_serializable(package="keras_aegan")
class Table(Transformation):
    """Turns frames into arrays that a model learns, and arrays into frames.

    Each column becomes one or more numbers of a row, in the order of columns:

    - numbers: one number, scaled; where some are missing also two numbers,
      one-hot, for known and missing, and the mean stands for what is missing;
    - text, booleans, and columns named in `categories`: one-hot, missing
      values being a category of their own;
    - a column of one value: none.

    `inverse_transform` gives what `fit` saw, but for an index: the same kind
    of frame, the names, order and types of columns, the values of categories,
    whole numbers where all were whole, numbers within their range, and missing
    values.

    `network_options` are arguments of `for_shape` with which a model of this
    package compares numbers by squared errors and categories by
    cross-entropies, see `keras_aegan.losses.MixedReconstruction`.

    Args:
        numbers: `"standard"`: less their mean, divided by their standard
            deviation. `"quantiles"`: by their ranks to a normal distribution,
            as scikit-learn's `QuantileTransformer`, on at most 1000 quantiles;
            a value that many rows share, such as 0, then comes back exactly,
            and outliers do not count for more than others.
        categories: Names of columns whose numbers are values of a category,
            such as codes of a district.
        missing: `"keep"`, by default, since data as they are found have gaps,
            and rows that shall look like them have them, too; `"error"` to
            refuse them.
        clip: Boolean, whether `inverse_transform` keeps numbers in the range
            that `fit` saw. Quantiles cannot leave it.
        label: Name of a column that is the condition of a model and no part
            of its samples: `fit(table.transform(frame), table.labels(frame))`.

    Attributes, after `fit`:
        sizes: List of integers, the sizes of the blocks of a row: 1 for a
            number, more for a category.
        feature_names: List of strings, one for each number of a row.
        label_values: List of the values of the label.

    Raises:
        ValueError: if an argument is not as above.

    Example:

    >>> frame = {"age": [31, 45, 62], "sex": ["f", "m", "f"]}
    >>> table = Table().fit(frame)
    >>> x = table.transform(frame)
    >>> x.shape
    (3, 3)
    >>> print(*table.feature_names)
    age sex=f sex=m
    >>> table.inverse_transform(x)["age"].tolist()
    [31, 45, 62]
    >>> from keras_aegan.models import AEGAN
    >>> model = AEGAN.for_shape(**table.network_options, latent_dim=2, width=4)
    >>> list(table.inverse_transform(model.generate(9)))
    ['age', 'sex']

    Reference: Xu et al. 2019, Modeling Tabular Data using Conditional GAN,
    arXiv:1907.00503, section 4.2. Departure: their numbers are modes of a
    mixture, found by variational inference, here moments or ranks.
    """

    def __init__(
        self,
        numbers: str = "quantiles",
        categories: Sequence[str | int] = (),
        missing: str = "keep",
        clip: bool = True,
        label: str | int | None = None,
    ):
        super().__init__()
        self.numbers = validation.check_in(
            "numbers", numbers, ("standard", "quantiles")
        )
        if isinstance(categories, str):
            raise ValueError(
                "`categories` must be a list of names of columns. "
                f"Received: categories={categories!r}"
            )
        self.categories = list(categories)
        self.missing = validation.check_in(
            "missing", missing, ("keep", "error")
        )
        self.clip = validation.check_boolean("clip", clip)
        self.label = label

    # === From frames to arrays ===

    def fit(self, frame: Any) -> "Table":
        """Learn what the columns of a frame are.

        Args:
            frame: Frame of pandas or polars, dict of columns, structured array
                or array `(rows, columns)`, whose columns are named 0, 1, ...

        Returns:
            The table itself.

        Raises:
            ValueError: if it is no such frame, is empty, has no column that
                varies, a column of mixed kinds or of other values than
                numbers, booleans and text, or lacks a column that an argument
                names; with `missing="error"`, if a value is missing.
        """
        source, raw = read_frame("frame", frame)
        named = list(self.categories)
        if self.label is not None:
            named.append(self.label)
        unknown = [name for name in named if name not in raw]
        if unknown:
            raise ValueError(
                "`categories` and `label` must name columns of the frame, "
                f"{list(raw)}. Received: {unknown}"
            )
        if self.missing == "error":
            check_complete(raw)
        columns = {
            name: fit_column(column, name in named, self.numbers)
            for name, column in raw.items()
        }
        if not any(c.sizes for n, c in columns.items() if n != self.label):
            raise ValueError(
                "A table must have at least one column with more than one "
                f"value. Received: {list(columns)}, all constant"
            )
        self._fitted = {
            "source": source,
            "columns": [column.get_config() for column in columns.values()],
        }
        return self

    def transform(self, frame: Any) -> np.ndarray:
        """The rows of a frame as an array.

        Args:
            frame: As in `fit`, with the same columns in any order; that of
                the label may be missing.

        Returns:
            Array `(rows, numbers)` of float32.

        Raises:
            ValueError: if the table was not fitted, columns are missing or
                unexpected, or a column holds what it did not hold in `fit`: a
                new category, text among numbers, infinity, missing values.
        """
        raw = self._read(frame, needs_label=False)
        blocks = [c.encode(raw[name]) for name, c in self._samples().items()]
        return np.concatenate(blocks, axis=1).astype("float32")

    def labels(self, frame: Any) -> np.ndarray:
        """The label of each row, for `fit(x, labels)`.

        Args:
            frame: As in `transform`, with the column of the label.

        Returns:
            Array `(rows,)` of int32, places in `label_values`.

        Raises:
            ValueError: if the table has no label, and as `transform`.
        """
        column = self._label_column()
        return column.indices(self._read(frame, needs_label=True)[self.label])

    # === From arrays to frames ===

    def inverse_transform(self, x: Any, labels: Any = None):
        """Samples as a frame that looks like the one of `fit`.

        Args:
            x: Array `(rows, numbers)`, such as `model.generate(100)`. Of a
                category the value with the largest number counts.
            labels: Array of integers `(rows,)`, places in `label_values`,
                needed if the table has a label.

        Returns:
            A frame of the kind that `fit` saw; a dict of columns if its
            library is not installed.

        Raises:
            ValueError: if the table was not fitted, or an argument is not as
                above.
        """
        columns = self._columns()
        x = arrays.check_samples("x", x, shape=(sum(self.sizes),))
        x = arrays.check_finite("x", x).astype("float64")
        if (self.label is None) != (labels is None):
            raise ValueError(
                "`labels` must be given if the table has a label, those that "
                "the rows were generated for, and only then. Received: "
                f"{'no' if labels is None else 'some'} labels, for a table "
                f"with label={self.label!r}"
            )
        result, start = {}, 0
        for name, column in columns.items():
            if name == self.label:
                result[name] = column.decode_labels(labels, len(x))
                continue
            end = start + sum(column.sizes)
            options = [self.clip] if isinstance(column, Number) else []
            result[name] = column.decode(x[:, start:end], *options)
            start = end
        dtypes = {name: column.dtype for name, column in columns.items()}
        return write_frame(self._fitted["source"], result, dtypes)

    # === What a model needs to know ===

    @property
    def sizes(self) -> list[int]:
        """Sizes of the blocks of a row."""
        return [n for c in self._samples().values() for n in c.sizes]

    @property
    def feature_names(self) -> list[str]:
        """Names of the numbers of a row."""
        return [f for c in self._samples().values() for f in c.features]

    @property
    def label_values(self) -> list:
        """Values of the label, in the order of its integers."""
        return list(self._label_column().values)

    @property
    def network_options(self) -> dict:
        """Arguments of `for_shape`: shape, output and, of a label, classes."""
        options: dict[str, Any] = {"shape": (sum(self.sizes),)}
        if max(self.sizes) > 1:
            options["activation"] = CategorySoftmax(self.sizes)
        if self.label is not None:
            options["num_classes"] = len(self.label_values)
        return options

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "numbers": self.numbers,
            "categories": self.categories,
            "missing": self.missing,
            "clip": self.clip,
            "label": self.label,
        }

    # === Inside ===

    def _columns(self):
        columns = map(column_from_config, self._require_fitted()["columns"])
        return {column.name: column for column in columns}

    def _samples(self):
        """The columns of which samples consist, without the label's."""
        return {n: c for n, c in self._columns().items() if n != self.label}

    def _label_column(self) -> Category:
        columns = self._columns()
        if self.label is None:
            raise ValueError(
                "A table has labels if it was made with the name of their "
                "column: `Table(label=...)`. Received: label=None"
            )
        return columns[self.label]

    def _read(self, frame, needs_label):
        expected = list(self._columns())
        _, raw = read_frame("frame", frame)
        if not needs_label:
            expected = [name for name in expected if name != self.label]
        check_names(expected, raw, [self.label])
        if self.missing == "error":
            check_complete({name: raw[name] for name in expected})
        return raw

"""What all transformations of data share."""

import abc
import copy
import json
import os

import numpy as np

from keras_aegan import files


class Transformation(abc.ABC):
    """A fitted and invertible step between data of a user and arrays.

    `fit` finds what `transform` and `inverse_transform` need, such as means
    and standard deviations; it is saved with the arguments of the constructor,
    as JSON. A subclass keeps it in `self._fitted`, a dict of JSON types, and
    adds its arguments to `get_config`.

    Example:

    >>> from keras_aegan.data import Text
    >>> text = Text().fit(["anna", "otto"])
    >>> text.save("text.json")
    >>> Text.load("text.json").inverse_transform(text.transform(["tona"]))
    ['tona']
    """

    def __init__(self):
        self._fitted = None

    @abc.abstractmethod
    def fit(self, x) -> "Transformation":
        """Find what the other methods need.

        Args:
            x: The data of the user.

        Returns:
            The transformation itself.
        """

    @abc.abstractmethod
    def transform(self, x) -> np.ndarray:
        """Data as an array `(samples, ...)` for `Model.fit`.

        Args:
            x: Data of the same kind as at `fit`.
        """

    @abc.abstractmethod
    def inverse_transform(self, x: np.ndarray):
        """What samples of a model stand for.

        Args:
            x: Array `(samples, ...)`, as of `transform` or `Model.generate`.
        """

    @property
    @abc.abstractmethod
    def network_options(self) -> dict:
        """Arguments of `Model.for_shape` that fit the transformed data."""

    def fit_transform(self, x, **arguments) -> np.ndarray:
        """`fit`, then `transform`, on the same data.

        Args:
            x: The data of the user.
            **arguments: Other arguments that both take.
        """
        return self.fit(x, **arguments).transform(x, **arguments)

    def get_config(self) -> dict:
        """Arguments of the constructor and what `fit` found, as JSON types."""
        return {"fitted": copy.deepcopy(self._fitted)}

    @classmethod
    def from_config(cls, config: dict):
        """The transformation of a `get_config`, fitted if that one was."""
        config = copy.deepcopy(config)
        fitted = config.pop("fitted", None)
        transformation = cls(**config)
        transformation._fitted = fitted
        return transformation

    def save(self, path: str | os.PathLike) -> None:
        """Write a JSON file, which replaces one that is there as a whole.

        Args:
            path: Path of the file.

        Raises:
            ValueError: if it cannot be written.
        """
        content = {
            "class_name": type(self).__name__,
            "config": self.get_config(),
        }
        files.make_writable("path", path, kind="file")
        text = json.dumps(content, allow_nan=False, indent=1)
        files.write_atomically(path, text.encode())

    @classmethod
    def load(cls, path: str | os.PathLike, **arguments):
        """Read what `save` wrote; numbers come back exactly.

        Args:
            path: Path of the file.
            **arguments: Arguments of the constructor that are no JSON, such as
                the tokenizer of `Text`.

        Raises:
            ValueError: if there is no such file, or it is of another kind.
        """
        try:
            with open(path, encoding="utf-8") as file:
                content = json.load(file)
            name = content["class_name"]
            if name == cls.__name__:
                return cls.from_config({**content["config"], **arguments})
            problem = f"a file of {name}"
        except (OSError, KeyError, TypeError, ValueError) as error:
            problem = error
        raise ValueError(
            f"`path` must be a file that `{cls.__name__}.save` wrote. "
            f"Received: path={os.fspath(path)!r} ({problem})"
        )

    def _require_fitted(self) -> dict:
        """What `fit` found, or an error that it has not run."""
        if self._fitted is None:
            name = type(self).__name__
            raise ValueError(
                f"`{name}` must be fitted before it is used: call `fit(x)` "
                f"first. Received: {name} without `fit`"
            )
        return self._fitted

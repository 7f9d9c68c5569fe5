"""Arguments of a search, checked once rather than by each trial."""

import inspect
import warnings

import keras

from keras_aegan import validation
from keras_aegan.engine import data_checks
from keras_aegan.engine.data_feed import DataFeed

_POSITIVE = (
    "epochs",
    "batch_size",
    "steps_per_epoch",
    "validation_batch_size",
    "validation_steps",
)


def named(args, kwargs) -> dict:
    """Arguments of `fit` by their names.

    Args:
        args: Tuple of positional arguments.
        kwargs: Dict of the others.
    """
    names = list(inspect.signature(keras.Model.fit).parameters)[1:]
    return {**dict(zip(names, args)), **kwargs}


def check(model, args, kwargs):
    """Raise if a model's `fit` cannot take some arguments.

    Of data that are not in memory the first batch is looked at, unless that
    would lose it.

    Args:
        model: Compiled model.
        args: Tuple of positional arguments.
        kwargs: Dict of the others.

    Raises:
        ValueError: if it cannot.
    """
    check_names(model.fit, args, kwargs)
    given = named(args, kwargs)
    for name in _POSITIVE:
        if given.get(name) is not None:
            validation.check_integer(name, given[name])
    validation.check_integer("initial_epoch", given.get("initial_epoch", 0), 0)
    split = given.get("validation_split")
    if split is not None:
        validation.check_number(
            "validation_split", split, 0, 1, open_ends="upper"
        )
    with warnings.catch_warnings():
        # `fit` warns about the same.
        warnings.simplefilter("ignore")
        names = ("x", "y", "sample_weight", "class_weight")
        _check_data(model, "x", *map(given.get, names))
        if given.get("validation_data") is not None:
            _check_validation_data(model, given["validation_data"])


def check_names(fit, args, kwargs):
    """Raise if a function has no such arguments.

    Args:
        fit: Function or method. What it takes by `**kwargs` must be arguments
            of `keras.Model.fit`, if it is a model's.
        args: Tuple of positional arguments.
        kwargs: Dict of the others.

    Raises:
        ValueError: if it has not.
    """
    if isinstance(getattr(fit, "__self__", None), keras.Model):
        known = {
            *inspect.signature(fit).parameters,
            *inspect.signature(keras.Model.fit).parameters,
        } - {"self", "kwargs"}
        unknown = sorted(set(kwargs) - known)
        if unknown:
            raise ValueError(
                f"`search` takes the arguments of `fit`: {sorted(known)}. "
                f"Received: {unknown}"
            )
    try:
        inspect.signature(fit).bind(*args, **kwargs)
    except TypeError as error:
        raise ValueError(
            f"`search` takes the arguments of `fit`: {error}. Received: "
            f"{len(args)} positional arguments and {sorted(kwargs)}"
        ) from error


def _check_validation_data(model, data):
    parts = list(data) if isinstance(data, (tuple, list)) else [data]
    if not 1 <= len(parts) <= 3:
        raise ValueError(
            "`validation_data` must be samples, or a tuple of samples, labels "
            f"and weights. Received: {len(parts)} parts"
        )
    _check_data(model, "validation_data", *parts)


def _check_data(model, name, x, y=None, sample_weight=None, class_weight=None):
    """Check samples and labels in memory, or the first batch of others."""
    if not data_checks.is_array(x):
        data_checks.check_stream(name, x)
        for what, given in (("labels", y), ("weights", sample_weight)):
            if given is not None:
                raise ValueError(
                    f"The data set in `{name}` must have the {what}, too. "
                    f"Received: {what} beside it, of {type(given)}"
                )
        x, y, sample_weight = _first_batch(x)
        if x is None:
            return
    try:
        DataFeed(model, name, is_new=False).arrays(
            x, y, sample_weight, class_weight
        )
    except (ValueError, TypeError) as error:
        expected, _, received = str(error).partition(" Received: ")
        raise ValueError(
            f"`{name}` does not fit. {expected} Received: {received}"
        ) from error


def _first_batch(data):
    """Samples, labels and weights of a data set's start, `None` if unknown."""
    if isinstance(data, keras.utils.PyDataset):
        batch = data[0]
    else:
        batches = iter(data)
        # What a generator has given once is gone.
        batch = None if batches is data else next(batches, None)
    return keras.utils.unpack_x_y_sample_weight(batch)

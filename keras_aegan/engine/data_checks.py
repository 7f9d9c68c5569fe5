"""Checks of samples, before any step runs and before any network sees them."""

import contextlib
import contextvars
import warnings

import keras
import numpy as np

from keras_aegan import arrays
from keras_aegan.engine.generator_output import output_range
from keras_aegan.network_shapes import input_shape
from keras_aegan.network_shapes import output_shape

_SCALING = {
    (-1.0, 1.0): "x / 127.5 - 1",
    (0.0, 1.0): "x / 255",
}

_TRUSTED = contextvars.ContextVar("trusted", default=False)

# === Arrays ===


def is_array(x) -> bool:
    """Whether data is one array in memory, of whatever library."""
    return hasattr(x, "shape") and hasattr(x, "__array__")


def check_stream(name: str, x) -> None:
    """Raise if what is no array is no data set of batches, either."""
    is_stream = hasattr(x, "__iter__") or hasattr(x, "__getitem__")
    if isinstance(x, (list, tuple, dict, str, bytes)) or not is_stream:
        raise ValueError(
            f"`{name}` must be one array of samples (`numpy.asarray` makes "
            "one of a list) or a data set of batches. Received: "
            f"{_description(x)}{_text_hint(x)}"
        )


@contextlib.contextmanager
def trusted():
    """In this context numbers may be NaN.

    What one method hands to another is not looked at again: a model that has
    diverged answers NaN, and not with an error about codes of its own.
    """
    token = _TRUSTED.set(True)
    try:
        yield
    finally:
        _TRUSTED.reset(token)


def as_numbers(name: str, x) -> np.ndarray:
    """An array of finite real numbers, floats in Keras' float type.

    Args:
        name: What the caller calls the array.
        x: Anything with `is_array`.

    Raises:
        ValueError: if it holds anything but finite real numbers.
    """
    # Pandas has columns of mixed numbers as objects.
    is_object = str(getattr(x, "dtype", "object")) == "object"
    array = arrays.real_numbers(name, _from_objects(x) if is_object else x)
    if array.dtype.kind == "f" and array.dtype != keras.config.floatx():
        # What overflows in here is found below.
        with np.errstate(over="ignore"):
            array = array.astype(keras.config.floatx())
    return array if _TRUSTED.get() else arrays.check_finite(name, array)


def _from_objects(x):
    """The numbers in an array or frame of Python objects, if they are some."""
    array = np.asarray(x)
    is_number = array.dtype == object and all(
        isinstance(each, (int, float, np.number)) for each in array.flat
    )
    return np.array(array.tolist()) if is_number else array


def check_inputs(network, inputs) -> list:
    """Arrays for a network as a list of NumPy arrays of numbers.

    Args:
        network: Keras layer or model.
        inputs: Array, or list of arrays.

    Raises:
        ValueError: if they are not numbers of the shapes that it takes.
    """
    inputs = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    shapes = input_shape(network)
    shapes = shapes if isinstance(shapes, list) else [shapes]
    result = [as_numbers(f"input of {network.name}", x) for x in inputs]
    if len(shapes) != len(result):
        raise ValueError(
            f"`{network.name}` takes {len(shapes)} inputs. Received: "
            f"{len(result)}"
        )
    for array, shape in zip(result, shapes):
        fits = len(shape) == array.ndim and all(
            expected in (None, size)
            for expected, size in zip(shape[1:], array.shape[1:])
        )
        if not fits:
            sizes = ", ".join(["samples", *map(str, shape[1:])])
            raise ValueError(
                f"The input of `{network.name}` must be an array of shape "
                f"({sizes}). Received: an array of shape {array.shape}"
            )
    if len({len(array) for array in result}) > 1:
        raise ValueError(
            f"The inputs of `{network.name}` must have one length. "
            f"Received: {[len(array) for array in result]}"
        )
    return result


def check_shape(received, expected, what):
    """Raise if two shapes without the batch axis differ."""
    received, expected = tuple(received), tuple(expected)
    if received != expected:
        raise ValueError(
            f"{what} must have the shape {expected} without the batch axis. "
            f"Received: {received}"
        )


# === Samples ===


def check_samples(model, x, name: str = "x", minimum: int = 1) -> np.ndarray:
    """Samples of a model, all of them or a batch, as a NumPy array.

    Args:
        model: `AdversarialModel`.
        x: Array of samples, `(samples, ...)`.
        name: What the caller calls them.
        minimum: Integer, how many there must be.

    Raises:
        ValueError: if they are not numbers of the shape and kind that the
            networks take.
    """
    hint = _text_hint(x)
    if hint or not is_array(x):
        raise ValueError(
            f"`{name}` must be one array of samples. Received: "
            f"{_description(x)}{hint}"
        )
    _check_sample_shape(model, tuple(x.shape), name, minimum)
    array = as_numbers(name, x)
    is_float = array.dtype.kind not in "iub"
    if model.is_discrete:
        _check_tokens(array, is_float, output_shape(model.generator)[-1], name)
        return array
    reach = output_range(model.generator)
    if reach is not None and not is_float:
        raise ValueError(
            f"`{name}` are integers, but the generator's output lies in "
            f"{list(reach)}. Scale them to floating-point numbers in that "
            f"range{_hint(reach)}. Received: dtype {array.dtype}"
        )
    return array if is_float else array.astype(keras.config.floatx())


def _description(x):
    if isinstance(x, (list, tuple, dict)):
        return f"a {type(x).__name__} of {len(x)}"
    return "none" if x is None else type(x).__name__


def _text_hint(x):
    """What to do with a list, an array or a column of texts."""
    is_list = isinstance(x, (list, tuple))
    is_column = not is_list and len(getattr(x, "shape", ())) == 1
    first = x[:1] if is_list or is_column else ()
    if isinstance(x, str) or any(isinstance(each, str) for each in first):
        return " (`keras_aegan.data.Text` makes arrays of integers of texts)"
    return ""


def _check_sample_shape(model, shape, name, minimum):
    expected = tuple(model.sample_shape)
    if shape[1:] == expected and shape[0] >= minimum:
        return
    kind = "a non-empty array" if minimum else "an array"
    sizes = ", ".join(["samples", *map(str, expected)])
    hint = ""
    if shape == expected:
        hint = " (one sample: `x[None]` gives it a batch axis; a data set: "
        hint += "`.batch(32)`)"
    elif (*shape[1:], 1) == expected:
        hint = " (`x[..., None]` gives it an axis of channels)"
    raise ValueError(
        f"`{name}` must be {kind} of shape ({sizes}). Received: an array of "
        f"shape {shape}{hint}"
    )


def _check_tokens(array, is_float, count, name):
    if is_float:
        raise ValueError(
            f"`{name}` must be integers, such as the numbers of tokens. "
            f"Received: dtype {array.dtype}"
        )
    if array.size and (array.min() < 0 or array.max() >= count):
        raise ValueError(
            f"`{name}` must be integers in [0, {count}), for which the "
            f"generator has logits. Received: {array.min()} to {array.max()}"
        )


def _hint(reach):
    return f" (images: `{_SCALING[reach]}`)" if reach in _SCALING else ""


# === Scale: warnings ===

# A standardised column has a mean of 0 and a deviation of 1.
_LARGEST = 5.0
_SMALLEST = 0.05
_ROWS = 2000


def warn_of_scale(model, x: np.ndarray, columns=None) -> None:
    """Warn about samples that the generator cannot reach, or hardly.

    Args:
        model: `AdversarialModel`.
        x: Array of samples.
        columns: Names of the columns of a table, or `None`.
    """
    if model.is_discrete or not x.size:
        return
    reach = output_range(model.generator)
    if reach is None:
        message = _unscaled_columns(x[:_ROWS], columns)
    else:
        message = _out_of_reach(x, reach)
    if message:
        warnings.warn(message, stacklevel=4)


def _out_of_reach(x, reach):
    low, high = float(x.min()), float(x.max())
    if reach[0] - 1e-3 <= low and high <= reach[1] + 1e-3:
        return None
    return (
        f"The samples lie in [{low:g}, {high:g}], but the generator's "
        f"output in {list(reach)}: what is outside can never be "
        f"reconstructed{_hint(reach)}."
    )


def _unscaled_columns(x, names):
    """A warning about columns that are far from standardised, or `None`."""
    axes = tuple(range(x.ndim - 1))
    mean, deviation = x.mean(axes, "float64"), x.std(axes, dtype="float64")
    size = np.abs(mean) + deviation
    # A column of a rare category is small, too, but its 1 is not.
    is_tiny = (deviation > 0) & (np.abs(x).max(axes) < _SMALLEST)
    off = np.nonzero((size > _LARGEST) | is_tiny)[0]
    if not len(off):
        return None
    labels = [str(i if names is None else names[i]) for i in off]
    shown = ", ".join(labels[:8]) + (", ..." if len(labels) > 8 else "")
    over = "0" if x.ndim == 2 else str(axes)
    return (
        f"{len(off)} of {x.shape[-1]} columns or channels of `x` are not "
        f"scaled ({shown}): their means go up to {np.abs(mean[off]).max():g} "
        f"and their standard deviations from {deviation[off].min():g} to "
        f"{deviation[off].max():g}. The generator's output is linear and "
        "starts near 0: networks learn such data slowly or not at all. "
        f"Standardise: `x = (x - x.mean({over})) / x.std({over})`, or use "
        "scikit-learn's `StandardScaler`, whose `inverse_transform` brings "
        "generated samples back."
    )

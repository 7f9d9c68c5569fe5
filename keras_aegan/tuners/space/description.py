"""Plain descriptions of arguments, equal only for what is equal."""

import hashlib
import inspect
import numbers
import re
import types

import keras
import numpy as np

_SAMPLES = 1024  # Of an array, to tell it from another one.
_IMMUTABLE = (int, float, str, bytes, tuple, frozenset, type(None))


def describe(value):
    """What JSON can hold, the same in another process.

    Of an object that is none of what Keras can save, and no array, function or
    class, only the class counts.

    Args:
        value: Any argument of a model, of `compile` or of `fit`.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, numbers.Real):
        # An integer may stand for the same float.
        return float(value)
    if isinstance(value, dict):
        return {str(key): describe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [describe(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    if inspect.isclass(value) or inspect.isroutine(value):
        return f"{value.__qualname__} {code_digest(value)}"
    if isinstance(value, keras.Layer):
        return _layer(value)
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return _array(value)
    return {type(value).__qualname__: _config(value)}


def code_digest(value) -> str:
    """A short text that differs for other code.

    Args:
        value: Class or function.

    Returns:
        String, the same for all that Python cannot look into.
    """
    if not inspect.isclass(value):
        return digest(_code(value))
    own = {
        name: _code(item) or repr(item) * isinstance(item, _IMMUTABLE)
        for name, item in sorted(vars(value).items())
        if name not in ("__doc__", "__module__", "__firstlineno__")
    }
    return digest(own)


def code_of_users(cls: type) -> dict[str, str]:
    """Digests of those classes of a hierarchy that a user wrote.

    The versions of the packages say what the others are.
    """
    packages = ("keras_aegan", "keras", "keras_tuner", "builtins")
    return {
        f"the code of {base.__qualname__}": code_digest(base)
        for base in cls.__mro__
        if base.__module__.partition(".")[0] not in packages
    }


def digest(value) -> str:
    """A short text that differs for bytes or plain values that differ."""
    content = value if isinstance(value, bytes) else repr(value).encode()
    return hashlib.sha256(content).hexdigest()[:8]


def _code(function):
    """What a function, a method or a property does, or an empty list."""
    function = getattr(function, "fget", None) or function
    function = inspect.unwrap(getattr(function, "__func__", function))
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    given = [*cells, *(function.__defaults__ or ())]
    plain = [repr(item) for item in given if isinstance(item, _IMMUTABLE)]
    return [*_instructions(code, function.__doc__), *plain]


def _instructions(code, docstring=None):
    found = [code.co_code.hex(), code.co_names]
    for item in code.co_consts:
        if isinstance(item, types.CodeType):
            found.append(_instructions(item))
        elif item != docstring:
            found.append(repr(item))
    return found


def _array(array):
    """The shape, the type and a digest of evenly spaced samples."""
    shape = list(map(int, array.shape))
    step = max(1, shape[0] // _SAMPLES) if shape else 1
    some = keras.ops.convert_to_numpy(array[::step] if shape else array)
    content = np.ascontiguousarray(some).tobytes()
    return f"array {array.dtype} {shape} {digest(content)}"


def _layer(layer):
    """The layers inside, with what they are configured and filled with."""
    found = {"class": type(layer).__qualname__, "dtype": layer.compute_dtype}
    inner = getattr(layer, "layers", None)
    if inner:
        return {**found, "layers": list(map(_layer, inner))}
    # Weights that are integers are where generators of noise start.
    weights = [
        _array(variable.numpy())
        for variable in layer.weights
        if "int" not in str(variable.dtype)
    ]
    return {**found, "config": _config(layer), "weights": weights}


def _config(value):
    """The configuration of what Keras can save, without numbers in names.

    Keras numbers the layers of a process, as in `dense_7`.
    """
    try:
        config = describe(value.get_config())
    except (AttributeError, NotImplementedError):
        return None
    return keras.tree.map_structure(
        lambda x: re.sub(r"_\d+$", "", x) if isinstance(x, str) else x, config
    )

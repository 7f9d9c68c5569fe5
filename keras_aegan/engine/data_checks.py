"""Looking at networks and data before any step runs."""

import warnings

import keras
import numpy as np

_RANGES = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, float("inf")),
    "softplus": (0.0, float("inf")),
}
_SCALING = {
    (-1.0, 1.0): "x / 127.5 - 1",
    (0.0, 1.0): "x / 255",
}


def parts_known(model, parts, needed, known):
    """Raise if a needed part of a model is missing, or one is unknown.

    Args:
        model: Name of the model.
        parts: Names of the parts that are there.
        needed: Names of those that must be. A prior may be missing.
        known: Names of those that may be.
    """
    missing = [p for p in needed if p not in parts and p != "prior"]
    unknown = [p for p in parts if p not in known]
    if missing or unknown:
        raise ValueError(
            f"{model} needs the arguments {list(needed)} and takes no others "
            f"than {list(known)} and its options. Missing: {missing}; "
            f"unknown: {unknown}. Received: {list(parts)}"
        )


def built_layer(name, part):
    """Raise if a part of a model is no layer or has no weights yet."""
    if not isinstance(part, keras.layers.Layer):
        raise ValueError(
            f"`{name}` must be a Keras layer or model. Received: {part!r}"
        )
    if not part.built:
        raise ValueError(
            f"`{name}` must have its weights: give it a `keras.Input`, or "
            f"call it once on data. Received: {part!r}, which is not built"
        )


def same_shape(received, expected, what):
    """Raise if two shapes of samples differ."""
    received, expected = tuple(received), tuple(expected)
    if received != expected:
        raise ValueError(
            f"{what} must have the shape {expected} without the batch axis. "
            f"Received: {received}"
        )


_FROM_SAMPLES_TO_CODES = ("encoder", "second_encoder", "reconstructor")
_JUDGES_OF_SAMPLES = ("discriminator", "diffusion_discriminator")


def fitting(parts, code_statistics, discrete=False):
    """Raise if networks of the usual names do not fit one another.

    Args:
        parts: Dict of networks, and perhaps the prior, by name.
        code_statistics: Integer, the encoder's outputs for each number of a
            code.
        discrete: Boolean, whether the generator gives a logit for each value
            of a sample's numbers.
    """
    generator = parts.get("generator")
    if generator is None or isinstance(generator.input_shape, list):
        return
    code, sample = generator.input_shape[1:], generator.output_shape[1:]
    logits = sample[-1:] if discrete else ()
    sample = sample[: len(sample) - len(logits)]
    if "encoder" in parts:
        sample = parts["encoder"].input_shape[1:]
    if "prior" in parts:
        code = (parts["prior"].latent_dim,)
    expected = {"generator": (code, (*sample, *logits))}
    wide = (*code[:-1], code_statistics * code[-1])
    for name in _FROM_SAMPLES_TO_CODES:
        expected[name] = (sample, wide)
    for name in _JUDGES_OF_SAMPLES:
        expected[name] = (sample, None)
    expected["latent_discriminator"] = (code, None)
    if "category_discriminator" in parts:
        # Each judges a part of the code.
        categories = parts["category_discriminator"].input_shape[-1]
        expected["latent_discriminator"] = ((code[-1] - categories,), None)
    for name, (inputs, outputs) in expected.items():
        if name in parts:
            network = parts[name]
            same_shape(network.input_shape[1:], inputs, f"The `{name}`'s input")
            if outputs is not None:
                same_shape(
                    network.output_shape[1:], outputs, f"The `{name}`'s output"
                )


def output_range(network):
    """The range of a network's output activation, or `None` for all."""
    while getattr(network, "layers", None):
        network = network.layers[-1]
    activation = getattr(network, "activation", None)
    return _RANGES.get(getattr(activation, "__name__", None))


def batch(model, x):
    """Raise if a batch, as a step sees it, does not fit the model."""
    if keras.tree.is_nested(x):
        raise ValueError(
            "The samples must be one tensor. "
            f"Received: {keras.tree.map_structure(type, x)}"
        )
    same_shape(x.shape[1:], model.sample_shape, "A batch of samples")
    if model.discrete:
        if "int" not in str(x.dtype):
            raise ValueError(
                "The samples must be integers, such as the numbers of tokens. "
                f"Received: dtype {x.dtype}"
            )
        return
    reach = output_range(model.generator)
    if reach is not None and "int" in str(x.dtype):
        raise ValueError(
            f"The samples are integers, but the generator's output lies in "
            f"{list(reach)}. Scale them to floating-point numbers in that "
            f"range{_hint(reach)}. Received: dtype {x.dtype}"
        )


def samples(model, x):
    """Raise if data in memory does not fit the model; warn of its range.

    Data sets and generators are checked batch by batch, see `batch`.
    """
    if not hasattr(x, "shape") or not hasattr(x, "dtype"):
        return
    shape = tuple(x.shape)
    if len(shape) != len(model.sample_shape) + 1 or shape[0] == 0:
        raise ValueError(
            "The samples must be a non-empty array of shape (samples, "
            f"{str(tuple(model.sample_shape))[1:-1].rstrip(',')}). "
            f"Received: an array of shape {shape}"
        )
    batch(model, x)
    array = keras.ops.convert_to_numpy(x)
    if model.discrete:
        _values_known(array, model.generator.output_shape[-1])
    if not np.issubdtype(array.dtype, np.floating):
        return
    low, high = float(array.min()), float(array.max())
    if not np.isfinite(low + high):
        broken = int((~np.isfinite(array)).sum())
        raise ValueError(
            "The samples must be finite. Received: an array with "
            f"{broken} values that are NaN or infinite"
        )
    reach = output_range(model.generator)
    if reach is not None and not (
        reach[0] - 1e-3 <= low and high <= reach[1] + 1e-3
    ):
        warnings.warn(
            f"The samples lie in [{low:g}, {high:g}], but the generator's "
            f"output in {list(reach)}: what is outside can never be "
            f"reconstructed{_hint(reach)}.",
            stacklevel=3,
        )


def _values_known(array, count):
    if array.min() < 0 or array.max() >= count:
        raise ValueError(
            f"The samples must be integers in [0, {count}), for which the "
            f"generator has logits. Received: {array.min()} to {array.max()}"
        )


def _hint(reach):
    return f" (images: `{_SCALING[reach]}`)" if reach in _SCALING else ""

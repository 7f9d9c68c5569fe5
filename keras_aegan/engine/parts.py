"""The parts of a model: one table for building, checking and averaging them."""

import dataclasses
from collections.abc import Callable

import keras

from keras_aegan.backend.keras_private import refuse_remat
from keras_aegan.engine.data_checks import check_shape
from keras_aegan.network_shapes import call_symbolically
from keras_aegan.network_shapes import input_shape
from keras_aegan.network_shapes import output_shape


@dataclasses.dataclass(frozen=True)
class Part:
    """What a model knows about one of its networks, or about its prior.

    A model lists its parts in `AdversarialModel.parts`. Everything that
    depends on the kind of a part is said here, and nowhere by its name:
    `for_shape` builds and conditions it, the constructor checks it, and
    `compile(average=...)` averages its weights.

    Args:
        name: Name of the constructor's argument and of the attribute.
        reads: Function from `Shapes` to the shape of an input, without the
            batch axis; `None` if it is not checked.
        writes: The same of the output.
        build: Function from `NetworkOptions` and a dict of the parts that are
            there already to the default network; `None` if there is none.
        condition: Function `(network, size, num_classes)` that gives a
            default network a condition of `size` numbers; `None` if the part
            takes no condition.
        default: Function from a dict of the other parts to the part, called
            by the constructor if it is not given; `None` if it must be given.
        is_optional: Boolean, whether a model may do without it.
        is_averaged: Boolean, whether inference uses it, and so its running
            averages.
        gives_logits: Boolean, whether losses take its output for logits, so
            that it must not end in a sigmoid or the like.

    Example:

    >>> from keras_aegan import layers
    >>> noise = Part("noise", default=lambda parts: layers.GaussianNoise(0.1))
    >>> noise.name, noise.is_optional
    ('noise', False)
    """

    name: str
    reads: Callable | None = None
    writes: Callable | None = None
    build: Callable | None = None
    condition: Callable | None = None
    default: Callable | None = None
    is_optional: bool = False
    is_averaged: bool = False
    gives_logits: bool = False

    def replace(self, **changes) -> "Part":
        """The same part but for some of its properties.

        Args:
            **changes: Arguments of the constructor.
        """
        return dataclasses.replace(self, **changes)


@dataclasses.dataclass(frozen=True)
class Shapes:
    """The shapes of a model's tensors, without the batch axis.

    Attributes:
        sample: Shape of one sample.
        code: Shape of one code.
        encoded: Shape of what an encoder gives for a sample: means and log
            variances if it is variational, a code otherwise.
        generated: Shape of what a generator gives: a sample, or logits of one.
        parts: Dict of the parts by name.
    """

    sample: tuple
    code: tuple
    encoded: tuple
    generated: tuple
    parts: dict


def check_parts(cls, parts, required):
    """The parts that a model shall have, with the defaults of missing ones.

    Args:
        cls: Class of the model.
        parts: Dict of layers by name; `None` stands for a missing one.
        required: Names of the parts that the model needs.

    Raises:
        ValueError: if a part is missing, unknown, not a Keras layer or has no
            weights yet, or the shapes of two parts do not fit.
    """
    table = {part.name: part for part in cls.parts}
    given = {name: part for name, part in parts.items() if part is not None}
    if table:
        missing = [
            name
            for name in required
            if name not in given and table[name].default is None
        ]
        unknown = [name for name in given if name not in table]
        if missing or unknown:
            raise ValueError(
                f"{cls.__name__} needs the arguments {list(required)} and "
                f"takes no others than {list(table)} and its options. "
                f"Missing: {missing}; unknown: {unknown}. "
                f"Received: {list(given)}"
            )
    for name, layer in given.items():
        _check_built(cls.part(name), layer)
    refuse_remat(*given.values())
    # In the order of the constructor's arguments, so that a prior takes its
    # seed after the networks, wherever it comes from.
    for name in dict.fromkeys((*parts, *required)):
        part = cls.part(name)
        if name not in given and part.default is not None:
            given[name] = part.default(given)
    for layer in given.values():
        if isinstance(layer, keras.Model):
            call_symbolically(layer)
    _check_shapes(cls, given)
    return given


def _check_built(part, layer):
    if not isinstance(layer, keras.layers.Layer):
        raise ValueError(
            f"`{part.name}` must be a Keras layer or model. Received: {layer!r}"
        )
    if not layer.built:
        raise ValueError(
            f"`{part.name}` must have its weights: give it a `keras.Input`, or "
            f"call it once on data. Received: {layer!r}, which is not built"
        )
    # Inference runs encoder and generator by `predict`, which no layer has.
    is_predicted = part.is_averaged and part.reads is not None
    if is_predicted and not isinstance(layer, keras.Model):
        raise ValueError(
            f"`{part.name}` must be a Keras model: "
            "`keras.Sequential([keras.Input(...), layer])` makes one of a "
            f"layer. Received: {layer!r}"
        )


def _check_shapes(cls, parts):
    """Raise if two parts do not fit one another."""
    generator = parts.get("generator")
    # A generator of several inputs has no one code to compare with.
    if generator is None or isinstance(input_shape(generator), list):
        return
    shapes = _shapes(cls, parts)
    for name, layer in parts.items():
        part = cls.part(name)
        if part.reads is not None:
            received, expected = input_shape(layer), part.reads(shapes)
            _check_shape(received, expected, f"The `{name}`'s input")
        if part.writes is not None:
            received, expected = output_shape(layer), part.writes(shapes)
            _check_shape(received, expected, f"The `{name}`'s output")


def _check_shape(received, expected, what):
    if keras.tree.is_nested(received[0]):
        shapes = [tuple(shape[1:]) for shape in received]
        raise ValueError(
            f"{what} must be one tensor of shape {tuple(expected)} without the "
            f"batch axis. Received: {len(shapes)} tensors of shapes {shapes}"
        )
    check_shape(received[1:], expected, what)


def _shapes(cls, parts):
    generator = parts["generator"]
    code, sample = input_shape(generator)[1:], output_shape(generator)[1:]
    logits = sample[-1:] if cls.is_discrete else ()
    sample = sample[: len(sample) - len(logits)]
    # Where two parts disagree, the generator is the one that does not fit.
    if "encoder" in parts:
        sample = input_shape(parts["encoder"])[1:]
    if "prior" in parts:
        code = (parts["prior"].latent_dim,)
    statistics = 2 if cls.is_variational else 1
    return Shapes(
        sample=tuple(sample),
        code=tuple(code),
        encoded=(*code[:-1], statistics * code[-1]),
        generated=(*sample, *logits),
        parts=parts,
    )


def build_parts(cls, options, parts, num_classes, builders):
    """Add the default networks that are missing, in place.

    Args:
        cls: Class of the model.
        options: `NetworkOptions`.
        parts: Dict of parts that are given, and of the model's own options.
        num_classes: Positive integer or `None`, see `Conditional`.
        builders: Dict from name to a function in place of `Part.build`.

    Raises:
        ValueError: if there are arguments for a part that the model lacks.
    """
    refuse_remat()
    required = cls.required_parts(**parts)
    if options.augmentation and "discriminator" not in required:
        raise ValueError(
            "`augmentation` is for models with a discriminator of "
            f"samples, and {cls.__name__} has none. "
            f"Received: augmentation={options.augmentation!r}"
        )
    for name in required:
        part = cls.part(name)
        build = builders.get(name, part.build)
        if build is not None and parts.get(name) is None:
            network = build(options, parts)
            if options.condition_size and part.condition is not None:
                network = part.condition(
                    network, options.condition_size, num_classes
                )
            parts[name] = network


def averaged_networks(model):
    """The networks of a model whose running averages inference uses."""
    return [
        getattr(model, name)
        for name in model.part_names
        if model.part(name).is_averaged
    ]


# === What a model can do ===


def require_parts(model, base, action, names):
    """Raise if a model lacks a part that some action needs.

    Args:
        model: `AdversarialModel`.
        base: Class of all models.
        action: What is to be done, a verb.
        names: Names of parts.

    Raises:
        ValueError: naming the models that have these parts.
    """
    missing = [name for name in names if not hasattr(model, name)]
    if missing:
        raise ValueError(
            f"{type(model).__name__} cannot {action}: it has no "
            f"{' and no '.join(missing)}. Models that can: "
            f"{', '.join(_models_with(base, names))}. "
            f"Received: a call of `{action}`"
        )


def _models_with(base, names):
    """Names of the models, of all that are defined, that have these parts."""
    found, queue = set(), [base]
    while queue:
        cls = queue.pop()
        queue += cls.__subclasses__()
        if {part.name for part in getattr(cls, "parts", ())}.issuperset(names):
            found.add(cls.__name__)
    return sorted(found)

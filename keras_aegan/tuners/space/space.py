"""The search space of one model class for samples of one shape."""

import hashlib

from keras_aegan.tuners.space import dimension as kinds
from keras_aegan.tuners.space.dimension import Dimension
from keras_aegan.tuners.space.dimension import settled
from keras_aegan.tuners.space.limits import UP_TO
from keras_aegan.tuners.space.limits import limited
from keras_aegan.tuners.space.model_dimensions import dimensions_of
from keras_aegan.tuners.space.sampled_model import compile_arguments
from keras_aegan.tuners.space.sampled_model import draw_model


class Space:
    """The dimensions of a model class, narrowed, and the models in them.

    Args:
        model_class: Class with `for_shape`.
        input_shape: Shape of one sample.
        narrowing: Dict from the name of a dimension to its values. Names that
            the class does not have are passed over.
        options: Dict of further arguments of `for_shape`, the same for all.
        max_parameters: Integer, the numbers that a model may have in its
            networks, or `None`.

    Raises:
        ValueError: if the space is empty or contradicts itself, or its
            smallest model is too large.
    """

    def __init__(
        self, model_class, input_shape, narrowing, options, max_parameters
    ):
        self.model_class = model_class
        self.input_shape = tuple(input_shape)
        self.options = options
        model = draw_model(model_class, input_shape, _small(narrowing), options)
        found = [
            *dimensions_of(model_class, model),
            *_own_options(model, narrowing),
        ]
        self.names = [dimension.name for dimension in found]
        self.own = list(getattr(model, "option_names", ()))
        _not_fixed_twice(options, self.names)
        found = [
            d.narrowed(narrowing[d.name]) if d.name in narrowing else d
            for d in found
        ]
        self.dimensions = settled(found, narrowing)
        if max_parameters is not None:
            self.dimensions = limited(
                self.dimensions,
                lambda values: self._model(values).count_params(),
                max_parameters,
            )

    def declare(self, hp):
        """Ask KerasTuner for all dimensions; the values of those that count."""
        values = {}
        for dimension in self.dimensions:
            value = dimension.declare(hp)
            if value is not None:
                values[dimension.name.split(UP_TO)[0]] = value
        return values

    def build(self, values):
        """The drawn model and the arguments of its `compile`."""
        model = self._model(values)
        return model, compile_arguments(model, values)

    def key(self):
        """A short text that differs for another space."""
        parts = [dimension.key() for dimension in self.dimensions]
        digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:8]
        return f"{self.model_class.__name__}{self.input_shape} {digest}"

    def _model(self, values):
        own = {key: values[key] for key in values if key in self.own}
        options = {**self.options, **own}
        return draw_model(self.model_class, self.input_shape, values, options)


def _small(narrowing):
    """Values of a small model, with a code that given networks may want."""
    code = narrowing.get("latent_dim") or 2
    if isinstance(code, dict):
        code = code.get("min_value", 2)
    code = next(iter(code)) if isinstance(code, (list, tuple)) else code
    return {"latent_dim": code if kinds.WHOLE.accepts(code) else 2, "width": 2}


def _own_options(model, narrowing):
    """Dimensions for options of the model's own that the user asks for."""
    return [
        Dimension(
            name,
            (getattr(model, name),),
            getattr(model, name),
            kinds.like(getattr(model, name)),
        )
        for name in getattr(model, "option_names", ())
        if name in narrowing
    ]


def _not_fixed_twice(options, names):
    twice = sorted(set(options) & set(names))
    if twice:
        raise ValueError(
            "What the space has is fixed in the space: "
            f"`space={{{twice[0]!r}: ...}}`. Received: the argument "
            f"{twice[0]}={options[twice[0]]!r}"
        )

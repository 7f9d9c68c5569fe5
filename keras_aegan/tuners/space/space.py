"""The search space of one model class for samples of one shape."""

from keras_aegan import validation
from keras_aegan.tuners.space import kinds
from keras_aegan.tuners.space.description import code_of_users
from keras_aegan.tuners.space.dimension import Dimension
from keras_aegan.tuners.space.dimension import listed
from keras_aegan.tuners.space.dimension import resolve_conditions
from keras_aegan.tuners.space.limits import UP_TO
from keras_aegan.tuners.space.limits import limit_parameters
from keras_aegan.tuners.space.model_dimensions import model_dimensions
from keras_aegan.tuners.space.sampled_model import build_model
from keras_aegan.tuners.space.sampled_model import compile_arguments


class Space:
    """The dimensions of a model class, narrowed, and the models in them.

    Args:
        model_class: Class with `for_shape`.
        input_shape: Shape of one sample.
        narrowing: Dict from the name of a dimension to its values. Names that
            the class does not have are ignored.
        options: Dict of further arguments of `for_shape`, the same for all.
        max_parameters: Integer, how many parameters the networks of a model
            may have, or `None`.

    Raises:
        ValueError: if the space is empty or contradicts itself, or its
            smallest model is too large.
    """

    def __init__(
        self,
        model_class: type,
        input_shape: tuple[int, ...],
        narrowing: dict,
        options: dict,
        max_parameters: int | None,
    ):
        self.model_class = model_class
        self.input_shape = validation.check_shape("input_shape", input_shape)
        self.options = options
        model = build_model(
            model_class, self.input_shape, _small(narrowing), options
        )
        found = [
            *model_dimensions(model_class, model),
            *_option_dimensions(model, narrowing),
        ]
        self.names = [dimension.name for dimension in found]
        self.option_names = list(getattr(model, "option_names", ()))
        _check_options(options, self.names)
        found = [
            d.narrowed(narrowing[d.name]) if d.name in narrowing else d
            for d in found
        ]
        self.dimensions = resolve_conditions(found, narrowing)
        if max_parameters is not None:
            self.dimensions = limit_parameters(
                self.dimensions,
                lambda values: self._model(values).count_params(),
                max_parameters,
            )

    def declare(self, hp) -> dict:
        """Declare all dimensions to KerasTuner; the values of active ones."""
        values = {}
        for dimension in self.dimensions:
            value = dimension.declare(hp)
            if value is not None:
                values[dimension.name.split(UP_TO)[0]] = value
        return values

    def build(self, values: dict) -> tuple:
        """The model of sampled values and the arguments of its `compile`."""
        model = self._model(values)
        return model, compile_arguments(model, values)

    def definition(self) -> dict:
        """What the space is made of, by names that a user knows."""
        return {
            "input_shape": self.input_shape,
            **{
                f"space[{dimension.name!r}]": dimension.definition()
                for dimension in self.dimensions
            },
            **self.options,
            **code_of_users(self.model_class),
        }

    def _model(self, values):
        own = {key: values[key] for key in values if key in self.option_names}
        options = {**self.options, **own}
        return build_model(self.model_class, self.input_shape, values, options)


def _small(narrowing):
    """Values of a small model, whose code fits networks given as options."""
    given = narrowing.get("latent_dim")
    if isinstance(given, dict):
        given = given.get("min_value")
    fitting = filter(kinds.POSITIVE_INTEGER.accepts, listed(given))
    return {"latent_dim": int(next(fitting, 2)), "width": 2}


def _option_dimensions(model, narrowing):
    """Dimensions for those options of the model that the user names."""
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


def _check_options(options, names):
    """Raise if a dimension of the space is also given as an option."""
    twice = sorted(set(options) & set(names))
    if twice:
        raise ValueError(
            f"The space has a dimension {twice[0]!r}. Fix it there: "
            f"`space={{{twice[0]!r}: ...}}`. Received: the argument "
            f"{twice[0]}={options[twice[0]]!r}"
        )

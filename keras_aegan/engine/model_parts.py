"""The networks a model is made of: taking them, checking them, saving them."""

import inspect

import keras

from keras_aegan.engine import data_checks
from keras_aegan.layers import GaussianSampling
from keras_aegan.layers import NormalPrior


class ModelParts:
    """The constructor and the configuration of every model.

    A model that lists its parts in `roles` needs no constructor of its own
    unless it has options; its signature still names every argument.
    """

    roles = ()
    optional_roles = ()
    default_prior = NormalPrior
    code_statistics = 1
    discrete = False
    sample_axes = (1, 2, 3)

    def __init__(self, name=None, options=None, **parts):
        super().__init__(name=name)
        options = options or {}
        parts = self._checked(parts, self.needed_roles(**options))
        self.part_names = list(parts)
        self.option_names = list(options)
        for key, value in {**parts, **options}.items():
            setattr(self, key, value)
        if self.code_statistics == 2:
            self.sampling = GaussianSampling()
        self.built = True

    def _checked(self, parts, needed):
        """The parts that there are, with a prior if there shall be one."""
        wants_prior = "prior" in needed or "prior" in parts
        parts = {key: part for key, part in parts.items() if part is not None}
        if self.roles:
            known = (*self.roles, *self.optional_roles)
            data_checks.parts_known(type(self).__name__, parts, needed, known)
        for key, part in parts.items():
            data_checks.built_layer(key, part)
        if wants_prior and "prior" not in parts:
            size = parts["generator"].input_shape[-1]
            parts["prior"] = self.default_prior(size)
        data_checks.fitting(parts, self.code_statistics, self.discrete)
        return parts

    @classmethod
    def needed_roles(cls, **options):
        """Names of the parts that a model with these options needs."""
        return cls.roles

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if cls.roles:
            cls.__signature__ = _signature(cls)

    def get_config(self):
        parts = {
            key: keras.saving.serialize_keras_object(getattr(self, key))
            for key in self.part_names
        }
        options = {key: getattr(self, key) for key in self.option_names}
        return {"name": self.name, **parts, **options}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        parts = {
            key: keras.saving.deserialize_keras_object(value, custom_objects)
            if isinstance(value, dict)
            else value
            for key, value in config.items()
        }
        return cls(**parts)


def _signature(cls):
    """What the constructor takes: its parts, its options and a name."""
    own = inspect.signature(cls.__init__).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    arguments = {
        role: inspect.Parameter(
            role,
            keyword,
            default=None if role == "prior" else inspect.Parameter.empty,
        )
        for role in cls.roles
    }
    optional = dict.fromkeys(cls.optional_roles)
    options = {p.name: p.default for p in own if p.kind is keyword}
    for key, default in {**optional, **options, "name": None}.items():
        arguments[key] = inspect.Parameter(key, keyword, default=default)
    return inspect.Signature(list(arguments.values()))

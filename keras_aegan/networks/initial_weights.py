"""Initial weights of the default networks."""

import contextlib
from collections.abc import Iterator

import keras

from keras_aegan import random


class InitialWeights(random.VarianceScaling):
    """`VarianceScaling` that files call by the name of Keras' own.

    Networks are trained here and used elsewhere: a file of a network must not
    ask for this package because of how its weights once began. Keras' own
    initializer has the same arguments and distribution, though not the same
    numbers, which a file with weights does not need. Within `same_numbers`
    configurations are read as this class again.
    """

    def get_config(self) -> dict:
        # Which Keras' own has not by default.
        return {
            **super().get_config(),
            "distribution": "untruncated_normal",
        }

    @classmethod
    def from_config(cls, config: dict) -> "InitialWeights":
        """The initializer of a configuration, Keras' or ours."""
        return cls(config["scale"], config["mode"], config["seed"])


# Keras writes these two into a file, and looks there for the class.
InitialWeights.__module__ = "keras.initializers"
InitialWeights.__name__ = keras.initializers.VarianceScaling.__name__


@contextlib.contextmanager
def same_numbers() -> Iterator[None]:
    """In this context configurations give the same weights on any backend."""
    own = {keras.initializers.VarianceScaling.__name__: InitialWeights}
    with keras.saving.custom_object_scope(own):
        yield

"""Random numbers that are the same on TensorFlow, JAX and PyTorch.

Every number is a pure function of a key, the index of the call that sampled
it and its position in the result: Threefry-2x32 with 13 rounds (Salmon et al.,
"Parallel random numbers: as easy as 1, 2, 3", SC11, table 2), written with
`keras.ops` on int32, whose additions wrap on every backend. So a run can be
repeated on another backend, a resumed run continues with the same numbers, and
a compiled step needs no generator object.
"""

import contextlib
import functools
import math
import random as python_random
from collections.abc import Iterable
from collections.abc import Iterator

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan import threefry
from keras_aegan.backend import replicas
from keras_aegan.threefry import threefry2x32 as threefry2x32
from keras_aegan.validation import check_in
from keras_aegan.validation import check_integer
from keras_aegan.validation import check_number


@functools.lru_cache(maxsize=1024)
def _of_part(function, part):
    """A function of one part of a draw; backends find it by its name."""

    def draw(state, shape):
        return function(state, shape, part)

    draw.__name__ = "_".join(map(str, (function.__name__, *part)))
    return draw


def _random_rows(function, state, shape, axis):
    """As all replicas together draw them: the rows that are this one's."""
    part = replicas.part_of(tuple(shape), axis)
    if part is not None:
        function = _of_part(function, part)
    return _random_numbers(function, state, shape)


def _random_numbers(function, state, shape):
    if not isinstance(state, np.ndarray):
        return backend.random_numbers(function, state, shape)
    return ops.convert_to_tensor(function(state, shape))


def uniform(state, shape: tuple):
    """Float32 numbers, uniform in [0, 1), a pure function of `state`.

    Args:
        state: int32 tensor or NumPy array of shape `(3,)`: two words of key
            and the index of the call.
        shape: Tuple of integers; on TensorFlow sizes may be scalar tensors.

    Returns:
        Tensor of that shape, the same to the last bit on every backend.
    """
    return _random_numbers(threefry.uniform, state, shape)


def normal(state, shape: tuple):
    """Float32 numbers from N(0, 1), a pure function of `state`.

    Box and Muller's transform of `uniform`. The logarithms and cosines of the
    backends differ in the last bit, so the numbers are equal to about 2e-7.

    Args:
        state: int32 tensor or NumPy array of shape `(3,)`: two words of key
            and the index of the call.
        shape: Tuple of integers; on TensorFlow sizes may be scalar tensors.

    Returns:
        Tensor of that shape.
    """
    return _random_numbers(threefry.normal, state, shape)


def default_seed() -> int:
    """A seed that follows `keras.utils.set_random_seed`, on every backend."""
    return python_random.randint(1, 2**31 - 1)


def seed_or_default(seed: int | None) -> int:
    """An integer seed as it is, `default_seed()` in place of `None`."""
    seed = _check_seed(seed)
    return default_seed() if seed is None else seed


def initial_state(seed: int) -> np.ndarray:
    """The state of a generator with an integer `seed` before its first call.

    Args:
        seed: Integer of any size; its lower 64 bits are the key.

    Returns:
        NumPy array `(3,)` of int32: two words of key and the index of the
            next call.
    """
    words = [seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF, 0]
    return np.array(words, "uint32").astype("int32")


def _check_seed(seed):
    return None if seed is None else check_integer("seed", seed, minimum=None)


@keras.saving.register_keras_serializable(package="keras_aegan")
class RandomGenerator(keras.layers.Layer):
    """A stream of random numbers whose position is a saved variable.

    Layers and priors hold one. Each call returns new numbers and advances the
    stream; a model that is saved and loaded, also on another backend,
    continues with the numbers that it would have sampled otherwise.

    Args:
        seed: Integer or `None`. `None` takes a seed that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `seed` is not an integer.

    Example:

    >>> generator = RandomGenerator(seed=1)
    >>> generator.normal((2, 3)).shape
    (2, 3)
    """

    def __init__(self, seed: int | None = None, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.seed = _check_seed(seed)
        key = initial_state(seed_or_default(self.seed))
        self.state = self.add_weight(
            shape=(3,),
            dtype="int32",
            trainable=False,
            initializer=lambda shape, dtype: ops.convert_to_tensor(key, dtype),
            name="state",
        )
        self.built = True

    def next_state(self):
        """The state for the next numbers; the stream advances."""
        state = ops.copy(self.state)
        self.state.assign(
            ops.add(state, ops.convert_to_tensor([0, 0, 1], "int32"))
        )
        return state

    def uniform(self, shape: tuple, batch_axis: int | None = 0):
        """Numbers of the given shape, uniform in [0, 1).

        Args:
            shape: Tuple of integers.
            batch_axis: Axis of the samples, or `None` if there is none. In a
                step on several devices, each draws the numbers of its own
                samples, and all draw the same where there are none.
        """
        return _random_rows(
            threefry.uniform, self.next_state(), shape, batch_axis
        )

    def normal(self, shape: tuple, batch_axis: int | None = 0):
        """Numbers of the given shape from N(0, 1).

        Args:
            shape: Tuple of integers.
            batch_axis: As of `uniform`.
        """
        return _random_rows(
            threefry.normal, self.next_state(), shape, batch_axis
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}


@keras.saving.register_keras_serializable(package="keras_aegan")
class VarianceScaling(keras.initializers.Initializer):
    """Initial weights that are the same on every backend.

    Sampled from N(0, scale / fan), where fan is the number of inputs of a unit
    (`"fan_in"`) or the mean of its inputs and outputs (`"fan_avg"`).

    Args:
        scale: Positive float. 2 is He's for rectified units, 1 Glorot's.
        mode: `"fan_in"` or `"fan_avg"`.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Raises:
        ValueError: if `mode` is unknown, `scale` is not positive or `seed` is
            not an integer.

    Example:

    >>> VarianceScaling(2.0, seed=0)((3, 3, 8, 16)).shape
    (3, 3, 8, 16)

    Reference: He et al. 2015, arXiv:1502.01852, equation 10; Glorot and
    Bengio 2010, equation 12.
    """

    def __init__(
        self, scale: float = 1.0, mode: str = "fan_in", seed: int | None = None
    ):
        self.scale = check_number("scale", scale, 0, open_ends="lower")
        self.mode = check_in("mode", mode, ("fan_in", "fan_avg"))
        self.seed = _check_seed(seed)
        self._key = seed_or_default(self.seed)

    def __call__(self, shape: tuple, dtype: str | None = None):
        shape = tuple(shape)
        positions = math.prod(shape[:-2])
        fan_in = positions * (shape[-2] if len(shape) > 1 else 1)
        fan_out = positions * shape[-1]
        fan = fan_in if self.mode == "fan_in" else (fan_in + fan_out) / 2
        weights = threefry.normal(initial_state(self._key), shape)
        weights = weights * math.sqrt(self.scale / max(1, fan))
        weights = ops.convert_to_tensor(weights)
        return ops.cast(weights, dtype or keras.config.floatx())

    def get_config(self) -> dict:
        return {"scale": self.scale, "mode": self.mode, "seed": self.seed}


class InitialWeights(VarianceScaling):
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


def seeded_states(layers: Iterable, seed: int) -> list:
    """States in which the generators among `layers` start from `seed`.

    Each of several generators has a key of its own.

    Args:
        layers: Iterable of Keras layers.
        seed: Integer.

    Returns:
        List of pairs of a variable and a value, for `keras.StatelessScope`.
    """
    seed = check_integer("seed", seed, minimum=None)
    generators = [x for x in layers if isinstance(x, RandomGenerator)]
    states = [initial_state(seed + (i << 32)) for i in range(len(generators))]
    return [
        (generator.state, ops.convert_to_tensor(state))
        for generator, state in zip(generators, states)
    ]

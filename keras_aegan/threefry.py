"""Threefry: numbers that are a pure function of a key and of positions.

Written with `keras.ops` on int32, whose additions wrap on every backend, and
with the same operations of NumPy.
"""

import math
import types

import numpy as np
from keras import ops

# NumPy under the names of `keras.ops`.
_NUMPY = types.SimpleNamespace(**{**vars(np), "cast": np.asarray})
_ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)
_PARITY = 0x1BD11BDA
_ROUNDS = 13


def _arithmetic(x):
    """The module that computes with `x`: NumPy or `keras.ops`."""
    return _NUMPY if isinstance(x, np.ndarray) else ops


def _rotate_left(x, distance):
    # `>>` repeats the sign bit of an int32, so these copies are masked out.
    on = _arithmetic(x)
    low = on.bitwise_and(on.right_shift(x, 32 - distance), (1 << distance) - 1)
    return on.bitwise_or(on.left_shift(x, distance), low)


def threefry2x32(key: tuple, counter: tuple, rounds: int = _ROUNDS):
    """Encrypt a counter, two words of 32 bits, with a key of two words.

    Args:
        key: Pair of int32 tensors, or of NumPy arrays.
        counter: Pair of the same kind that broadcasts with the key.
        rounds: Integer. 13 is the least number that passes BigCrush; JAX uses
            20.

    Returns:
        Pair of that kind whose bits are uniform and independent.

    Reference: Salmon et al., SC11, section 3.3. The test vectors are those of
    its program Random123.
    """
    on = _arithmetic(key[0])
    parity = on.bitwise_xor(on.bitwise_xor(key[0], key[1]), _PARITY)
    keys = (key[0], key[1], parity)
    x0 = on.add(counter[0], keys[0])
    x1 = on.add(counter[1], keys[1])
    for step in range(rounds):
        x0 = on.add(x0, x1)
        x1 = on.bitwise_xor(_rotate_left(x1, _ROTATIONS[step % 8]), x0)
        if step % 4 == 3:
            block = step // 4 + 1
            x0 = on.add(x0, keys[block % 3])
            x1 = on.add(x1, on.add(keys[(block + 1) % 3], block))
    return x0, x1


def _sample(state, shape, transform, part=None):
    """Numbers of a shape; `transform` maps two words to two numbers.

    With a `replicas.Part` they are those of a larger draw which it says.
    """
    on = _arithmetic(state)
    count = math.prod(shape)
    if part is not None:
        return on.reshape(
            _numbers_of_part(state, count, transform, part), shape
        )
    position = on.arange((count + 1) // 2, dtype="int32")
    words = threefry2x32((state[:1], state[1:2]), (position, state[2:]))
    numbers = on.concatenate(transform(*words))
    is_even = isinstance(count, int) and count % 2 == 0
    return on.reshape(numbers if is_even else numbers[:count], shape)


def _numbers_of_part(state, count, transform, part):
    """Some of the numbers of a draw, from their positions in it."""
    on = _arithmetic(state)
    run = count // part.blocks
    starts = on.arange(part.blocks, dtype="int32") * (run * part.count)
    starts = on.reshape(starts + part.index * run, (-1, 1))
    places = on.reshape(starts + on.arange(run, dtype="int32"), (-1,))
    # The first half of a draw is made of first words, the rest of second ones.
    half = (count * part.count + 1) // 2
    is_second = places >= half
    position = on.where(is_second, places - half, places)
    words = threefry2x32((state[:1], state[1:2]), (position, state[2:]))
    first, second = transform(*words)
    return on.where(is_second, second, first)


def _to_unit(bits):
    """The upper 24 bits as float32 in [0, 1): every value is exact."""
    on = _arithmetic(bits)
    bits = on.bitwise_and(on.right_shift(bits, 8), 0xFFFFFF)
    return on.multiply(on.cast(bits, "float32"), 2.0**-24)


def _box_muller(first, second):
    on = _arithmetic(first)
    # 1 - u is in (0, 1], where the logarithm is finite.
    radius = on.sqrt(-2.0 * on.log(1.0 - _to_unit(first)))
    angle = (2.0 * math.pi) * _to_unit(second)
    return radius * on.cos(angle), radius * on.sin(angle)


def uniform(state, shape, part=None):
    return _sample(state, shape, lambda a, b: (_to_unit(a), _to_unit(b)), part)


def normal(state, shape, part=None):
    return _sample(state, shape, _box_muller, part)

"""Differentiable augmentation of images."""

import keras
from keras import ops

from keras_aegan.random import RandomGenerator


@keras.saving.register_keras_serializable(package="keras_aegan")
class DiffAugment(keras.layers.Layer):
    """Changes each image at random in training, before a discriminator.

    Real and generated images are changed in the same ways, so a discriminator
    does not memorise a small data set; and gradients flow through the changes,
    so the generator does not learn to produce them. With random numbers `u`
    uniform in [0, 1), independent for each image, the parts of a policy are,
    applied in its order,

    - `"color"`: brightness `x + u - 1/2`; saturation `m + 2 u (x - m)` about
      the mean `m` of a pixel's channels; contrast `m + (u + 1/2) (x - m)`
      about the mean `m` of the image
    - `"translation"`: a shift by up to an eighth of each side, in whole
      pixels, all equally likely; pixels from outside are 0
    - `"cutout"`: zeros in a rectangle of half of each side, which may extend
      beyond the edges

    Values are not clipped. The amounts suit images in [-1, 1], where 0 is
    grey.

    Args:
        policy: String, names of parts joined by commas. The paper takes
            `"translation,cutout"` for images of 32 pixels and all three
            parts for larger ones.
        seed: Integer or `None` for one that follows
            `keras.utils.set_random_seed`.

    Input and output shape: `(batch_size, height, width, channels)`.

    Raises:
        ValueError: if `policy` names no part or an unknown one, `seed` is not
            an integer, or the input is not a batch of images.

    Example:

    >>> x = np.zeros((2, 32, 32, 3), "float32")
    >>> DiffAugment("translation,cutout")(x, training=True).shape
    (2, 32, 32, 3)

    Reference: Zhao et al. 2020, arXiv:2006.10738, section 3.3 and equations
    5 and 6; amounts from the authors' program.
    """

    def __init__(
        self,
        policy: str = "color,translation,cutout",
        seed: int | None = None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.policy = policy
        self._parts = _parse(policy)
        self.generator = RandomGenerator(seed)
        self.seed = self.generator.seed
        self.built = True

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        _check(input_shape)
        return input_shape

    def call(self, inputs, training: bool | None = None):
        _check(inputs.shape)
        if not training:
            return inputs
        x = ops.cast(inputs, "float32")
        batch_size = ops.shape(x)[0]
        # Sampling once for all parts is cheaper than once for each, and a
        # part's numbers do not depend on the rest of the policy.
        numbers = self.generator.uniform((batch_size, _NUMBERS))
        numbers = ops.reshape(numbers, (batch_size, _NUMBERS, 1, 1, 1))
        for function, first, last in self._parts:
            changed = function(x, *(numbers[:, i] for i in range(first, last)))
            x = self._select(x, changed)
        return ops.cast(x, inputs.dtype)

    def _select(self, x, changed):
        """The image that is passed on: here always the changed one."""
        return changed

    def get_config(self) -> dict:
        config = {"policy": self.policy, "seed": self.seed}
        return {**super().get_config(), **config}


def _color(x, brightness, saturation, contrast):
    x = x + (brightness - 0.5)
    grey = ops.mean(x, axis=-1, keepdims=True)
    x = grey + 2.0 * saturation * (x - grey)
    mean = ops.mean(x, axis=(1, 2, 3), keepdims=True)
    return mean + (contrast + 0.5) * (x - mean)


def _translation(x, down, right):
    for axis, number in ((1, down), (2, right)):
        size = ops.shape(x)[axis]
        reach = (size + 4) // 8
        source = _positions(x, axis) + _integer(number, 2 * reach + 1) - reach
        inside = ops.logical_and(source >= 0, source < size)
        source = ops.clip(source, 0, size - 1)
        x = ops.take_along_axis(x, source, axis)
        x = x * ops.cast(inside, x.dtype)
    return x


def _cutout(x, vertical, horizontal):
    inside = True
    for axis, number in ((1, vertical), (2, horizontal)):
        size = ops.shape(x)[axis]
        cut = (size + 1) // 2
        # If `cut` is even, the centre may also be `size`: then both edges are
        # cut out equally often.
        start = _integer(number, size + 1 - cut % 2) - cut // 2
        position = _positions(x, axis)
        within = ops.logical_and(position >= start, position < start + cut)
        inside = ops.logical_and(inside, within)
    return x * ops.cast(ops.logical_not(inside), x.dtype)


def _positions(x, axis):
    size = ops.shape(x)[axis]
    shape = [1, 1, 1, 1]
    shape[axis] = size
    return ops.reshape(ops.arange(size, dtype="int32"), shape)


def _integer(number, count):
    """An integer in [0, count), from a number in [0, 1)."""
    return ops.cast(ops.floor(number * ops.cast(count, "float32")), "int32")


# Each part's function, and the slice of an image's random numbers it takes.
_PARTS = {
    "color": (_color, 0, 3),
    "translation": (_translation, 3, 5),
    "cutout": (_cutout, 5, 7),
}
_NUMBERS = 7


def _parse(policy):
    names = policy.split(",") if isinstance(policy, str) else [policy]
    if any(name not in _PARTS for name in names):
        raise ValueError(
            "`policy` must be a string of names among "
            f"{', '.join(map(repr, _PARTS))}, joined by commas. "
            f"Received: policy={policy!r}"
        )
    return [_PARTS[name] for name in names]


def _check(shape):
    if len(shape) != 4:
        raise ValueError(
            "The input must be (batch_size, height, width, channels). "
            f"Received: input_shape={tuple(shape)}"
        )

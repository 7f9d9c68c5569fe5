"""Running averages of weights, to generate and to validate with."""

import keras
from keras import ops

from keras_aegan import backend


class WeightAverages(keras.layers.Layer):
    """The exponential moving average of the weights of some networks.

    After step t each average becomes `d * average + (1 - d) * value` with `d =
    min(decay, (1 + t) / (10 + t))`, so that early values are soon forgotten.
    The statistics of normalisation layers are averaged along with the weights.

    Args:
        networks: List of Keras layers.

    Reference: Yazici et al. 2018, arXiv:1806.04498; the start is that of
    TensorFlow's `ExponentialMovingAverage` with `num_updates`.
    """

    def __init__(self, networks):
        super().__init__(dtype="float32", trainable=False, name="averages")
        found = {id(v): v for n in networks for v in n.variables}
        # Positions of random streams and counters have no average.
        self.averaged = [
            v
            for v in found.values()
            if "float" in keras.backend.standardize_dtype(v.dtype)
        ]
        self.shadows = [
            self.add_weight(
                shape=v.shape,
                initializer="zeros",
                dtype="float32",
                trainable=False,
                name=f"average_{i}",
            )
            for i, v in enumerate(self.averaged)
        ]
        self.built = True

    def start(self, decay):
        """Begin with the current values.

        Args:
            decay: Float in (0, 1), such as 0.999.

        Raises:
            ValueError: if `decay` is not in (0, 1).
        """
        if not (isinstance(decay, float) and 0 < decay < 1):
            raise ValueError(
                f"`average` must be a float in (0, 1). Received: {decay!r}"
            )
        self.decay = decay
        for v, shadow in self.pairs():
            shadow.assign(ops.convert_to_numpy(v))

    def update(self, step):
        """Take the current values in, after a step.

        Args:
            step: Scalar, how many steps came before this one.
        """
        step = ops.cast(step, "float32")
        # The first steps are soon forgotten: the decay starts near 0.
        decay = ops.minimum(self.decay, (1.0 + step) / (10.0 + step))
        for shadow, v in zip(self.shadows, self.averaged):
            value = ops.cast(backend.read(v), "float32")
            shadow.assign(value + decay * (backend.read(shadow) - value))

    def pairs(self):
        """Each averaged variable with its average."""
        return list(zip(self.averaged, self.shadows))

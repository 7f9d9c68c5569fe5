"""A network whose inputs are preceded by a fixed reference batch."""

import keras
import numpy as np
from keras import ops

from keras_aegan import backend
from keras_aegan.arrays import check_finite
from keras_aegan.arrays import real_numbers
from keras_aegan.layers.virtual_batch_normalization import (
    VirtualBatchNormalization,
)
from keras_aegan.network_shapes import input_shape
from keras_aegan.network_shapes import output_shape
from keras_aegan.random import same_numbers


@keras.saving.register_keras_serializable(package="keras_aegan")
class ReferenceBatch(keras.Model):
    """A network whose every batch is preceded by the same reference batch.

    For generators with `keras_aegan.layers.VirtualBatchNormalization`, which
    takes its statistics from it. The reference batch is chosen once and saved
    among the network's weights. Each call computes its rows, too, and drops
    their outputs.

    Args:
        network: Built `keras.Model` of one input.
        batch: Array `(reference_size, ...)` of inputs, such as codes from the
            prior.
        name: String. Defaults to the name of `network`.

    Raises:
        ValueError: if `batch` does not fit the network's input, or a layer of
            virtual batch normalisation expects another number of rows.

    Example:

    >>> from keras_aegan import layers
    >>> z = keras.Input((2,))
    >>> x = keras.layers.Dense(4)(z)
    >>> x = layers.VirtualBatchNormalization(reference_size=16)(x)
    >>> network = keras.Model(z, keras.layers.Dense(3)(x))
    >>> codes = np.random.default_rng(0).normal(size=(16, 2))
    >>> ReferenceBatch(network, codes)(np.zeros((5, 2), "float32")).shape
    (5, 3)

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 3.4.
    """

    def __init__(
        self, network: keras.Model, batch: np.ndarray, name: str | None = None
    ):
        super().__init__(name=network.name if name is None else name)
        batch = check_finite("batch", real_numbers("batch", batch))
        batch = batch.astype("float32")
        expected = tuple(input_shape(network)[1:])
        sizes = {
            layer.reference_size
            for layer in backend.sublayers(network)
            if isinstance(layer, VirtualBatchNormalization)
        }
        if batch.shape[1:] != expected or sizes - {len(batch)}:
            raise ValueError(
                f"`batch` must have the shape {(None, *expected)}, with as "
                "many rows as each `VirtualBatchNormalization` expects, which "
                f"is {sorted(sizes)}. Received: batch of shape {batch.shape}"
            )
        self.network = network
        self.batch = self.add_weight(
            shape=batch.shape,
            initializer=lambda shape, dtype: ops.cast(batch, dtype),
            trainable=False,
            name="batch",
        )
        self.built = True

    @property
    def input_shape(self):
        """Shape of the network's input."""
        return input_shape(self.network)

    @property
    def output_shape(self):
        """Shape of the network's output."""
        return output_shape(self.network)

    def call(self, inputs):
        reference = ops.cast(self.batch, inputs.dtype)
        output = self.network(ops.concatenate([reference, inputs]))
        return output[reference.shape[0] :]

    def get_config(self) -> dict:
        network = keras.saving.serialize_keras_object(self.network)
        # The rows themselves are among the weights.
        return {
            "network": network,
            "batch_shape": list(self.batch.shape),
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None):
        with same_numbers():
            network = keras.saving.deserialize_keras_object(
                config["network"], custom_objects
            )
        batch = np.zeros(config["batch_shape"])
        return cls(network, batch, config["name"])

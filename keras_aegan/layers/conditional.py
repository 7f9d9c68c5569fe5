"""Networks with a condition, such as a label, as an additional input."""

import contextlib
import contextvars
import os

import keras
import numpy as np
from keras import ops

from keras_aegan.random import same_numbers

_CONDITION = contextvars.ContextVar("condition", default=None)


@contextlib.contextmanager
def condition_scope(condition):
    """In this context every `Conditional` network gets a condition.

    Args:
        condition: Tensor of labels or of vectors, one for each sample, or
            `None`.
    """
    token = _CONDITION.set(condition)
    try:
        yield
    finally:
        _CONDITION.reset(token)


def current_condition():
    """The condition of the innermost `condition_scope`, or `None`."""
    return _CONDITION.get()


def one_hot(labels, num_classes: int):
    """One-hot labels, float32.

    `keras.ops.one_hot` gives the same numbers, but on PyTorch it compares the
    labels with `num_classes` in Python, so that a step with it could not be
    recorded.

    Args:
        labels: Tensor `(batch_size,)` or `(batch_size, 1)`.
        num_classes: Positive integer.

    Returns:
        Tensor `(batch_size, num_classes)`.
    """
    labels = ops.reshape(ops.cast(labels, "int32"), (-1, 1))
    classes = ops.convert_to_tensor(np.arange(num_classes, dtype="int32"))
    return ops.cast(labels == classes, "float32")


def functional(network: keras.Model, signature) -> keras.Model:
    """A functional model around a network, which converters understand.

    On PyTorch, Keras hands OpenVINO what a tracer made, and that one reads all
    attributes of the outermost network, also those that exist in training
    steps only.

    Args:
        network: Keras model.
        signature: List of the network's one argument, a tensor or a list of
            tensors, symbolic or not.
    """
    inputs = keras.tree.map_structure(
        lambda x: keras.Input(
            batch_shape=tuple(x.shape),
            dtype=keras.backend.standardize_dtype(x.dtype),
            name=getattr(x, "name", None),
        ),
        signature[0],
    )
    return keras.Model(inputs, network(inputs))


@keras.saving.register_keras_serializable(package="keras_aegan")
class Conditional(keras.Model):
    """A network with a condition that may be called without it.

    The condition is the last input of `network`. Called with all inputs, this
    network uses the condition given. Called without it, as models do in a
    training step, it uses the condition of the step, repeated if the input
    stacks several batches of the step's size.

    Args:
        network: Functional `keras.Model` whose last input has the shape
            `(batch_size, num_classes)`, one-hot, or that of the condition.
        num_classes: Positive integer if the condition is a label in
            `0, ..., num_classes - 1`; `None` if it is a vector.
        name: String. Defaults to the name of `network`.

    Raises:
        ValueError: if `network` has a single input, or its last one does not
            have `num_classes` numbers.

    Example:

    >>> z, label = keras.Input((4,)), keras.Input((3,))
    >>> x = keras.layers.Concatenate()([z, label])
    >>> network = keras.Model([z, label], keras.layers.Dense(6)(x))
    >>> generator = Conditional(network, num_classes=3)
    >>> generator([np.zeros((2, 4)), np.array([0, 2])]).shape
    (2, 6)

    Reference: Mirza and Osindero 2014, arXiv:1411.1784.
    """

    def __init__(
        self,
        network: keras.Model,
        num_classes: int | None = None,
        name: str | None = None,
    ):
        super().__init__(name=network.name if name is None else name)
        shapes = [tuple(x.shape[1:]) for x in getattr(network, "inputs", [])]
        if len(shapes) < 2 or num_classes not in (None, shapes[-1][-1]):
            raise ValueError(
                "`network` must have a last input for the condition, of "
                "`num_classes` numbers if it is a label. Received: inputs of "
                f"the shapes {shapes} and num_classes={num_classes!r}"
            )
        self.network = network
        self.num_classes = num_classes
        self.condition_shape = shapes[-1]
        self.built = True

    @property
    def input_shape(self):
        """Shape of the input without the condition; a list if several."""
        shapes = [tuple(x.shape) for x in self.network.inputs[:-1]]
        return shapes if len(shapes) > 1 else shapes[0]

    @property
    def inputs(self):
        """Symbolic inputs of a call with the condition, which is the last."""
        *inputs, condition = self.network.inputs
        if self.num_classes is not None:
            condition = keras.KerasTensor((None,), "int32", name="label")
        return [*inputs, condition]

    @property
    def output_shape(self):
        """Shape of the network's output."""
        return self.network.output_shape

    def call(self, inputs):
        several = isinstance(inputs, (list, tuple))
        inputs = list(inputs) if several else [inputs]
        if len(inputs) == len(self.network.inputs):
            condition = self._vectors(inputs.pop())
        else:
            condition = self._vectors(self._condition_of_step())
            batches = ops.shape(inputs[0])[0] // ops.shape(condition)[0]
            ones = (1,) * len(self.condition_shape)
            condition = ops.tile(condition, (batches, *ones))
        return self.network([*inputs, condition])

    def _condition_of_step(self):
        condition = current_condition()
        if condition is None:
            raise ValueError(
                f"`{self.name}` needs a condition for each sample: `y` in "
                "`fit`, `labels` in `generate` and similar methods. "
                "Received: none"
            )
        return condition

    def _vectors(self, condition):
        if self.num_classes is None:
            return ops.cast(condition, self.compute_dtype)
        return one_hot(condition, self.num_classes)

    def export(self, filepath, format="tf_saved_model", **kwargs):
        """Export as `keras.Model.export` does, with the condition as an input.

        Args:
            filepath: Path of the artifact.
            format: As in `keras.Model.export`.
            **kwargs: Other arguments of `keras.Model.export`.
        """
        signature = kwargs.setdefault("input_signature", [self.inputs])
        exported = super()
        if format == "openvino":
            exported = functional(self, signature)
        exported.export(os.fspath(filepath), format, **kwargs)

    def get_config(self) -> dict:
        network = keras.saving.serialize_keras_object(self.network)
        return {
            "network": network,
            "num_classes": self.num_classes,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict, custom_objects: dict | None = None):
        with same_numbers():
            network = keras.saving.deserialize_keras_object(
                config["network"], custom_objects
            )
        return cls(**{**config, "network": network})

"""Gradients that a model's `play` computes with, beside those that train."""

from collections.abc import Callable

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend import replicas


def linearize(loss: Callable, u):
    """A loss at `u`, and its gradient there.

    The value is `loss(u)`; its gradient with respect to `u` is the one that is
    returned, as a constant. So a gradient that is needed as a number is not
    computed a second time in the backward pass.

    Args:
        loss: Function from a tensor to a scalar.
        u: Tensor.

    Returns:
        Scalar, and a tensor of the shape of `u`.

    Example:

    >>> value, gradient = linearize(lambda u: ops.sum(u * u), ops.ones((3,)))
    >>> float(value)
    3.0
    >>> [float(g) for g in ops.convert_to_numpy(gradient)]
    [2.0, 2.0, 2.0]
    """
    gradient = ops.stop_gradient(backend.input_gradient(loss, u))
    linear = ops.sum(gradient * u)
    value = ops.stop_gradient(loss(u))
    # The difference is 0, but has the gradient of `linear`.
    return value + (linear - ops.stop_gradient(linear)), gradient


class LastKernel:
    """The kernel of a network's last layer, and gradients with respect to it.

    To be created before the network is called: it then sees the noise and the
    moving averages of that call, and compilers merge its calls with it.

    Args:
        network: Keras layer or model, whose last weight of the name `kernel`
            is the one.

    Raises:
        ValueError: if the network has no such weight.

    Example:

    >>> network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> last = LastKernel(network)
    >>> last.gradient(ops.ones((4, 3)), ops.ones((4, 2))).shape
    (3, 2)
    """

    def __init__(self, network: keras.Layer):
        kernels = [v for v in network.weights if v.name == "kernel"]
        if not kernels:
            raise ValueError(
                "The network must have a layer with a `kernel`. "
                f"Received: {network!r}"
            )
        self._network = network
        self._kernel = kernels[-1]
        self._values = [(v, backend.read(v)) for v in network.variables]

    def gradient(self, inputs, output_gradient):
        """The kernel's gradient, where that of the output is known.

        Args:
            inputs: What the network was called with.
            output_gradient: Tensor of the shape of the network's output: the
                gradient of some loss with respect to it.
        """

        def loss(kernel):
            values = [*self._values, (self._kernel, kernel)]
            with keras.StatelessScope(values):
                output = self._network(inputs)
            # The gradient of this product is the chain rule's.
            return ops.sum(
                ops.cast(output, output_gradient.dtype) * output_gradient
            )

        kernel = backend.read(self._kernel)
        gradient = ops.stop_gradient(backend.input_gradient(loss, kernel))
        return replicas.mean_over_replicas(gradient)

    def ratio(self, inputs, first, second):
        """How much longer one loss's gradient is than another's.

        `min(|g_1| / (|g_2| + 1e-4), 1e4)`, the norms of their gradients with
        respect to the kernel: arXiv:2012.09841, equation 7, with the bounds of
        the authors' program.

        Args:
            inputs: What the network was called with.
            first: Gradient of one loss with respect to the network's output.
            second: The same of the other loss.

        Returns:
            Scalar, a constant.
        """
        first, second = (
            ops.sqrt(ops.sum(ops.square(self.gradient(inputs, g))))
            for g in (first, second)
        )
        return ops.minimum(first / (second + 1e-4), 1e4)

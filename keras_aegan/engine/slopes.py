"""Gradients that a model's `play` looks at while it computes its losses."""

import keras
from keras import ops

from keras_aegan import backend


def linearized(loss, u):
    """A loss at `u`, and its gradient there.

    The value is `loss(u)`, and for whoever differentiates it further its
    gradient with respect to `u` is the one returned, a constant. So a
    gradient that is needed as a number is not worked out a second time on the
    way back.

    Args:
        loss: Function from a tensor to a scalar.
        u: Tensor.

    Returns:
        Scalar, and a tensor of the shape of `u`.
    """
    slope = ops.stop_gradient(backend.input_gradient(loss, u))
    along = ops.sum(slope * u)
    value = ops.stop_gradient(loss(u))
    return value + (along - ops.stop_gradient(along)), slope


class LastKernel:
    """The kernel of a network's last layer, and gradients that reach it.

    To be made before the network is called, so that its noise and averages
    are those of that call, with which compilers merge the ones here.

    Args:
        network: Keras layer or model, whose last weight of the name `kernel`
            is the one.

    Raises:
        ValueError: if the network has no such weight.
    """

    def __init__(self, network):
        kernels = [v for v in network.weights if v.name == "kernel"]
        if not kernels:
            raise ValueError(
                "The network must have a layer with a `kernel`. "
                f"Received: {network!r}"
            )
        self._network = network
        self._kernel = kernels[-1]
        self._values = [(v, backend.read(v)) for v in network.variables]

    def gradient(self, inputs, slope):
        """The kernel's gradient, where that of the output is known.

        Args:
            inputs: What the network was called with.
            slope: Tensor of the shape of the network's output: the gradient
                of some loss with respect to it.
        """

        def loss(kernel):
            values = [*self._values, (self._kernel, kernel)]
            with keras.StatelessScope(values):
                output = self._network(inputs)
            return ops.sum(ops.cast(output, slope.dtype) * slope)

        kernel = backend.read(self._kernel)
        return ops.stop_gradient(backend.input_gradient(loss, kernel))

    def ratio(self, inputs, pull, push):
        """How much more one loss pulls at the kernel than another.

        `min(|pull| / (|push| + 1e-4), 1e4)`, the norms of their gradients
        with respect to the kernel: arXiv:2012.09841, equation 7, with the
        bounds of the authors' program.

        Args:
            inputs: What the network was called with.
            pull: Gradient of one loss with respect to the network's output.
            push: The same of the other loss.

        Returns:
            Scalar, a constant.
        """
        pull, push = (
            ops.sqrt(ops.sum(ops.square(self.gradient(inputs, slope))))
            for slope in (pull, push)
        )
        return ops.minimum(pull / (push + 1e-4), 1e4)

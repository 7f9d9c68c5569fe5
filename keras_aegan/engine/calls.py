"""Special ways of calling a network in `play`."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.random import RandomGenerator


def _mixes_samples(network):
    """Whether a sample's output depends on the others of its batch."""
    return any(
        getattr(layer, "mixes_samples", False)
        or isinstance(layer, keras.layers.BatchNormalization)
        for layer in backend.sublayers(network)
    )


def together(network, *inputs):
    """Call a network on several batches of one size, in one call.

    The batches are stacked and the outputs split again, which costs one pass
    through Python and fills the processor better. A network with batch
    statistics (`BatchNormalization`, or a layer whose attribute
    `mixes_samples` is true) is called on each batch alone, since stacking
    would change what it computes.

    Args:
        network: A Keras layer or model.
        inputs: Tensors of one shape.

    Returns:
        List of outputs, one for each input.
    """
    if len(inputs) == 1 or _mixes_samples(network):
        return [network(x) for x in inputs]
    dtype = inputs[0].dtype
    stacked = ops.concatenate([ops.cast(x, dtype) for x in inputs])
    return ops.split(network(stacked), len(inputs))


def quietly(network, x):
    """Call a network as usual, but let it remember nothing of `x`.

    In training, batch normalisation takes part in moving averages of all that
    it sees, and at inference these stand for what it will see. A batch that
    is unlike the network's later inputs is better kept out of them. Noise
    still moves on.

    Args:
        network: A Keras layer or model.
        x: Tensor.

    Returns:
        The network's output.
    """
    values = [(v, backend.read(v)) for v in network.variables]
    with keras.StatelessScope(values) as scope:
        output = network(x)
    for layer in backend.sublayers(network):
        if isinstance(layer, RandomGenerator):
            layer.state.assign(scope.get_current_value(layer.state))
    return output

"""Special ways of calling a network in `play`."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.layers import Conditional
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
        inputs: Tensors of one shape, or tuples of tensors for a network of
            several inputs.

    Returns:
        List of outputs, one for each input; each is a list of tensors if the
        network has several outputs.
    """
    if len(inputs) == 1 or _mixes_samples(network):
        return [_call(network, x) for x in inputs]

    def stack(*parts):
        return ops.concatenate([ops.cast(x, parts[0].dtype) for x in parts])

    outputs = _call(network, keras.tree.map_structure(stack, *inputs))
    if not isinstance(outputs, (list, tuple)):
        return ops.split(outputs, len(inputs))
    split = [ops.split(output, len(inputs)) for output in outputs]
    return [list(parts) for parts in zip(*split)]


def _call(network, x):
    return network(list(x) if isinstance(x, tuple) else x)


def tapped(network, layer=-2):
    """A network that also shows what one of its layers puts out.

    Args:
        network: Functional or sequential `keras.Model`.
        layer: Index or name of one of `network.layers`. The last but one is
            what the last layer sees.

    Returns:
        A function without arguments that gives a `keras.Model` with the
        outputs `[features, output]`, on the same weights. (A function, since
        Keras would save a model in an attribute a second time.)

    Raises:
        ValueError: if there is no such layer.
    """
    if isinstance(network, Conditional):
        inner = tapped(network.network, layer)()
        model = Conditional(inner, network.num_classes)
        return lambda: model
    try:
        found = (
            network.get_layer(layer)
            if isinstance(layer, str)
            else network.layers[layer]
        )
        inputs = network.inputs
        model = keras.Model(
            inputs if len(inputs) > 1 else inputs[0],
            [found.output, *network.outputs],
        )
    except (ValueError, IndexError, AttributeError) as error:
        raise ValueError(
            "The layer of features must be the name or index of a layer of a "
            f"functional model. Received: layer={layer!r}, network={network!r}"
        ) from error
    return lambda: model


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

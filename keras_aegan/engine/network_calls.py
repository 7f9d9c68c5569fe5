"""Special ways of calling a network in `play`."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.layers import Conditional
from keras_aegan.random import RandomGenerator


def call_stacked(network: keras.Layer, *inputs) -> list:
    """Call a network on several batches of one size, in one call.

    The batches are stacked and the outputs split again, which costs one pass
    through Python and fills the processor better. A network with batch
    statistics (`BatchNormalization`, or a layer whose attribute
    `mixes_samples` is true) is called on each batch separately, since
    stacking would change what it computes.

    Args:
        network: Keras layer or model.
        *inputs: Tensors of one shape, `(batch_size, ...)`, or tuples of
            tensors for a network of several inputs.

    Returns:
        List of outputs, one for each input; each is a list of tensors if the
        network has several outputs.

    Example:

    >>> network = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    >>> a, b = call_stacked(network, ops.ones((4, 3)), ops.zeros((4, 3)))
    >>> a.shape, b.shape
    ((4, 2), (4, 2))
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


def _mixes_samples(network):
    """Whether a sample's output depends on the others of its batch."""
    return any(
        getattr(layer, "mixes_samples", False)
        or isinstance(layer, keras.layers.BatchNormalization)
        for layer in backend.sublayers(network)
    )


def _call(network, x):
    # In `play` a tuple is one input, as of a joint discriminator; Keras takes
    # several tensors as a list.
    return network(list(x) if isinstance(x, tuple) else x)


class FeatureExtractor:
    """A network that also returns the output of an inner layer.

    It has no weights of its own, and is no Keras layer: a model that keeps
    one in an attribute would save the network twice.

    Args:
        model: `keras.Model` with the outputs `[features, output]`.

    Example:

    >>> network = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(5), keras.layers.Dense(1)
    ... ])
    >>> features, logits = feature_extractor(network)(ops.ones((4, 3)))
    >>> features.shape, logits.shape
    ((4, 5), (4, 1))
    """

    def __init__(self, model: keras.Model):
        self.model = model

    def __call__(self, x, **kwargs):
        """Features and output of a batch, a pair of tensors.

        Args:
            x: Tensor, or tuple of tensors for a network of several inputs.
            **kwargs: As in a call of the network, such as `training`.
        """
        # No `training=None` here: Keras would take it for "not in training".
        return self.model(list(x) if isinstance(x, tuple) else x, **kwargs)

    @property
    def size(self) -> int:
        """How many numbers the last axis of the features has."""
        return self.model.outputs[0].shape[-1]


def feature_extractor(
    network: keras.Model, layer: int | str = -2
) -> FeatureExtractor:
    """Let a network also return the output of one of its layers.

    Args:
        network: Functional or sequential `keras.Model`.
        layer: Index or name of one of `network.layers`. The last but one is
            what the last layer sees.

    Returns:
        A `FeatureExtractor` on the network's weights.

    Raises:
        ValueError: if there is no such layer.

    Example:

    >>> network = keras.Sequential([
    ...     keras.Input((3,)), keras.layers.Dense(5), keras.layers.Dense(1)
    ... ])
    >>> feature_extractor(network).size
    5
    """
    if isinstance(network, Conditional):
        inner = feature_extractor(network.network, layer).model
        return FeatureExtractor(Conditional(inner, network.num_classes))
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
        if isinstance(found, keras.layers.InputLayer):
            raise ValueError(f"Received: the input, {found!r}")
    except (ValueError, IndexError, AttributeError) as error:
        raise ValueError(
            "The layer of features must be the name or index of a layer "
            "between input and output of a functional or sequential model. "
            f"Received: layer={layer!r}, network={network!r}"
        ) from error
    return FeatureExtractor(model)


def call_without_statistics(network: keras.Layer, x):
    """Call a network as usual, but keep `x` out of its moving averages.

    In training, batch normalisation adds every batch to the moving averages
    that it uses at inference. A batch that is unlike the network's inputs at
    inference, such as fakes early in training, is better kept out of them.
    Random generators inside the network still move on.

    Args:
        network: Keras layer or model.
        x: Tensor, `(batch_size, ...)`.

    Returns:
        The network's output.

    Example:

    >>> norm = keras.layers.BatchNormalization()
    >>> norm.build((None, 3))
    >>> call_without_statistics(norm, ops.ones((4, 3))).shape
    (4, 3)
    """
    values = [(v, backend.read(v)) for v in network.variables]
    # What the network assigns inside the scope stays in the scope ...
    with keras.StatelessScope(values) as scope:
        output = network(x)
    # ... and only the positions of its random streams are taken over.
    for layer in backend.sublayers(network):
        if isinstance(layer, RandomGenerator):
            layer.state.assign(scope.get_current_value(layer.state))
    return output

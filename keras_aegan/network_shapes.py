"""Shapes of networks of every kind: functional, sequential, subclassed."""

import weakref

import keras

# A subclassed network is traced to find its output, which is not possible
# inside a step that is being recorded.
_OUTPUT_SHAPES = weakref.WeakKeyDictionary()


def input_shape(network: keras.Layer):
    """Shape of a network's input, with the batch axis.

    Args:
        network: Built Keras layer or model.

    Returns:
        Tuple, or a list of tuples if the network has several inputs.

    Raises:
        ValueError: if the network does not say what it was built for.

    Example:

    >>> layer = keras.layers.Dense(2)
    >>> layer.build((None, 3))
    >>> input_shape(layer), output_shape(layer)
    ((None, 3), (None, 2))
    """
    if hasattr(network, "input_shape"):
        return network.input_shape
    shapes = (network.get_build_config() or {}).get("input_shape")
    if not isinstance(shapes, (list, tuple)):
        raise ValueError(
            "A network must take its inputs as one argument, a tensor or a "
            "list of tensors, and be called once on data, so that its shapes "
            f"are known. Received: {network!r}"
        )
    if keras.tree.is_nested(shapes[0]):
        return [(None, *shape[1:]) for shape in shapes]
    return (None, *shapes[1:])


def output_shape(network: keras.Layer):
    """Shape of a network's output, with the batch axis.

    Args:
        network: Built Keras layer or model.

    Returns:
        Tuple, or a list of tuples if the network has several outputs.

    Raises:
        ValueError: as `input_shape`.
    """
    if hasattr(network, "output_shape"):
        return network.output_shape
    if network not in _OUTPUT_SHAPES:
        call_symbolically(network)
    return _OUTPUT_SHAPES[network]


def call_symbolically(network: keras.Layer):
    """Call a network on symbolic inputs, which computes nothing.

    After it the shape of the output is known, and Keras exports the network,
    which it refuses to do with one that was never called.

    Args:
        network: Built Keras layer or model.

    Raises:
        ValueError: as `input_shape`.
    """
    outputs = network(_symbolic_inputs(network))
    _OUTPUT_SHAPES[network] = keras.tree.map_structure(
        lambda x: tuple(x.shape), outputs
    )


def _symbolic_inputs(network: keras.Layer):
    inputs = getattr(network, "inputs", None)
    if inputs:
        tensors = [keras.KerasTensor(x.shape, x.dtype) for x in inputs]
        return tensors if len(tensors) > 1 else tensors[0]
    shapes = input_shape(network)
    dtype = network.input_dtype
    if isinstance(shapes, list):
        return [keras.KerasTensor(shape, dtype) for shape in shapes]
    return keras.KerasTensor(shapes, dtype)

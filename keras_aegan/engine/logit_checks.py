"""Whether networks whose output is taken for logits give logits."""

import warnings

import keras

from keras_aegan.engine.terms import is_adversarial
from keras_aegan.losses import LeastSquares

_BOUNDED = ("hard_sigmoid", "sigmoid", "softmax", "tanh")
# What leaves the values as they are.
_PASSIVE = (
    keras.layers.Dropout,
    keras.layers.Flatten,
    keras.layers.Identity,
    keras.layers.Reshape,
)


def check_logits(model, terms):
    """Warn of networks that end in a sigmoid where losses take logits.

    The losses apply the sigmoid themselves: with one more in the network, no
    probability could go beyond 0.73, and training would stall in silence.

    Args:
        model: `AdversarialModel`.
        terms: `Terms`.
    """
    functions = [
        function
        for term, function in terms.functions.items()
        if is_adversarial(term)
    ]
    if functions and all(isinstance(f, LeastSquares) for f in functions):
        # Its labels are numbers, which a sigmoid can reach.
        return
    for name in model.part_names:
        activation = _last_activation(getattr(model, name))
        if model.part(name).gives_logits and activation in _BOUNDED:
            warnings.warn(
                f"`{name}` ends in `{activation}`, but losses take its output "
                "for logits, without bounds. Remove the activation of its "
                "last layer: `activation=None`.",
                stacklevel=3,
            )


def _last_activation(network):
    """Name of the activation that a network ends in, or `None`."""
    inner = _layers_inside(network)
    while inner:
        last = [x for x in inner if not isinstance(x, _PASSIVE)]
        network = last[-1] if last else None
        inner = _layers_inside(network)
    activation = getattr(network, "activation", type(network))
    name = getattr(activation, "__name__", type(activation).__name__)
    return name.lower()


def _layers_inside(network):
    """What a model or a wrapper calls, in order; none for a plain layer."""
    # A functional model may end in an operation that is not a layer.
    for attribute in ("operations", "layers"):
        if getattr(network, attribute, None):
            return list(getattr(network, attribute))
    for attribute in ("layer", "network"):
        if isinstance(getattr(network, attribute, None), keras.layers.Layer):
            return [getattr(network, attribute)]
    return []

"""What a generator's output says of samples: their range, and their losses."""

from keras_aegan.layers import CategorySoftmax
from keras_aegan.losses import MixedReconstruction

_RANGES = {
    "tanh": (-1.0, 1.0),
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu": (0.0, float("inf")),
    "softplus": (0.0, float("inf")),
}


def last_layer(network):
    """What a network ends in; `None` if nobody knows."""
    while getattr(network, "layers", None):
        # The layers of a subclassed network have no order.
        if not hasattr(network, "output_shape"):
            return None
        network = network.layers[-1]
    return network


def output_range(network):
    """The range of a network's output activation, or `None` for all."""
    activation = getattr(last_layer(network), "activation", None)
    return _RANGES.get(getattr(activation, "__name__", None))


def compares_samples(term):
    """Whether a term compares samples, not codes, with reconstructions."""
    space, kind = ["", *term.split("_")][-2:]
    return kind == "reconstruction" and space != "latent"


def fit_to_output(model, defaults):
    """A model's `default_settings`, for what its generator's output is.

    Squared or absolute errors are for numbers. If the generator ends in
    `CategorySoftmax`, terms that compare samples get the loss that belongs to
    it. What `compile(loss=...)` is given goes before.

    Args:
        model: `AdversarialModel`.
        defaults: Dict of arguments of `compile`.
    """
    loss = defaults.get("loss", {})
    generator = getattr(model, "generator", None)
    output = None if generator is None else last_layer(generator)
    if not isinstance(output, CategorySoftmax):
        return defaults
    own = {
        term: MixedReconstruction(output.sizes)
        for term in filter(compares_samples, loss)
    }
    return {**defaults, "loss": {**loss, **own}}

"""The losses of reconstructions that the generator's output asks for."""

from keras_aegan.engine.data_checks import last_layer
from keras_aegan.layers import CategorySoftmax
from keras_aegan.losses import MixedReconstruction


def compares_samples(term):
    """Whether a term compares samples, not codes, with reconstructions."""
    *_, space, kind = ("", *term.split("_"))
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

"""The bridge of a `StagedAEGAN`, from noise to codes."""

from keras_aegan import layers
from keras_aegan import validation
from keras_aegan.models.staged_aegan.trunk import copy_trunk
from keras_aegan.models.staged_aegan.trunk import trunk_pairs
from keras_aegan.network_shapes import input_shape

# What each bridge needs beside the parts that all have, and the prior that it
# is made of, if there is one.
_BRIDGES = {
    "fit": ((), layers.FittedPrior),
    "bootstrap": ((), layers.BootstrapPrior),
    "map": (("mapping", "latent_discriminator"), None),
    "prior": (("latent_discriminator",), None),
}


def check_options(bridge, **numbers):
    """Raise if the options of a `StagedAEGAN` are not what it takes."""
    validation.check_in("bridge", bridge, _BRIDGES)
    for name, number in numbers.items():
        minimum = int(name == "anchor_steps")
        validation.check_integer(name, number, minimum)


def parts_of(bridge):
    """Names of the optional parts that a bridge needs."""
    return _BRIDGES.get(bridge, ((), None))[0]


def prior_for(bridge, prior, generator):
    """The prior that a bridge is made of, or the one that is given.

    Args:
        bridge: Name of the bridge.
        prior: `keras_aegan.layers.Prior` or `None`.
        generator: Keras model, codes to samples.

    Raises:
        ValueError: if the prior cannot collect codes, but the bridge does.
    """
    cls = _BRIDGES[bridge][1]
    if cls is None or not getattr(generator, "built", False):
        return prior
    if prior is None:
        classes = getattr(generator, "num_classes", None) or 1
        return cls(input_shape(generator)[-1], num_classes=classes)
    if prior.built and not hasattr(prior, "collect"):
        raise ValueError(
            f"The `prior` of bridge={bridge!r} must collect codes, as "
            f"`{cls.__name__}` does. Received: prior={prior!r}"
        )
    return prior


def check_parts(model):
    """Raise if the parts of a `StagedAEGAN` do not fit its options."""
    size = input_shape(model.generator)[-1]
    if model.code_noise.latent_dim != size:
        raise ValueError(
            f"`code_noise` must have the latent_dim {size} of the generator. "
            f"Received: {model.code_noise.latent_dim}"
        )
    if model.trunk and not trunk_pairs(model.encoder, model.discriminator):
        raise ValueError(
            "With trunk=True a hidden layer of the discriminator must have "
            "the shape of the encoder's in its place; trunk=False lets the "
            "discriminator start by itself. Received: networks of which no "
            "layers fit"
        )


class Bridge:
    """What happens between the stages of a `StagedAEGAN`, and in the second.

    Args:
        model: `StagedAEGAN`.
    """

    def __init__(self, model):
        self._model = model
        # Whether the bridge is a prior, made of the codes of real samples.
        self._collects_codes = _BRIDGES[model.bridge][1] is not None

    def epochs(self):
        """Dict from each stage but the last to its number of epochs."""
        model = self._model
        is_empty = model.bridge == "prior"
        return {
            "reconstruct": model.reconstruct_epochs,
            "bridge": 0 if is_empty else model.bridge_epochs,
        }

    def observe(self, stage, x, y):
        """Let the prior collect codes, before the players move."""
        if self._collects_codes:
            prior = self._model.prior
            # Missing labels are reported in the first stage, not after it.
            labels = prior.check_labels(y)
            if stage == "bridge":
                prior.collect(self._model.encoder(x, training=False), labels)

    def before_epoch(self, stage, is_new):
        """Prepare a stage."""
        model = self._model
        if stage == "bridge" and self._collects_codes:
            model.prior.reset()
        if stage == "adversarial" and is_new and model.trunk:
            copy_trunk(model.encoder, model.discriminator)

    def after_epoch(self, stage):
        """Finish a stage."""
        if stage == "bridge" and self._collects_codes:
            self._model.prior.fit()

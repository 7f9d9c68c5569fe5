"""The bridge of a `StagedAEGAN`, from noise to codes, and its options."""

from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import random
from keras_aegan.engine.staged_training import StagedTraining
from keras_aegan.models.staged_aegan.trunk import copy_trunk
from keras_aegan.models.staged_aegan.trunk import trunk_pairs

# What each bridge needs beside the parts of all, and the prior it makes.
_BRIDGES = {
    "fit": ((), layers.FittedPrior),
    "bootstrap": ((), layers.BootstrapPrior),
    "map": (("mapping", "latent_discriminator"), None),
    "prior": (("latent_discriminator",), None),
}


class Bridging(StagedTraining):
    """What a `StagedAEGAN` does between its stages and beside its game."""

    def __init__(
        self,
        *,
        bridge="fit",
        reconstruct_epochs=5,
        bridge_epochs=1,
        freeze_steps=200,
        anchor_steps=2000,
        trunk=True,
        **parts,
    ):
        numbers = {
            "reconstruct_epochs": reconstruct_epochs,
            "bridge_epochs": bridge_epochs,
            "freeze_steps": freeze_steps,
            "anchor_steps": anchor_steps,
        }
        _check_options(bridge, numbers)
        super().__init__(
            options={"bridge": bridge, **numbers, "trunk": trunk},
            **_with_prior(bridge, parts),
        )
        _check_parts(self)
        self.noise_source = layers.NormalPrior(self.code_noise.noise_dim)

    @classmethod
    def needed_roles(cls, bridge="fit", **options):
        return (*cls.roles, *_BRIDGES.get(bridge, ((), None))[0])

    def stage_epochs(self):
        bridge_epochs = 0 if self.bridge == "prior" else self.bridge_epochs
        return {"reconstruct": self.reconstruct_epochs, "bridge": bridge_epochs}

    @property
    def collects(self):
        """Whether the bridge is made of codes that the prior collects."""
        return self.bridge in ("fit", "bootstrap")

    def observe(self, stage, x, y):
        if self.collects:
            # Missing labels are reported in the first stage, not after it.
            labels = self.prior.check_labels(y)
            if stage == "bridge":
                self.prior.collect(self.encoder(x, training=False), labels)

    def before_epoch(self, stage, is_new):
        if stage == "bridge" and self.collects:
            self.prior.reset()
        if stage == "adversarial" and is_new and self.trunk:
            copy_trunk(self.encoder, self.discriminator)

    def after_epoch(self, stage):
        if stage == "bridge" and self.collects:
            self.prior.fit()

    def gates(self, results):
        if self.game.stage != "adversarial" or not self.freeze_steps:
            return {}
        thawed = self.step >= self.freeze_steps
        return dict.fromkeys(("generator", "mapping"), thawed)

    def sample_codes(
        self, n=None, seed=None, batch_size=None, verbose=0, labels=None
    ):
        seed = random.default_seed() if seed is None else seed
        h = super().sample_codes(n, seed, batch_size, verbose, labels)
        sources = (self.prior, self.noise_source)
        generators = [x for s in sources for x in backend.sublayers(s)]
        with random.reseeded(generators, seed):
            z = self.noise_source.sample(len(h))
        with self.averaged():
            return ops.convert_to_numpy(self.code_noise([h, z]))


def _check_options(bridge, numbers):
    if bridge not in _BRIDGES:
        raise ValueError(
            f"`bridge` must be one of {list(_BRIDGES)}. "
            f"Received: bridge={bridge!r}"
        )
    for name, number in numbers.items():
        least = int(name == "anchor_steps")
        if not isinstance(number, int) or number < least:
            raise ValueError(
                f"`{name}` must be an integer of at least {least}. "
                f"Received: {name}={number!r}"
            )


def _with_prior(bridge, parts):
    """The parts, with the prior that the bridge is made with."""
    kind, prior = _BRIDGES[bridge][1], parts.get("prior")
    generator = parts.get("generator")
    if kind is None or not getattr(generator, "built", False):
        return parts
    if prior is None:
        classes = getattr(generator, "num_classes", None) or 1
        prior = kind(generator.input_shape[-1], num_classes=classes)
    elif prior.built and not hasattr(prior, "collect"):
        raise ValueError(
            f"The `prior` of bridge={bridge!r} must collect codes, as "
            f"`{kind.__name__}` does. Received: prior={prior!r}"
        )
    return {**parts, "prior": prior}


def _check_parts(model):
    size = model.generator.input_shape[-1]
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

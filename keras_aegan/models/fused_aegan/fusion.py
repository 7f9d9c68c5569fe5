"""How a `FusedAEGAN` fuses its two halves, and the parts that this takes."""

import keras
from keras import ops

from keras_aegan import networks
from keras_aegan.engine.parts import Part


def _build_trunk(options, parts):
    # Its batches mix real samples and fakes, so it has no batch statistics.
    return networks.encoder(
        options.shape,
        8 * options.width,
        options.width,
        normalization=None,
        name="trunk_network",
        **options.regularization,
        **options.depth,
    )


def _build_head(options, outputs, name):
    """A small network on the features of the trunk."""
    return networks.dense_network(
        8 * options.width, outputs, 4 * options.width, depth=1, name=name
    )


def _build_gate(options, parts):
    """Features and a code to a mask of a sample's shape."""
    features = keras.Input((8 * options.width,))
    code = keras.Input((options.latent_dim,))
    mask = networks.generator(
        options.shape,
        8 * options.width + options.latent_dim,
        max(1, options.width // 2),
        normalization=None,
        activation="sigmoid",
    )
    x = mask(keras.layers.Concatenate()([features, code]))
    return keras.Model([features, code], x, name="gate")


def _build_mixer(options, parts):
    """Two codes to one."""
    both = [keras.Input((options.latent_dim,)) for _ in range(2)]
    mix = networks.dense_network(
        2 * options.latent_dim, options.latent_dim, 4 * options.width, depth=1
    )
    return keras.Model(
        both, mix(keras.layers.Concatenate()(both)), name="mixer"
    )


TRUNK_NETWORK = Part("trunk_network", build=_build_trunk)
DISCRIMINATOR_HEAD = Part(
    "discriminator_head",
    build=lambda options, parts: _build_head(options, 1, "discriminator_head"),
    condition=networks.condition_by_projection,
    gives_logits=True,
)
CODE_HEAD = Part(
    "code_head",
    build=lambda options, parts: _build_head(
        options, options.encoder_outputs, "code_head"
    ),
)
GATE = Part("gate", build=_build_gate, is_optional=True)
MIXER = Part("mixer", build=_build_mixer, is_optional=True)

# The optional parts that each rule needs.
RULES = {
    None: (),
    "score": (),
    "average": (),
    "gate": ("gate",),
    "latent": ("mixer",),
}


class Score(keras.layers.Layer):
    """`(1 - share) a(T(x)) - share |x - G(mean(T(x)))|`, a logit.

    At `share` 0 the discriminator's head decides alone, as in a GAN, at 1 the
    error of reconstruction, as in an energy-based GAN.

    Args:
        model: `FusedAEGAN`.
        share: Float in [0, 1].
    """

    def __init__(self, model, share):
        super().__init__(dtype="float32", autocast=False, name="score")
        self.trunk_network = model.trunk_network
        self.discriminator_head = model.discriminator_head
        self.code_head = model.code_head
        self.generator = model.generator
        self.codes_of = model.codes
        self.share = share
        self.built = True

    def call(self, x):
        return self.features_and_logit(x)[1]

    def features_and_logit(self, x, features=None):
        """The trunk's features, and the logit that is computed from them."""
        if features is None:
            features = self.trunk_network(x)
        codes = self.codes_of(self.code_head(features))
        x_tilde = self.generator(codes)
        error = ops.abs(ops.cast(x, "float32") - ops.cast(x_tilde, "float32"))
        energy = ops.mean(error, axis=tuple(range(1, len(x.shape))))
        logit = ops.cast(self.discriminator_head(features), "float32")
        logit = (1.0 - self.share) * logit - self.share * energy[:, None]
        return features, logit


class Fusion:
    """The rule of a `FusedAEGAN`: what is fused, and what makes the logit.

    Args:
        model: `FusedAEGAN`.
    """

    def __init__(self, model):
        self._model = model
        self._score = Score(model, model.share)

    @property
    def networks(self):
        """The networks of the rule, which the generator owns."""
        return [getattr(self._model, x) for x in RULES[self._model.fusion]]

    @property
    def discriminator(self):
        """The layers that, called one after the other, make a logit."""
        if self._model.fusion == "score":
            return [self._score]
        return [self._model.trunk_network, self._model.discriminator_head]

    def features_and_logit(self, u, features=None):
        """The trunk's features of samples, unless given, and their logit."""
        if self._model.fusion == "score":
            return self._score.features_and_logit(u, features)
        if features is None:
            features = self._model.trunk_network(u)
        return features, self._model.discriminator_head(features)

    def fused_samples(self, features, z_hat, x_tilde, z, x_hat):
        """The third kind of fakes.

        Args:
            features: Those of the real samples, `(batch_size, p)`.
            z_hat: Their codes, `(batch_size, latent_dim)`.
            x_tilde: Their reconstructions.
            z: Codes from the prior, `(batch_size, latent_dim)`.
            x_hat: What the generator makes of `z`.

        Returns:
            List of a batch of samples, empty if the rule makes none.
        """
        model = self._model
        if model.fusion == "latent":
            return [model.generator(model.mixer([z_hat, z]))]
        if model.fusion in (None, "score"):
            return []
        mask = model.share
        if model.fusion == "gate":
            mask = model.gate([features, z])
        return [mask * x_tilde + (1.0 - mask) * x_hat]

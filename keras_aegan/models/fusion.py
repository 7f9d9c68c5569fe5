"""Rules by which `FusedAEGAN` fuses its two halves."""

import keras
from keras import ops

from keras_aegan import networks


def gate(size, parts):
    """The default gate: features and a code to a mask of a sample's shape."""
    features = keras.Input((8 * size.width,))
    code = keras.Input((size.latent_dim,))
    mask = networks.generator(
        size.shape,
        8 * size.width + size.latent_dim,
        max(1, size.width // 2),
        None,
        activation="sigmoid",
    )
    x = mask(keras.layers.Concatenate()([features, code]))
    return keras.Model([features, code], x, name="gate")


def mixer(size, parts):
    """The default mixer: two codes to one."""
    both = [keras.Input((size.latent_dim,)) for _ in range(2)]
    mix = networks.dense_network(
        2 * size.latent_dim, size.latent_dim, 4 * size.width, depth=1
    )
    return keras.Model(
        both, mix(keras.layers.Concatenate()(both)), name="mixer"
    )


# The part that each rule needs.
PARTS = {None: (), "score": (), "average": (), "gate": ("gate",)}
PARTS["latent"] = ("mixer",)


class Score(keras.layers.Layer):
    """`(1 - share) a(T(x)) - share |x - G(mean(T(x)))|`, a logit.

    At `share` 0 the judge decides alone, as in a GAN, at 1 the error of
    reconstruction, as in an energy-based GAN.

    Args:
        model: A `FusedAEGAN`.
        share: Float in [0, 1].
    """

    def __init__(self, model, share):
        super().__init__(dtype="float32", autocast=False, name="score")
        self.trunk_network = model.trunk_network
        self.judge = model.judge
        self.code_head = model.code_head
        self.generator = model.generator
        self.codes_of = model.codes
        self.share = share
        self.built = True

    def call(self, x):
        seen = self.trunk_network(x)
        rebuilt = self.generator(self.codes_of(self.code_head(seen)))
        error = ops.abs(ops.cast(x, "float32") - ops.cast(rebuilt, "float32"))
        energy = ops.mean(error, axis=tuple(range(1, len(x.shape))))
        logit = ops.cast(self.judge(seen), "float32")
        return (1.0 - self.share) * logit - self.share * energy[:, None]


def fused_samples(model, seen, codes, x_tilde, z, x_hat):
    """What the model's rule makes of a reconstruction and a new sample.

    Args:
        model: A `FusedAEGAN`.
        seen: Features of the real samples, `(batch_size, p)`.
        codes: Their codes, `(batch_size, latent_dim)`.
        x_tilde: Their reconstructions.
        z: Codes from the prior, `(batch_size, latent_dim)`.
        x_hat: What the generator makes of `z`.

    Returns:
        Batch of samples, or `None` if the rule makes none.
    """
    if model.fusion == "latent":
        return model.generator(model.mixer([codes, z]))
    if model.fusion == "average":
        mask = model.share
    elif model.fusion == "gate":
        mask = model.gate([seen, z])
    else:
        return None
    return mask * x_tilde + (1.0 - mask) * x_hat

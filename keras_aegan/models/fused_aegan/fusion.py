"""How `FusedAEGAN` fuses its two halves: one trunk, and a rule."""

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


TRUNKS = ("adversarial", "both", "reconstruction")

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
        return self.features_and_logit(x)[1]

    def features_and_logit(self, x):
        """The trunk's features, and the logit that is made of them."""
        seen = self.trunk_network(x)
        rebuilt = self.generator(self.codes_of(self.code_head(seen)))
        error = ops.abs(ops.cast(x, "float32") - ops.cast(rebuilt, "float32"))
        energy = ops.mean(error, axis=tuple(range(1, len(x.shape))))
        logit = ops.cast(self.judge(seen), "float32")
        return seen, (1.0 - self.share) * logit - self.share * energy[:, None]


class Fusing:
    """What a `FusedAEGAN` needs beside its game: its trunk and its rule.

    Args:
        trunk, fusion, share, **parts: As of `FusedAEGAN`.
    """

    own_networks = {"gate": gate, "mixer": mixer}

    def __init__(self, *, trunk="adversarial", fusion=None, share=0.5, **parts):
        if trunk not in TRUNKS or fusion not in PARTS or not 0 <= share <= 1:
            raise ValueError(
                f"`trunk` must be one of {list(TRUNKS)}, `fusion` one of "
                f"{list(PARTS)} and `share` in [0, 1]. Received: "
                f"trunk={trunk!r}, fusion={fusion!r}, share={share!r}"
            )
        options = {"trunk": trunk, "fusion": fusion, "share": share}
        super().__init__(options=options, **parts)
        encoder = keras.Model(
            self.trunk_network.input, self.code_head(self.trunk_network.output)
        )
        score = Score(self, share)
        # Functions, since Keras would save a model a second time.
        self._encoder = lambda: encoder
        self._score = lambda: score

    @classmethod
    def needed_roles(cls, fusion=None, **options):
        return (*cls.roles, *PARTS.get(fusion, ()))

    @property
    def encoder(self):
        """Code head after trunk, a `keras.Model` on their weights."""
        return self._encoder()

    @property
    def rule_networks(self):
        """The networks of the option `fusion`, if it has any."""
        return [getattr(self, name) for name in PARTS[self.fusion]]

    def judged(self, u):
        """The trunk's features of samples, and their logit."""
        if self.fusion == "score":
            return self._score().features_and_logit(u)
        seen = self.trunk_network(u)
        return seen, self.judge(seen)

    def judges(self):
        """The layers that one after the other make the logit of a sample."""
        if self.fusion == "score":
            return [self._score()]
        return [self.trunk_network, self.judge]

    def fused_samples(self, seen, codes, x_tilde, z, x_hat):
        """What the rule makes of reconstructions and new samples.

        Args:
            seen: Features of the real samples, `(batch_size, p)`.
            codes: Their codes, `(batch_size, latent_dim)`.
            x_tilde: Their reconstructions.
            z: Codes from the prior, `(batch_size, latent_dim)`.
            x_hat: What the generator makes of `z`.

        Returns:
            List of a batch of samples, empty if the rule makes none.
        """
        if self.fusion == "latent":
            return [self.generator(self.mixer([codes, z]))]
        if self.fusion in (None, "score"):
            return []
        mask = self.share
        if self.fusion == "gate":
            mask = self.gate([seen, z])
        return [mask * x_tilde + (1.0 - mask) * x_hat]

    def fuse(self, x, seed=None, batch_size=None, verbose=0, labels=None):
        """Real samples fused with new ones, as the option `fusion` says.

        Args:
            x: Array of samples, `(samples, ...)`.
            seed: Integer or `None`, as in `generate`.
            batch_size: Integer, samples in a batch. Defaults to 32.
            verbose: As in `keras.Model.predict`.
            labels: As in `generate`.

        Returns:
            Array of the shape of `x`.

        Raises:
            ValueError: if the model's `fusion` makes no samples.
        """
        if self.fusion in (None, "score"):
            raise ValueError(
                "`fuse` takes a model with `fusion` 'gate', 'latent' or "
                f"'average'. Received: fusion={self.fusion!r}"
            )
        run = {"batch_size": batch_size, "verbose": verbose}
        codes = self.encode(x, **run)
        z = self.sample_codes(len(x), seed, labels=labels)
        if self.fusion == "latent":
            mixed = self._run(self.mixer, [codes, z], **run)
            return self.decode(mixed, labels=labels, **run)
        x_tilde, x_hat = (
            self.decode(u, labels=labels, **run) for u in (codes, z)
        )
        mask = self.share
        if self.fusion == "gate":
            seen = self._run(self.trunk_network, x, **run)
            mask = self._run(self.gate, [seen, z], **run)
        return mask * x_tilde + (1.0 - mask) * x_hat

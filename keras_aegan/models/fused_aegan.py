"""FusedAEGAN: the encoder is the trunk of the discriminator."""

import math

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.contest import Contest
from keras_aegan.layers import GaussianSampling
from keras_aegan.models import fusion as fusion_rules
from keras_aegan.models.default_networks import DefaultNetworks

_TRUNKS = ("adversarial", "both", "reconstruction")


@keras.saving.register_keras_serializable(package="keras_aegan")
class FusedAEGAN(DefaultNetworks, AdversarialModel):
    """One trunk for encoder and discriminator, one decoder for both halves.

    A trunk T gives features `f = T(x)`; the judge `a(f)` makes it a
    discriminator, the code head `(mean, log variance) = e(f)` an encoder. The
    generator G is the decoder. With `z_hat` drawn for x, `z` from the prior,
    `x_tilde = G(z_hat)`, `x_hat = G(z)` and n the size of a sample

    - `discriminator`: `discrimination(a(T(x)); a(T(x_tilde)), a(T(x_hat)))`,
      the fakes being constants
    - `encoder`: `w_r encoder_reconstruction(x, x_tilde) + w_f
      encoder_features + KL / n`
    - `generator`: `adversarial + w_r reconstruction + w_f features`

    with both kinds of features `mean (T(x) - T(x_tilde))^2`. Who trains T is
    the option `trunk`:

    - `"adversarial"`: the discriminator; the code head sees `f` as it is
    - `"both"`: discriminator and encoder are one player, `discriminator`
    - `"reconstruction"`: the encoder; the judge is a probe on its features

    Where the encoder trains T, `encoder_features` is left out: it would shrink
    the features.

    The option `fusion` adds a rule that fuses the halves, with m the number
    `share`:

    - `"score"`: the logit becomes `(1 - m) a(T(x)) - m |x - G(E(x))|`
    - `"gate"`: `M x_tilde + (1 - M) x_hat` is a third kind of fake, with a
      mask `M = gate(T(x), z)` for each number of a sample
    - `"latent"`: so is `G(mixer(z_hat, z))`
    - `"average"`: so is `m x_tilde + (1 - m) x_hat`, a baseline

    The generator's player owns gate and mixer; `fuse(x)` shows the third
    kind of fakes.

    Args:
        trunk_network: Keras model, samples to features `(batch_size, p)`.
        judge: Keras model, features to one logit.
        code_head: Keras model, features to `(batch_size, 2 * latent_dim)`.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` of codes: N(0, I).
        gate: Keras model, `[features, codes]` to masks in [0, 1] of a
            sample's shape, for `"gate"`.
        mixer: Keras model, two codes to one, for `"latent"`.
        trunk: `"adversarial"`, `"both"` or `"reconstruction"`.
        fusion: `None` or one of the rules above.
        share: Float in [0, 1].
        name: String, the model's name.

    Raises:
        ValueError: if `trunk` or `fusion` is unknown, `share` not in [0, 1],
            or the shapes of two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = FusedAEGAN.for_shape((6,), latent_dim=2, width=4)
    >>> model.compile()
    >>> history = model.fit(np.zeros((32, 6), "float32"), verbose=0)
    >>> model.encode(np.zeros((5, 6), "float32")).shape
    (5, 2)

    Reference: Brock et al. 2016 (introspective adversarial networks),
    arXiv:1609.07093, section 3, for `"adversarial"`; Munjal et al. 2019,
    arXiv:1909.13062, for the premise of `"both"`. Departures: the code head
    moves once a step; no minibatch discrimination unless the judge has it.
    """

    roles = ("trunk_network", "judge", "code_head", "generator", "prior")
    optional_roles = ("gate", "mixer")
    own_networks = {"gate": fusion_rules.gate, "mixer": fusion_rules.mixer}
    code_statistics = 2

    def __init__(self, *, trunk="adversarial", fusion=None, share=0.5, **parts):
        if (
            trunk not in _TRUNKS
            or fusion not in fusion_rules.PARTS
            or not 0 <= share <= 1
        ):
            raise ValueError(
                f"`trunk` must be one of {list(_TRUNKS)}, `fusion` one of "
                f"{list(fusion_rules.PARTS)} and `share` in [0, 1]. Received: "
                f"trunk={trunk!r}, fusion={fusion!r}, share={share!r}"
            )
        super().__init__(
            options={"trunk": trunk, "fusion": fusion, "share": share}, **parts
        )
        encoder = keras.Model(
            self.trunk_network.input, self.code_head(self.trunk_network.output)
        )
        score = fusion_rules.Score(self, share)
        # Functions, since Keras would save a model a second time.
        self._encoder = lambda: encoder
        self._score = lambda: score

    @classmethod
    def needed_roles(cls, fusion=None, **options):
        return (*cls.roles, *fusion_rules.PARTS.get(fusion, ()))

    @property
    def encoder(self):
        """Code head after trunk, a `keras.Model` on their weights."""
        return self._encoder()

    def players(self):
        trunk, judge, head = self.trunk_network, self.judge, self.code_head
        rule = [getattr(self, n) for n in fusion_rules.PARTS[self.fusion]]
        makers = {"generator": [self.generator, *rule]}
        if self.trunk == "both":
            return {"discriminator": [trunk, judge, head], **makers}
        if self.trunk == "adversarial":
            judges = {"discriminator": [trunk, judge], "encoder": [head]}
        else:
            judges = {"discriminator": [judge], "encoder": [trunk, head]}
        return {**judges, **makers}

    def terms(self):
        coding = {
            "encoder_reconstruction": 3.0,
            "encoder_features": 1.0,
            "divergence": 1.0,
        }
        if self.trunk != "adversarial":
            del coding["encoder_features"]
        judging = {"discrimination": 1.0}
        making = {"adversarial": 1.0, "reconstruction": 3.0, "features": 1.0}
        if self.trunk == "both":
            return {"discriminator": {**judging, **coding}, "generator": making}
        return {
            "discriminator": judging,
            "encoder": coding,
            "generator": making,
        }

    def default_loss(self):
        return {
            "adversarial": "non_saturating",
            "reconstruction": "mean_absolute_error",
            "encoder_reconstruction": "mean_absolute_error",
        }

    def play(self, x, y=None):
        seen = self.trunk_network(x)
        encoded = self.code_head(seen)
        z, z_hat = self.prior.sample_like(x), self.sampling(encoded)
        x_hat, x_tilde = map(self.generator, (z, z_hat))
        fused = fusion_rules.fused_samples(self, seen, z_hat, x_tilde, z, x_hat)
        fakes = [x_tilde, x_hat] if fused is None else [x_tilde, x_hat, fused]
        makers = self._contest(x, fakes)
        values = {
            "discrimination": self._discrimination(x, fakes),
            "adversarial": makers.adversarial,
            **self._comparing(x, x_tilde, seen, makers),
            "divergence": lambda: self._divergence(encoded),
        }
        return {
            player: {term: values[term] for term in terms}
            for player, terms in self.terms().items()
        }

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

    def _contest(self, x, fakes):
        """The trunk's judgement, with its features; a rule's own has none."""
        loss = self.loss_terms.functions["adversarial"]
        if self.fusion == "score":
            return Contest(loss, self._score(), x, fakes)

        def judged(u):
            seen = self.trunk_network(u)
            return seen, self.judge(seen)

        chain = [self.trunk_network, self.judge]
        return Contest(loss, chain, x, fakes, lambda: judged)

    def _discrimination(self, x, fakes):
        """The discriminator's side, to which fakes are constants."""

        def discrimination():
            constant = [ops.stop_gradient(u) for u in fakes]
            contest = self._contest(x, constant)
            self.game.contests.append(contest)
            return contest.discrimination()

        return discrimination

    def _comparing(self, x, x_tilde, seen, makers):
        """What reconstructions are held to."""

        def features():
            """Of the first fakes, as they were judged."""
            again = (
                self.trunk_network(x_tilde)
                if self.fusion == "score"
                else makers.fake_features()[0]
            )
            difference = ops.stop_gradient(ops.cast(seen, "float32"))
            difference = difference - ops.cast(again, "float32")
            return ops.mean(ops.square(difference))

        return {
            "features": features,
            "encoder_features": features,
            "reconstruction": self.compare("reconstruction", x, x_tilde),
            "encoder_reconstruction": self.compare(
                "encoder_reconstruction", x, x_tilde
            ),
        }

    def _divergence(self, encoded):
        size = math.prod(self.sample_shape)
        return ops.mean(GaussianSampling.divergence(encoded)) / size

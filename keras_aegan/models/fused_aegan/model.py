"""FusedAEGAN: the encoder is the trunk of the discriminator."""

import math

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.layers import GaussianSampling
from keras_aegan.models.fused_aegan.fusion import Fusing
from keras_aegan.models.shared.for_shape import DefaultNetworks


@keras.saving.register_keras_serializable(package="keras_aegan")
class FusedAEGAN(Fusing, DefaultNetworks, AdversarialModel):
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

    An encoder that trains T has no `encoder_features`: T would shrink them.

    The option `fusion` adds a rule that fuses the halves, with m the number
    `share`:

    - `"score"`: the logit becomes `(1 - m) a(T(x)) - m |x - G(E(x))|`
    - `"gate"`: `M x_tilde + (1 - M) x_hat` is a third kind of fake, with a
      mask `M = gate(T(x), z)` for each number of a sample
    - `"latent"`: so is `G(mixer(z_hat, z))`
    - `"average"`: so is `m x_tilde + (1 - m) x_hat`, a baseline

    The generator owns gate and mixer; `fuse(x)` shows the third kind of fakes.

    Args:
        trunk_network: Keras model, samples to features `(batch_size, p)`.
        judge: Keras model, features to one logit.
        code_head: Keras model, features to `(batch_size, 2 * latent_dim)`.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` of codes: N(0, I).
        gate: Keras model, `[features, codes]` to such masks in [0, 1].
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
    code_statistics = 2

    def players(self):
        trunk, judge, head = self.trunk_network, self.judge, self.code_head
        judges, encoders = {
            "adversarial": ([trunk, judge], [head]),
            "both": ([trunk, judge, head], []),
            "reconstruction": ([judge], [trunk, head]),
        }[self.trunk]
        makers = [self.generator, *self.rule_networks]
        owners = {"discriminator": judges, "encoder": encoders}
        return {p: n for p, n in owners.items() if n} | {"generator": makers}

    def terms(self):
        judging = {"discrimination": 1.0}
        coding = {"encoder_reconstruction": 3.0, "divergence": 1.0}
        making = {"adversarial": 1.0, "reconstruction": 3.0, "features": 1.0}
        if self.trunk == "both":
            return {"discriminator": judging | coding, "generator": making}
        if self.trunk == "adversarial":
            coding["encoder_features"] = 1.0
        judging = {"discriminator": judging, "encoder": coding}
        return judging | {"generator": making}

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
        fused = self.fused_samples(seen, z_hat, x_tilde, z, x_hat)
        return self._values(x, seen, encoded, [x_tilde, x_hat, *fused])

    def _values(self, x, seen, encoded, fakes):
        """Of each term, when x was rebuilt as the first of the fakes."""
        constant = [ops.stop_gradient(u) for u in fakes]
        judges = self.discriminate(
            "adversarial", self.judges(), x, constant, self.judged
        )
        makers = judges.with_fakes(fakes)

        def features():
            rebuilt = ops.cast(makers.fake_features()[0], "float32")
            target = ops.stop_gradient(ops.cast(seen, "float32"))
            return ops.mean(ops.square(target - rebuilt))

        def divergence():
            size = math.prod(self.sample_shape)
            return ops.mean(GaussianSampling.divergence(encoded)) / size

        values = {
            "discrimination": judges.discriminator_loss,
            "adversarial": makers.generator_loss,
            "features": features,
            "divergence": divergence,
        }
        if self.trunk == "adversarial":
            values["encoder_features"] = features
        for term in ("reconstruction", "encoder_reconstruction"):
            values[term] = self.compare(term, x, fakes[0])
        return values

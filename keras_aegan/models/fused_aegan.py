"""FusedAEGAN: the encoder is the trunk of the discriminator."""

import math

import keras
from keras import ops

from keras_aegan.engine import AdversarialModel
from keras_aegan.engine import together
from keras_aegan.engine.contest import Contest
from keras_aegan.layers import GaussianSampling
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

    Args:
        trunk_network: Keras model, samples to features `(batch_size, p)`.
        judge: Keras model, features to one logit.
        code_head: Keras model, features to `(batch_size, 2 * latent_dim)`.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` of codes: N(0, I).
        trunk: `"adversarial"`, `"both"` or `"reconstruction"`.
        name: String, the model's name.

    Raises:
        ValueError: if `trunk` is unknown or the shapes of two networks do not
            fit.

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
    code_statistics = 2

    def __init__(self, *, trunk="adversarial", **parts):
        if trunk not in _TRUNKS:
            raise ValueError(
                f"`trunk` must be one of {list(_TRUNKS)}. "
                f"Received: trunk={trunk!r}"
            )
        super().__init__(options={"trunk": trunk}, **parts)
        encoder = keras.Model(
            self.trunk_network.input, self.code_head(self.trunk_network.output)
        )
        # A function, since Keras would save a model a second time.
        self._encoder = lambda: encoder

    @property
    def encoder(self):
        """Code head after trunk, a `keras.Model` on their weights."""
        return self._encoder()

    def players(self):
        trunk, judge, head = self.trunk_network, self.judge, self.code_head
        makers = {"generator": [self.generator]}
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
        x_hat, x_tilde = together(self.generator, z, z_hat)
        values = {
            **self._judging(x, x_hat, x_tilde),
            **self._comparing(x, x_tilde, seen),
            "divergence": lambda: self._divergence(encoded),
        }
        return {
            player: {term: values[term] for term in terms}
            for player, terms in self.terms().items()
        }

    def _judging(self, x, x_hat, x_tilde):
        """Both sides of the game."""
        chain = [self.trunk_network, self.judge]

        def discrimination():
            fakes = [ops.stop_gradient(u) for u in (x_tilde, x_hat)]
            return self.contest("adversarial", chain, x, fakes).discrimination()

        def adversarial():
            loss = self.loss_terms.functions["adversarial"]
            return Contest(loss, chain, x, [x_tilde, x_hat]).adversarial()

        return {"discrimination": discrimination, "adversarial": adversarial}

    def _comparing(self, x, x_tilde, seen):
        """What reconstructions are held to."""

        def features():
            target = ops.stop_gradient(ops.cast(seen, "float32"))
            again = ops.cast(self.trunk_network(x_tilde), "float32")
            return ops.mean(ops.square(target - again))

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

"""FusedAEGAN: the encoder is the trunk of the discriminator."""

import math

import keras
from keras import ops

from keras_aegan import validation
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.layers import GaussianSampling
from keras_aegan.layers import Prior
from keras_aegan.models.fused_aegan.fusion import CODE_HEAD
from keras_aegan.models.fused_aegan.fusion import DISCRIMINATOR_HEAD
from keras_aegan.models.fused_aegan.fusion import GATE
from keras_aegan.models.fused_aegan.fusion import MIXER
from keras_aegan.models.fused_aegan.fusion import RULES
from keras_aegan.models.fused_aegan.fusion import TRUNK_NETWORK
from keras_aegan.models.fused_aegan.fusion import Fusion
from keras_aegan.network_shapes import input_shape

_TRUNKS = ("both", "adversarial", "reconstruction")


@keras.saving.register_keras_serializable(package="keras_aegan")
class FusedAEGAN(AdversarialModel):
    """One trunk for encoder and discriminator, one decoder for both halves.

    A trunk T gives features `f = T(x)`; the head `a(f)` makes it a
    discriminator, the code head `(mean, log variance) = e(f)` an encoder. The
    generator G is the decoder. With `z_hat` sampled for x, `z` from the prior,
    `x_tilde = G(z_hat)`, `x_hat = G(z)` and n the size of a sample

    - `discriminator`: `discrimination(a(T(x)); a(T(x_tilde)), a(T(x_hat)))`,
      the fakes being constants
    - `encoder`: `w_r encoder_reconstruction(x, x_tilde) + KL / n`
    - `generator`: `adversarial + w_r reconstruction + w_f features`

    with `features = mean (T(x) - T(x_tilde))^2`. Who trains T is the option
    `trunk`:

    - `"both"`: discriminator and encoder are one player, `discriminator`
    - `"adversarial"`: the discriminator; the code head sees `f` as it is, and
      has `w_f encoder_features`, which is `features`, among its terms
    - `"reconstruction"`: the encoder; the head is a probe on its features

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
        discriminator_head: Keras model, features to one logit.
        code_head: Keras model, features to `(batch_size, 2 * latent_dim)`.
        generator: Keras model, codes to samples.
        prior: `keras_aegan.layers.Prior` of codes: N(0, I).
        gate: Keras model, `[features, codes]` to such masks in [0, 1].
        mixer: Keras model, two codes to one, for `"latent"`.
        trunk: `"both"`, `"adversarial"` or `"reconstruction"`.
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
    moves once a step; no minibatch discrimination unless the
    discriminator's head has it. With `"adversarial"` codes hold what tells
    fakes from samples, which is not all that rebuilds them: 16.0 dB on
    Fashion-MNIST, whatever w_r, 17.5 with `"both"`, where an `AEGAN` has 20.3.
    """

    parts = (
        TRUNK_NETWORK,
        DISCRIMINATOR_HEAD,
        CODE_HEAD,
        GENERATOR,
        PRIOR,
        GATE,
        MIXER,
    )
    is_variational = True
    follows_codes = True

    def __init__(
        self,
        *,
        trunk_network: keras.Model,
        discriminator_head: keras.Model,
        code_head: keras.Model,
        generator: keras.Model,
        prior: Prior | None = None,
        gate: keras.Model | None = None,
        mixer: keras.Model | None = None,
        trunk: str = "both",
        fusion: str | None = None,
        share: float = 0.5,
        name: str | None = None,
    ):
        validation.check_in("trunk", trunk, _TRUNKS)
        validation.check_in("fusion", fusion, RULES)
        validation.check_number("share", share, 0, 1)
        super().__init__(
            options={"trunk": trunk, "fusion": fusion, "share": share},
            trunk_network=trunk_network,
            discriminator_head=discriminator_head,
            code_head=code_head,
            generator=generator,
            prior=prior,
            gate=gate,
            mixer=mixer,
            name=name,
        )
        start = keras.Input(input_shape(self.trunk_network)[1:])
        encoder = keras.Model(start, self.code_head(self.trunk_network(start)))
        # Behind a function, since Keras would save the networks twice.
        self._encoder = lambda: encoder
        self._fusion = Fusion(self)

    @classmethod
    def required_parts(cls, fusion=None, **options):
        return (*super().required_parts(), *RULES.get(fusion, ()))

    @property
    def encoder(self):
        """Code head after trunk, a `keras.Model` on their weights."""
        return self._encoder()

    def players(self):
        trunk, head = self.trunk_network, self.discriminator_head
        discriminator, encoder = {
            "adversarial": ([trunk, head], [self.code_head]),
            "both": ([trunk, head, self.code_head], []),
            "reconstruction": ([head], [trunk, self.code_head]),
        }[self.trunk]
        generator = [self.generator, *self._fusion.networks]
        owners = {"discriminator": discriminator, "encoder": encoder}
        owners = {p: n for p, n in owners.items() if n}
        return owners | {"generator": generator}

    def terms(self):
        discriminator = {"discrimination": 1.0}
        encoder = {"encoder_reconstruction": 3.0, "divergence": 1.0}
        generator = {"adversarial": 1.0, "reconstruction": 3.0, "features": 1.0}
        if self.trunk == "adversarial":
            encoder["encoder_features"] = 1.0
        if self.trunk == "both":
            owners = {"discriminator": discriminator | encoder}
        else:
            owners = {"discriminator": discriminator, "encoder": encoder}
        return owners | {"generator": generator}

    def default_settings(self):
        return {
            "loss": {
                "adversarial": "non_saturating",
                "reconstruction": "mean_absolute_error",
                "encoder_reconstruction": "mean_absolute_error",
            },
        }

    def play(self, x, y=None):
        f = self.trunk_network(x)
        encoded = self.code_head(f)
        self.keep_codes(self.codes(encoded))
        z, z_hat = self.prior.sample_like(x), self.sampling(encoded)
        x_hat, x_tilde = map(self.generator, (z, z_hat))
        fused = self._fusion.fused_samples(f, z_hat, x_tilde, z, x_hat)
        return self.values(x, f, encoded, [x_tilde, x_hat, *fused])

    def values(self, x, f, encoded, fakes):
        """The values of the terms, where the first of the fakes is x_tilde.

        Args:
            x: Batch of samples.
            f: Their features by the trunk, `(batch_size, p)`.
            encoded: Means and log variances of their codes.
            fakes: List of batches.
        """

        def features_and_logit(u):
            # Through the features that the codes come from: where both train
            # the trunk, their gradients then go back through it together.
            return self._fusion.features_and_logit(u, f if u is x else None)

        # The discriminator's side on constants: the trunk may belong to the
        # encoder, which shall learn nothing through its own fakes.
        discriminator = self.discriminate(
            "adversarial",
            self._fusion.discriminator,
            x,
            [ops.stop_gradient(u) for u in fakes],
            features_and_logit,
        )
        generator = discriminator.with_fakes(fakes)

        def features():
            f_x_tilde = ops.cast(generator.fake_features()[0], "float32")
            target = ops.stop_gradient(ops.cast(f, "float32"))
            return ops.mean(self.weighted(ops.square(target - f_x_tilde)))

        def divergence():
            size = math.prod(self.sample_shape)
            divergences = GaussianSampling.divergence(encoded)
            return ops.mean(self.weighted(divergences)) / size

        values = {
            "discrimination": discriminator.discriminator_loss,
            "adversarial": generator.generator_loss,
            "features": features,
            "divergence": divergence,
        }
        if self.trunk == "adversarial":
            values["encoder_features"] = features
        for term in ("reconstruction", "encoder_reconstruction"):
            values[term] = self.compare(term, x, fakes[0])
        return values

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
            mixed = self.run_network(self.mixer, [codes, z], **run)
            return self.decode(mixed, labels=labels, **run)
        x_tilde, x_hat = (
            self.decode(u, labels=labels, **run) for u in (codes, z)
        )
        mask = self.share
        if self.fusion == "gate":
            features = self.run_network(self.trunk_network, x, **run)
            mask = self.run_network(self.gate, [features, z], **run)
        return mask * x_tilde + (1.0 - mask) * x_hat

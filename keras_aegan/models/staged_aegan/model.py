"""StagedAEGAN: an autoencoder first, then a GAN that starts from it."""

import keras

from keras_aegan.engine import AdversarialModel
from keras_aegan.models.shared.for_shape import DefaultNetworks
from keras_aegan.models.staged_aegan.batch import StagedBatch
from keras_aegan.models.staged_aegan.bridge import Bridging

_LOSSES = {
    "encoder_reconstruction": "mean_squared_error",
    "reconstruction": "mean_squared_error",
    "anchor": "mean_squared_error",
    "adversarial": "relativistic",
    "latent_adversarial": "relativistic",
}


@keras.saving.register_keras_serializable(package="keras_aegan")
class StagedAEGAN(Bridging, DefaultNetworks, AdversarialModel):
    """A GAN whose generator is a trained decoder, in three stages.

    One `fit` runs through them; `fit(x, stage="bridge")` trains in one alone.
    With the decoder `G(h, z) = decode(h + g tanh(W z + b))`, whose gain g
    starts at 0, and h a code from the bridge

    - `"reconstruct"`: encoder and generator minimise `r(x, decode(E(x)))`
    - `"bridge"`: from noise to codes, all else at rest, by one of
        - `"fit"`: h from `FittedPrior`, fitted to codes of real samples
        - `"bootstrap"`: h from `BootstrapPrior`, those codes themselves
        - `"map"`: `h = M(prior)`, against a latent discriminator that knows
          real codes
        - `"prior"`: nothing; in the first stage E is held to the prior by a
          latent discriminator, as an adversarial autoencoder's
    - `"adversarial"`: `discriminator`: `discrimination(D(x); D(G(h, z)))`;
      `generator`: `adversarial + w(t) anchor`, the anchor `r(x,
      decode(E(x)))` and `w(t) = 10 max(0, 1 - t / anchor_steps)` after t
      steps of the stage; the mapping minimises the adversarial term, too

    where r is the mean squared error. As the last stage begins, D takes the
    encoder's weights but for its last layer, and for `freeze_steps` steps it
    learns alone. E is at rest but in the first stage.

    The stage changes between epochs only, and a saved variable says where
    training stands: `fit` called again, a loaded file and a run resumed by
    `keras.callbacks.BackupAndRestore` go on from there. Each stage has a
    compiled step of its own. A term is 0 in the logs of a stage that does not
    play it; validation has all of them.

    Args:
        encoder: Keras model, samples to codes `(batch_size, latent_dim)`.
        generator: Keras model, codes to samples: `decode`.
        code_noise: `keras_aegan.layers.CodeAndNoise`.
        discriminator: Keras model, samples to one logit.
        mapping: Keras model, noise to codes, for `"map"`.
        latent_discriminator: Keras model, codes to one logit, for `"map"` and
            `"prior"`.
        prior: `keras_aegan.layers.Prior`. Defaults to what `bridge` says;
            `FittedPrior(..., num_classes=, components=)` for more.
        bridge: `"fit"`, `"bootstrap"`, `"map"` or `"prior"`.
        reconstruct_epochs: Non-negative integer.
        bridge_epochs: Non-negative integer; of no account for `"prior"`.
        freeze_steps: Non-negative integer.
        anchor_steps: Positive integer.
        trunk: Boolean. Whether D starts from the encoder's weights.
        name: String, the model's name.

    Raises:
        ValueError: if an option is not as above, or two networks do not fit.

    Example:

    >>> import numpy as np
    >>> model = StagedAEGAN.for_shape(
    ...     (6,), latent_dim=2, width=4, reconstruct_epochs=2
    ... )
    >>> model.compile()
    >>> x = np.zeros((32, 6), "float32")
    >>> history = model.fit(x, epochs=4, verbose=0)
    >>> model.stage, model.generate(5).shape
    ('adversarial', (5, 6))

    Reference: Mariani et al. 2018 (BAGAN), arXiv:1803.09655, section 3, for
    `"fit"`; Makhzani et al. 2015, arXiv:1511.05644, for `"prior"`. Departures:
    one logit for BAGAN's classes; the decoder's noise, its gain and the anchor
    are not BAGAN's; the generator rests for 200 steps.
    """

    roles = ("encoder", "generator", "code_noise", "discriminator", "prior")
    optional_roles = ("mapping", "latent_discriminator")

    def players(self):
        makers = {"generator": [self.generator, self.code_noise]}
        return {
            player: makers.get(player) or [getattr(self, player)]
            for player in self.terms()
        }

    def stages(self):
        first = {
            "encoder": {"encoder_reconstruction": 1.0},
            "generator": {"reconstruction": 1.0},
        }
        fading = keras.optimizers.schedules.PolynomialDecay(
            10.0, self.anchor_steps, 0.0
        )
        last = {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0, "anchor": fading},
        }
        between = {}
        judge = {"latent_discriminator": {"latent_discrimination": 1.0}}
        if self.bridge == "map":
            between = {**judge, "mapping": {"latent_adversarial": 1.0}}
            last["mapping"] = {"mapping_adversarial": 1.0}
        if self.bridge == "prior":
            first["encoder"]["latent_adversarial"] = 1.0
            first.update(judge)
        return {"reconstruct": first, "bridge": between, "adversarial": last}

    def default_loss(self):
        own = {term for terms in self.terms().values() for term in terms}
        return {term: loss for term, loss in _LOSSES.items() if term in own}

    def default_optimizer(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        return dict.fromkeys(self.players(), adam)

    def default_groups(self):
        judges = [p for p in self.players() if "discriminator" in p]
        return [judges, [p for p in self.players() if p not in judges]]

    def play(self, x, y=None):
        batch = StagedBatch(self, x)

        def rebuilt(term):
            return lambda: self.compare(term, x, batch.rebuilt)()

        values = {
            **{term: rebuilt(term) for term in _LOSSES},
            "discrimination": lambda: batch.discrimination.discriminator_loss(),
            "adversarial": lambda: batch.discrimination.generator_loss(),
            "mapping_adversarial": lambda: (
                batch.discrimination.generator_loss()
            ),
            "latent_discrimination": lambda: batch.latent.discriminator_loss(),
            "latent_adversarial": lambda: batch.latent.generator_loss(),
        }
        asked = [term for terms in self.terms().values() for term in terms]
        return {term: values[term] for term in asked}

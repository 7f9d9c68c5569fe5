"""StagedAEGAN: an autoencoder first, then a GAN that starts from it."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import random
from keras_aegan.engine import AdversarialModel
from keras_aegan.engine.parts import Part
from keras_aegan.engine.staged_training import StagedTraining
from keras_aegan.engine.standard_parts import DISCRIMINATOR
from keras_aegan.engine.standard_parts import ENCODER
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.engine.standard_parts import LATENT_DISCRIMINATOR
from keras_aegan.engine.standard_parts import MAPPING
from keras_aegan.engine.standard_parts import PRIOR
from keras_aegan.engine.turn import current_turn
from keras_aegan.models.staged_aegan import bridge as bridges
from keras_aegan.models.staged_aegan.batch import StagedBatch

_LOSSES = {
    "encoder_reconstruction": "mean_squared_error",
    "reconstruction": "mean_squared_error",
    "anchor": "mean_squared_error",
    "adversarial": "relativistic",
    "latent_adversarial": "relativistic",
}


@keras.saving.register_keras_serializable(package="keras_aegan")
class StagedAEGAN(AdversarialModel):
    """A GAN whose generator is a trained decoder, in three stages.

    One `fit` runs through them; `fit(x, stage="bridge")` trains in one alone.
    With the decoder `G(h, z) = decode(h + g tanh(W z + b))`, whose gain g
    starts at 0, and h a code from the bridge

    - `"reconstruct"`: encoder and generator minimise `r(x, decode(E(x)))`
    - `"bridge"`: from noise to codes, while everything else is fixed, by one of
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
    learns alone. E is trained in the first stage only.

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
        bridge_epochs: Non-negative integer; ignored by `"prior"`.
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

    parts = (
        ENCODER,
        GENERATOR,
        Part(
            "code_noise",
            build=lambda options, parts: layers.CodeAndNoise(
                options.latent_dim, name="code_noise"
            ),
            is_averaged=True,
        ),
        DISCRIMINATOR,
        PRIOR,
        MAPPING.replace(is_optional=True),
        LATENT_DISCRIMINATOR.replace(is_optional=True),
    )
    takes_targets = True

    def __init__(
        self,
        *,
        encoder: keras.Model,
        generator: keras.Model,
        code_noise: layers.CodeAndNoise,
        discriminator: keras.Model,
        prior: layers.Prior | None = None,
        mapping: keras.Model | None = None,
        latent_discriminator: keras.Model | None = None,
        bridge: str = "fit",
        reconstruct_epochs: int = 5,
        bridge_epochs: int = 1,
        freeze_steps: int = 200,
        anchor_steps: int = 2000,
        trunk: bool = True,
        name: str | None = None,
    ):
        numbers = {
            "reconstruct_epochs": reconstruct_epochs,
            "bridge_epochs": bridge_epochs,
            "freeze_steps": freeze_steps,
            "anchor_steps": anchor_steps,
        }
        bridges.check_options(bridge, **numbers)
        super().__init__(
            options={"bridge": bridge, **numbers, "trunk": trunk},
            encoder=encoder,
            generator=generator,
            code_noise=code_noise,
            discriminator=discriminator,
            prior=bridges.prior_for(bridge, prior, generator),
            mapping=mapping,
            latent_discriminator=latent_discriminator,
            name=name,
        )
        bridges.check_parts(self)
        self.progress = self.add_weight(
            shape=(3,),
            initializer="zeros",
            dtype="int32",
            trainable=False,
            name="progress",
        )
        self.noise_source = layers.NormalPrior(self.code_noise.noise_dim)
        self._staging = StagedTraining(self, bridges.Bridge(self))

    @classmethod
    def required_parts(cls, bridge="fit", **options):
        return (*super().required_parts(), *bridges.parts_of(bridge))

    # === The game ===

    def players(self):
        own = {"generator": [self.generator, self.code_noise]}
        return {
            player: own.get(player) or [getattr(self, player)]
            for player in self.terms()
        }

    def terms(self):
        return self._staging.terms()

    def stages(self):
        """Dict from stage to the terms of the players that move in it."""
        first = {
            "encoder": {"encoder_reconstruction": 1.0},
            "generator": {"reconstruction": 1.0},
        }
        decay = keras.optimizers.schedules.PolynomialDecay
        fading = decay(10.0, self.anchor_steps, 0.0)
        last = {
            "discriminator": {"discrimination": 1.0},
            "generator": {"adversarial": 1.0, "anchor": fading},
        }
        between = {}
        adversary = {"latent_discriminator": {"latent_discrimination": 1.0}}
        if self.bridge == "map":
            between = {**adversary, "mapping": {"latent_adversarial": 1.0}}
            last["mapping"] = {"mapping_adversarial": 1.0}
        if self.bridge == "prior":
            first["encoder"]["latent_adversarial"] = 1.0
            first.update(adversary)
        return {"reconstruct": first, "bridge": between, "adversarial": last}

    def default_settings(self):
        adam = keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.99)
        own = {term for terms in self.terms().values() for term in terms}
        first = [p for p in self.players() if "discriminator" in p]
        return {
            "optimizer": dict.fromkeys(self.players(), adam),
            "loss": {t: loss for t, loss in _LOSSES.items() if t in own},
            "update": [first, [p for p in self.players() if p not in first]],
        }

    def play(self, x, y=None):
        batch = StagedBatch(self, x)

        def reconstruction(term):
            return lambda: self.compare(term, x, batch.x_tilde)

        values = {
            **{term: reconstruction(term) for term in _LOSSES},
            "discrimination": lambda: batch.data.discriminator_loss(),
            "adversarial": lambda: batch.data.generator_loss(),
            "mapping_adversarial": lambda: batch.data.generator_loss(),
            "latent_discrimination": lambda: batch.latent.discriminator_loss(),
            "latent_adversarial": lambda: batch.latent.generator_loss(),
        }
        return {term: values[term] for term in current_turn().terms.weights}

    def gates(self, results):
        if self.playing_stage != "adversarial" or not self.freeze_steps:
            return {}
        is_thawed = self.step >= self.freeze_steps
        return dict.fromkeys(("generator", "mapping"), is_thawed)

    # === The stages ===

    @property
    def stage(self):
        """Name of the stage that the last epoch belonged to."""
        return self._staging.stage

    @property
    def playing_stage(self):
        """Name of the stage that is played, inside `play`; or `None`."""
        return current_turn().stage

    def make_steps(self, rules, optimizer):
        return self._staging.make_steps(rules, optimizer)

    def training_steps(self):
        return self._staging.steps()

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        *args,
        stage: str | None = None,
        **kwargs,
    ):
        """Train, stage after stage, from where the last call left off.

        Args:
            x: Samples: an array, or any data set that Keras takes.
            y: Labels, where the model uses them.
            verbose: As in `keras.Model.fit`. The progress bar shows the name
                of the stage, and the losses of its players only.
            stage: Name of the one stage that this call shall train in; `None`
                for all that come within `epochs`.
            batch_size, epochs, callbacks, *args, **kwargs: As in
                `keras.Model.fit`.

        Raises:
            ValueError: if there is no such stage, or the data does not fit
                the networks.
        """
        callbacks = self._staging.callbacks(stage, callbacks, verbose)
        start = (x, y, batch_size, epochs, verbose, callbacks)
        return super().fit(*start, *args, **kwargs)

    def sample_codes(self, num_samples=None, seed=None, *args, **kwargs):
        seed = random.seed_or_default(seed)
        h = super().sample_codes(num_samples, seed, *args, **kwargs)
        sources = (self.prior, self.noise_source)
        generators = [x for s in sources for x in backend.sublayers(s)]
        with self.at_inference(random.seeded_states(generators, seed)):
            z = self.noise_source.sample(len(h))
            return ops.convert_to_numpy(self.code_noise([h, z]))

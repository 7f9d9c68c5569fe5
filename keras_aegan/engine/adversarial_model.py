"""The base class of all models: parts, players, and their losses."""

from typing import ClassVar

import keras

from keras_aegan import validation
from keras_aegan.backend.live_state import LiveState
from keras_aegan.engine import parts as part_tables
from keras_aegan.engine import play_tools
from keras_aegan.engine import saving
from keras_aegan.engine.generation import new_code_priors
from keras_aegan.engine.network_options import NetworkOptions
from keras_aegan.engine.network_options import check_sample_shape
from keras_aegan.engine.network_options import condition_numbers
from keras_aegan.engine.standard_parts import STANDARD_PARTS
from keras_aegan.engine.trainer import Trainer
from keras_aegan.layers import GaussianSampling


class AdversarialModel(Trainer):
    """A set of networks and a set of players (abstract).

    A player owns some of the networks and has a loss, the weighted sum of
    named terms. Every loss is differentiated with respect to its owner's
    weights only and applied by its owner's optimizer. A subclass says who
    plays (`players`), for what (`terms`), and how a batch is played (`play`);
    training, saving and evaluation on three backends follow.

    Args:
        name: String, the model's name, or `None` for one that Keras chooses.
        options: Dict of plain values by name. Each becomes an attribute and
            part of the configuration.
        **parts: The networks (built Keras models) and the prior, by name.
            Each becomes an attribute and part of the configuration. `None`
            stands for a part that is missing, or has a default.

    Class attributes:
        parts: Tuple of `keras_aegan.Part`, the table of the model's parts, by
            which `for_shape` builds them and the constructor checks them;
            `keras_aegan.parts` has the usual ones.
        is_variational: Boolean, whether the encoder gives mean and log
            variance of each number of a code, from which `self.sampling`
            samples.
        is_discrete: Boolean, whether samples are integers from 0, such as
            tokens. The last axis of the generator's output then holds a logit
            for each value.
        follows_codes: Boolean, whether `play` hands the codes of real samples
            to `self.keep_codes`, so that `generate` draws from near them once
            the model is trained. For models whose encoder is trained to
            reconstruct.
        takes_targets: Boolean, whether `fit(noisy, x)` denoises: `y` of the
            shape of samples then is what `play` gets as `x`, and
            `self.corrupted(x)` the noisy ones.
        default_normalization: `"batch"`, `"layer"` or `None`, what `for_shape`
            gives encoder and generator unless it gets another one.
        sample_axes: Numbers of axes of a sample that `for_shape` takes.
        named_settings: Dict from a name to a function that returns settings.

    Raises:
        ValueError: if a part is missing, unknown, not a Keras layer or has no
            weights yet, or the shapes of two parts do not fit.

    Example:

    >>> import keras_aegan
    >>> class PlainGAN(keras_aegan.AdversarialModel):
    ...     parts = (
    ...         keras_aegan.parts.GENERATOR,
    ...         keras_aegan.parts.DISCRIMINATOR,
    ...         keras_aegan.parts.PRIOR,
    ...     )
    ...     def players(self):
    ...         return {
    ...             "discriminator": [self.discriminator],
    ...             "generator": [self.generator],
    ...         }
    ...     def terms(self):
    ...         return {
    ...             "discriminator": {"discrimination": 1.0},
    ...             "generator": {"adversarial": 1.0},
    ...         }
    ...     def default_settings(self):
    ...         return {"loss": {"adversarial": "hinge"}}
    ...     def play(self, x, y=None):
    ...         x_hat = self.generator(self.prior.sample_like(x))
    ...         data = self.discriminate(
    ...             "adversarial", self.discriminator, x, [x_hat]
    ...         )
    ...         return {
    ...             "discrimination": data.discriminator_loss,
    ...             "adversarial": data.generator_loss,
    ...         }
    >>> PlainGAN.for_shape((6,), latent_dim=2, width=4).generate(5).shape
    (5, 6)
    """

    parts: ClassVar[tuple[part_tables.Part, ...]] = ()
    is_variational = False
    is_discrete = False
    follows_codes = False
    takes_targets = False
    default_normalization: ClassVar[str | None] = "batch"
    sample_axes: ClassVar[tuple[int, ...]] = (1, 2, 3)
    named_settings: ClassVar[dict] = {}

    def __init__(
        self, name: str | None = None, options: dict | None = None, **parts
    ):
        super().__init__(name=name)
        self.live_state = LiveState()
        options = options or {}
        required = self.required_parts(**options)
        parts = part_tables.check_parts(type(self), parts, required)
        # Attributes one by one, since Keras tracks layers in attributes.
        self.part_names = list(parts)
        self.option_names = list(options)
        for key, value in {**parts, **options}.items():
            setattr(self, key, value)
        if self.is_variational:
            self.sampling = GaussianSampling()
        self.code_priors = new_code_priors(self)
        # The parts have their weights, so there is nothing left to build, and
        # a model that was never called can be saved.
        self.built = True

    # === What a subclass defines ===

    def players(self) -> dict:
        """Dict from the name of a player to the list of its networks."""
        raise _not_implemented(self, "players")

    def terms(self) -> dict:
        """Dict from player to a dict of its terms and their weights."""
        raise _not_implemented(self, "terms")

    def play(self, x, y=None) -> dict:
        """Play one batch.

        Args:
            x: Batch of samples, `(batch_size, ...)`: floating point, or int32
                if the model `is_discrete`.
            y: Labels, or `None`.

        Returns:
            Dict from term to its value: a scalar, or a function that computes
            it if the term is needed in this turn. Under `"signals"` it may
            hold a dict of more such values, for `gates`.
        """
        raise _not_implemented(self, "play")

    def default_settings(self) -> dict:
        """The arguments of `compile` that the model trains well with.

        Returns:
            Dict with some of `optimizer` (a dict by player), `loss`, `update`,
            `turns`, `fresh_batches`, `penalties`, `average` and `decay`. An
            adversarial loss stands under the generator's term and serves both
            sides.
        """
        return {}

    def gates(self, results) -> dict:
        """Dict from player to a boolean scalar: whether its move counts.

        Args:
            results: Dict from term, signal and `<player>_loss` to its value
                in the turn that is about to be applied.
        """
        return {}

    @classmethod
    def settings(cls, name: str) -> dict:
        """Arguments of `compile` under a name that the class gives them.

        Args:
            name: String, such as `"paper"` of `AEGAN`.

        Returns:
            Dict of keyword arguments.

        Raises:
            ValueError: if there are no such settings.
        """
        validation.check_in("name", name, cls.named_settings)
        return cls.named_settings[name]()

    # === What `play` is written with, beside `keras_aegan.call_stacked` ... ===

    discriminate = play_tools.discriminate
    compare = play_tools.compare
    weighted = play_tools.weighted
    corrupted = play_tools.corrupted
    keep_codes = play_tools.keep_codes
    sample_weight = property(play_tools.sample_weight)
    step = property(play_tools.step)

    # === Parts ===

    @classmethod
    def for_shape(
        cls,
        shape: tuple[int, ...],
        latent_dim: int = 32,
        width: int = 32,
        normalization: str | None = "default",
        noise: float = 0.0,
        dropout: float = 0.0,
        residual_blocks: int = 0,
        augmentation: str | None = None,
        activation: str | keras.Layer | None = None,
        num_classes: int | None = None,
        condition_size: int | None = None,
        builders: dict | None = None,
        **parts,
    ):
        """The model with default networks for samples of a shape.

        Args:
            shape: Shape of one sample: `(features,)`, `(steps, channels)` or
                `(height, width, channels)`; at least 8 steps or pixels.
            latent_dim: Positive integer, the size of a code.
            width: Positive integer, the channels of encoder and discriminator
                at the finest resolution; the generator has 1.45 times as many,
                dense layers have 4 times as many units.
            normalization: `"batch"`, `"layer"` or `None`, in encoder and
                generator; `"default"` is the model's `default_normalization`.
                Discriminators have none unless the model says so.
            noise: Float, standard deviation of the noise on the inputs of
                encoder and discriminators in training.
            dropout: Float in [0, 1), rate of Gaussian dropout in training.
            residual_blocks: Non-negative integer, how many blocks of two more
                layers each resolution of encoder, generator and discriminator
                has; in dense networks, how many there are in all.
            augmentation: Policy of `keras_aegan.layers.DiffAugment`, such as
                `"translation,cutout"`, for the discriminator of images in
                training. For little data.
            activation: Name of the generator's output activation, or a Keras
                layer, such as `keras_aegan.layers.CategorySoftmax`. Defaults
                to `"tanh"` for images, whose range is then [-1, 1], and to
                `"linear"` for tables and series.
            num_classes: Positive integer. Then the networks are conditioned
                on the label of each sample: `fit(x, labels)`,
                `generate(labels=...)`.
            condition_size: Positive integer, the same for a vector of so many
                numbers in place of a label.
            builders: Dict from the name of a part to a function in place of
                its `Part.build`, for a subclass whose own `for_shape` has
                arguments that the network depends on.
            **parts: Other arguments of the model: `prior`, a network in place
                of the default one, an option, or `name`.

        Returns:
            The model, not compiled.

        Raises:
            ValueError: if the shape or another argument is not as above.
        """
        if normalization == "default":
            normalization = cls.default_normalization
        options = NetworkOptions(
            check_sample_shape(shape),
            latent_dim,
            width,
            normalization,
            noise,
            dropout,
            residual_blocks,
            augmentation,
            activation,
            condition_numbers(num_classes, condition_size),
            cls.is_variational,
        )
        part_tables.build_parts(
            cls, options, parts, num_classes, builders or {}
        )
        return cls(**parts)

    @classmethod
    def required_parts(cls, **options) -> tuple[str, ...]:
        """Names of the parts that a model with these options needs."""
        return tuple(part.name for part in cls.parts if not part.is_optional)

    @classmethod
    def part(cls, name: str):
        """The `Part` of a name, from the model's table or the standard one."""
        table = {part.name: part for part in cls.parts}
        unknown = part_tables.Part(name)
        return table.get(name, STANDARD_PARTS.get(name, unknown))

    get_config = saving.get_config
    from_config = classmethod(saving.from_config)
    save = saving.save
    export = saving.export
    averaged = saving.averaged


def _not_implemented(model, method):
    name = type(model).__name__
    return NotImplementedError(f"{name} must implement `{method}`.")

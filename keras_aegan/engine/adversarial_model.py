"""The base class of all models: players, their losses, and training."""

import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend.memory import retain_freed_memory
from keras_aegan.engine import conditions
from keras_aegan.engine import data_checks
from keras_aegan.engine.compile_methods import CompileMethods
from keras_aegan.engine.discrimination import Discrimination
from keras_aegan.engine.latent_methods import LatentMethods
from keras_aegan.engine.model_parts import ModelParts
from keras_aegan.layers.conditional import condition_scope
from keras_aegan.layers.conditional import current_condition


class AdversarialModel(ModelParts, CompileMethods, LatentMethods, keras.Model):
    """A set of networks and a set of players (abstract).

    A player owns some of the networks and has a loss, the weighted sum of
    named terms. Every loss is differentiated with respect to its owner's
    weights only and applied by its owner's optimizer. A subclass says who
    plays (`players`), for what (`terms`), and how a batch is played (`play`);
    training, saving and evaluation on three backends follow.

    Args:
        name: String, the model's name, or `None` for one of Keras' choice.
        options: Dict of plain values by name. Each becomes an attribute and
            part of the configuration.
        **parts: The networks (built Keras models) and the prior, by name.
            Each becomes an attribute and part of the configuration. `None`
            is left out, but for a `prior`, which is then the default one.

    Class attributes:
        roles: Names of the parts that the model needs. A subclass that lists
            them needs no constructor of its own but for options.
        optional_roles: Names of parts that it may have.
        default_prior: Class of `keras_aegan.layers.Prior`.
        code_statistics: Integer, how many numbers the encoder gives for each
            of a code: 2 if it gives mean and log variance, from which
            `self.sampling` draws.
        discrete: Boolean, whether samples are integers from 0, such as
            tokens. The last axis of the generator's output then holds a logit
            for each value.
        sample_axes: Numbers of axes of a sample that `for_shape` takes.

    Raises:
        ValueError: if a part is missing, unknown, not a Keras layer or has no
            weights yet, or the shapes of two networks of the usual names do
            not fit.

    Example:

    >>> class PlainGAN(AdversarialModel):
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
    ...     def default_loss(self):
    ...         return {"adversarial": "hinge"}
    ...     def play(self, x, y=None):
    ...         fake = self.generator(self.prior.sample_like(x))
    ...         discrimination = self.discriminate(
    ...             "adversarial", self.discriminator, x, [fake]
    ...         )
    ...         return {
    ...             "discrimination": discrimination.discriminator_loss,
    ...             "adversarial": discrimination.generator_loss,
    ...         }
    """

    # === What a subclass says ===

    def players(self):
        """Dict from the name of a player to the list of its networks."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `players`."
        )

    def terms(self):
        """Dict from player to a dict of its terms and their weights."""
        raise NotImplementedError(
            f"{type(self).__name__} must implement `terms`."
        )

    def play(self, x, y=None):
        """Play one batch.

        Args:
            x: Batch of samples, `(batch_size, ...)`: floating point, or int32
                if the model is `discrete`.
            y: Labels, or `None`.

        Returns:
            Dict from term to its value: a scalar, or a function that computes
            it if the term is wanted in this turn. Under `"signals"` it may
            hold a dict of more such values, for `gates`.
        """
        raise NotImplementedError(
            f"{type(self).__name__} must implement `play`."
        )

    def default_loss(self):
        """Dict from term to its loss function, for terms that have one.

        An adversarial loss stands under the generator's term and serves both
        sides of its game.
        """
        return {}

    def default_optimizer(self):
        """Dict from player to its optimizer."""
        return {
            player: keras.optimizers.Adam(2e-4, beta_1=0.5)
            for player in self.players()
        }

    def default_groups(self):
        """The order of alternating updates: a list of lists of players."""
        return [[player] for player in self.players()]

    def default_turns(self):
        """Dict from player to its turns in a step, where it is not 1."""
        return {}

    def default_penalties(self):
        """Dict from player to the penalties on its discriminator."""
        return {}

    def gates(self, results):
        """Dict from player to a boolean scalar: whether its move counts.

        Args:
            results: Dict from term, signal and `<player>_loss` to its value
                in the turn that is about to be applied.
        """
        return {}

    # === What `play` is written with ===

    def discriminate(self, term, discriminator, real, fakes, extractor=None):
        """The `Discrimination` of a discriminator, with the loss of `term`.

        Args:
            term: Name of the generator's term.
            discriminator: One of the players' networks, or a list of them
                that are called one after the other.
            real: Batch of real samples, or a tuple of batches.
            fakes: List of batches of fakes.
            extractor: Result of `feature_extractor(discriminator)`, if features are
                wanted.
        """
        loss = self.loss_terms.functions[term]
        apart = any(self.penalties.values())
        discrimination = Discrimination(
            loss, discriminator, real, fakes, extractor, apart
        )
        self.game.discriminations.append(discrimination)
        return discrimination

    def compare(self, term, target, prediction):
        """A function that computes the loss of `term` between two tensors."""
        return lambda: self.loss_terms.compare(term, target, prediction)

    @property
    def step(self):
        """How many steps came before this one, a scalar for schedules."""
        return self.game.step

    # === Training ===

    @property
    def metrics(self):
        return [self.means, *self.user_metrics] if self.compiled else []

    @property
    def train_step(self):
        """One step of the game, on the batch (on JAX also the state) given.

        A new function each time: JAX would take equal functions for one, and
        trace only the first.
        """
        step = self.lazy.step(self.game)
        return functools.partial(backend.train_step, self, step)

    def test_step(self, *args):
        """Every term on one batch, without learning."""
        return backend.test_step(self, self.game.test, *args)

    def make_train_function(self, force=False):
        """Compile the training step."""
        make_keras_function = super().make_train_function

        def make():
            make_keras_function(force=True)
            return backend.step_function(
                self, self.train_step, self.train_function
            )

        if self.train_function is None or force:
            self.train_function = self.lazy.select_program(self, make)

    def make_test_function(self, force=False):
        """Compile the test step."""
        if self.test_function is None or force:
            super().make_test_function(force)
            self.test_function = backend.step_function(
                self, self.test_step, self.test_function
            )

    @retain_freed_memory()
    def fit(self, x=None, y=None, *, callbacks=None, **kwargs):
        """Train, exactly as `keras.Model.fit` does.

        Data in memory is looked at first: shape, emptiness, NaN, and whether
        the generator can reach its range.

        Args:
            x: Samples: an array, or any data set that Keras takes.
            y: Labels, where the model uses them.
            callbacks: As in `keras.Model.fit`.
            **kwargs: As in `keras.Model.fit`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        data_checks.samples(self, x)
        if hasattr(x, "shape") and conditions.condition_of(self) is not None:
            y = conditions.checked(self, y, len(x), argument="y")
        with (
            backend.restore_weights_on_failure(self),
            backend.plain_batches(self),
        ):
            if self.compiled:  # Otherwise Keras says so.
                callbacks = self.lazy.with_step_counter(callbacks)
            return super().fit(x, y, callbacks=callbacks, **kwargs)

    def evaluate(self, *args, **kwargs):
        """Every term on data, exactly as `keras.Model.evaluate` does it."""
        if self.compiled:
            # By value: JAX gives a step's buffers away.
            step = ops.convert_to_numpy(self.optimizer.iterations)
            self.means.step.assign(int(step))
        with backend.plain_batches(self):
            return super().evaluate(*args, **kwargs)

    def predict(self, *args, **kwargs):
        """Reconstructions of data, exactly as `keras.Model.predict` does it."""
        backend.attach_state(self)
        with self.averaged(), backend.plain_batches(self):
            return super().predict(*args, **kwargs)

    def unpack(self, data):
        """Samples, cast to their type, and labels, from a batch of `fit`."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        if sample_weight is not None:
            raise ValueError(
                f"{type(self).__name__} does not weigh samples. "
                "Received: sample_weight or class_weight in `fit`"
            )
        data_checks.batch(self, x)
        dtype = "int32" if self.discrete else keras.config.floatx()
        return ops.cast(x, dtype), y

    def split_batch(self, x, y, turns):
        """The part of a batch that each turn of a step sees."""
        if not self._fresh_batches:
            return [(x, y)] * turns
        size = ops.shape(x)[0]
        edges = [size * i // turns for i in range(turns + 1)]
        pairs = zip(edges, edges[1:])
        return [(x[i:j], None if y is None else y[i:j]) for i, j in pairs]

    @property
    def sample_shape(self):
        """Shape of one sample, without the batch axis."""
        shape = tuple(self.generator.output_shape[1:])
        return shape[:-1] if self.discrete else shape

    def call(self, inputs, training=None):
        """Reconstruct: encode and decode again.

        Args:
            inputs: Batch of samples; with a condition, the list of samples and
                labels.
            training: Boolean.
        """
        self.require_parts("reconstruct", "encoder", "generator")
        condition = current_condition()
        if isinstance(inputs, (list, tuple)):
            inputs, condition = inputs
        with condition_scope(condition):
            encoded = self.encoder(inputs, training=training)
            return self.generator(self.codes(encoded), training=training)

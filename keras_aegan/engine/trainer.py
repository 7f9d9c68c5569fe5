"""Training by Keras: `compile`, `fit`, `evaluate`, `predict`."""

import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend.memory import retain_freed_memory
from keras_aegan.engine import compile_arguments
from keras_aegan.engine import data_checks
from keras_aegan.engine.data_feed import DataFeed
from keras_aegan.engine.data_feed import samples_and_labels
from keras_aegan.engine.data_feed import split_validation
from keras_aegan.engine.game import Game
from keras_aegan.engine.game import owned_variables
from keras_aegan.engine.inference import NetworkRun
from keras_aegan.engine.labels import LabelKind
from keras_aegan.engine.labels import label_kind_of_parts
from keras_aegan.engine.latent_methods import LatentMethods
from keras_aegan.engine.lazy_penalties import LazyPenalties
from keras_aegan.engine.parts import averaged_networks
from keras_aegan.engine.player_optimizers import optimizers_for
from keras_aegan.engine.player_optimizers import with_loss_scales
from keras_aegan.engine.steps import Steps
from keras_aegan.engine.terms import TermMeans
from keras_aegan.engine.weight_averages import WeightAverages


class Trainer(LatentMethods):
    """What Keras' trainer needs of a model of players (abstract).

    `AdversarialModel` says what a subclass defines; here is what `compile`
    makes of it, and what Keras calls for a batch.

    Attributes, from `compile` on:
        means: `TermMeans`, the logs of all terms.
        user_metrics: List of the metrics that `compile` was given.
    """

    def compile(
        self,
        optimizer=None,
        loss: dict | None = None,
        loss_weights: dict | None = None,
        metrics: list | None = None,
        update: str | list | None = None,
        turns: dict[str, int] | None = None,
        penalties: dict | None = None,
        fresh_batches: bool = False,
        average: float | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        auto_scale_loss: bool = True,
    ):
        """Configure training. Without arguments, by `default_settings()`.

        Args:
            optimizer: One optimizer or its name, copied for each player, or a
                dict of them by player.
            loss: Dict from term to a loss: a Keras loss or its name; for an
                adversarial term an adversarial loss or its name, which sets
                both sides of the game.
            loss_weights: Dict from term to its weight: a non-negative float,
                a `keras.optimizers.schedules.LearningRateSchedule` of the
                step, or a `keras_aegan.penalties.GradientRatio`. A term of
                weight 0 is switched off, and a player whose terms are all off
                does not move.
            metrics: List of Keras metrics, or their names, between `x` and
                `model(x)`.
            update: `"alternating"`: groups of players move one after the
                other; `"simultaneous"`: all at once; or a list of lists of
                players. `None` is the model's default.
            turns: Dict from player to the number of its turns in a step.
            penalties: Dict from a player who owns a discriminator to a list
                of penalties on it, such as `keras_aegan.penalties.R1(1.0)`.
                `None` for the model's default, `{}` for none.
            fresh_batches: Boolean, whether a step's batch is divided among its
                turns, instead of all seeing all of it.
            average: Float in (0, 1), such as 0.999: the decay of a running
                average of weights and normalisation statistics, which
                `generate`, `reconstruct`, `predict` and validation then use.
                `None` for none.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`.
            jit_compile: As in `keras.Model.compile`; on PyTorch `"auto"` is
                a recorded step, `True` one that Inductor compiles.
            auto_scale_loss: Boolean. Whether float16 gets loss scaling, each
                player its own.

        Raises:
            ValueError: if a player or term is unknown, or a value is not of
                the kind above.
        """
        # As they were given, for `get_compile_config`; the optimizer has a
        # configuration of its own.
        self._compile_arguments = {
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": metrics,
            "update": update,
            "turns": turns,
            "penalties": penalties,
            "fresh_batches": fresh_batches,
            "average": average,
            "run_eagerly": run_eagerly,
            "steps_per_execution": steps_per_execution,
            "jit_compile": jit_compile,
            "auto_scale_loss": auto_scale_loss,
        }
        defaults, players = self.default_settings(), self.players()
        rules = compile_arguments.settle(
            players,
            self.terms(),
            defaults,
            *(loss, loss_weights, update, turns, penalties),
        )
        lazy_penalties = LazyPenalties(rules.penalties, steps_per_execution)
        self._track_state(rules, lazy_penalties, metrics, average)
        self.fresh_batches = fresh_batches
        optimizer = optimizers_for(
            list(players), optimizer, defaults.get("optimizer")
        )
        networks = sum(players.values(), [])
        if auto_scale_loss and any(
            n.compute_dtype == "float16" for n in networks
        ):
            optimizer = with_loss_scales(optimizer)
        self._steps = self.make_steps(rules, optimizer)
        super().compile(
            optimizer=optimizer,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=backend.prepare_steps(self, jit_compile),
            # Each player has a loss scale of its own, or none.
            auto_scale_loss=False,
        )
        # Now rather than in the first step: a resumed run restores slots
        # before it takes a step.
        self.optimizer.build_for(self.game.owned)

    def _track_state(self, rules, lazy_penalties, metrics, average):
        """Hold what has variables, so that Keras tracks and saves them."""
        for player, variables in owned_variables(rules.networks).items():
            for penalty in rules.penalties.get(player, []):
                penalty.build_for(variables)
        self.penalties = rules.penalties
        self.gradient_ratios = rules.ratios.layers
        self.user_metrics = [_metric(m) for m in metrics or []]
        self.means = TermMeans(rules.names_in_logs())
        self._lazy_penalties = lazy_penalties
        self._is_averaging = average is not None
        if self._is_averaging:
            # Kept by a second `compile`, since Keras counts what it tracks.
            if not hasattr(self, "_averages"):
                self._averages = WeightAverages(averaged_networks(self))
            self._averages.start(average)

    def make_steps(self, rules, optimizer):
        """The `Steps` of the whole game; several stages have more of them."""
        return Steps(self, Game(rules, optimizer, self))

    def training_steps(self):
        """The `Steps` to train by."""
        return self._steps

    @property
    def game(self):
        """The `Game` that is trained; its `rules` hold terms and turns."""
        return self.training_steps().game

    def get_compile_config(self):
        if not self.compiled:
            return {}
        arguments = {"optimizer": self.optimizer, **self._compile_arguments}
        return keras.saving.serialize_keras_object(arguments)

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))

    @property
    def averages(self):
        """The running `WeightAverages`, or `None`."""
        is_averaging = getattr(self, "_is_averaging", False)
        return self._averages if is_averaging else None

    @property
    def metrics(self):
        return [self.means, *self.user_metrics] if self.compiled else []

    # === What Keras calls ===

    @property
    def train_step(self):
        """One step of the game, on the batch (on JAX also the state) given."""
        due = self._lazy_penalties.active_intervals
        step = self.training_steps().training_step(due)
        # A new function each time: JAX would take equal functions for one,
        # and trace only the first.
        return functools.partial(backend.train_step, self, step)

    def test_step(self, *args):
        """Every term on one batch; nobody moves."""
        return backend.test_step(self, self._steps.test, *args)

    def make_train_function(self, force=False):
        """Compile the training step."""
        make_keras_function = super().make_train_function

        def make_program():
            make_keras_function(force=True)
            return backend.step_function(
                self, self.train_step, self.train_function
            )

        if self.train_function is None or force:
            self.train_function = self._lazy_penalties.select_program(
                self, make_program
            )

    def make_test_function(self, force=False):
        """Compile the test step."""
        if self.test_function is None or force:
            super().make_test_function(force)
            self.test_function = backend.step_function(
                self, self.test_step, self.test_function
            )

    @retain_freed_memory()
    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose="auto",
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_batch_size=None,
        validation_freq=1,
    ):
        """Train, exactly as `keras.Model.fit` does.

        Whatever comes in is checked first: shape, kind of number, NaN,
        labels, and whether the generator can reach its range; arrays whole
        and before any step, everything else batch by batch. Should a step
        fail, the model is as it was after the last whole one.

        Args:
            x: Samples: an array, or any data set that Keras takes.
            y: Labels, where the model uses them; for a model that encodes
                and takes none, samples: what `x` shall be denoised to.
            shuffle: As in `keras.Model.fit`. The order follows from
                `keras.utils.set_random_seed` and the steps done, so a run
                that goes on from a backup meets the samples that it would
                have met.
            batch_size, epochs, verbose, callbacks, validation_split,
                validation_data, class_weight, sample_weight, initial_epoch,
                steps_per_epoch, validation_steps, validation_batch_size,
                validation_freq: As in `keras.Model.fit`.

        Returns:
            `keras.callbacks.History`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("fit")
        if validation_split and validation_data is None:
            (x, y, sample_weight), validation_data = split_validation(
                x, y, sample_weight, validation_split
            )
        x = DataFeed(self).batches(
            *(x, y, sample_weight, batch_size, steps_per_epoch),
            *(shuffle, class_weight),
        )
        if validation_data is not None:
            validation_data = DataFeed(self, "validation_data").batches(
                *keras.utils.unpack_x_y_sample_weight(validation_data),
                validation_batch_size or batch_size,
                validation_steps,
            )
        callbacks = self._lazy_penalties.with_step_counter(callbacks)
        with backend.whole_steps(self):
            return super().fit(
                x,
                epochs=epochs,
                verbose=verbose,
                callbacks=callbacks,
                validation_data=validation_data,
                initial_epoch=initial_epoch,
                steps_per_epoch=steps_per_epoch,
                validation_steps=validation_steps,
                validation_freq=validation_freq,
            )

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose="auto",
        sample_weight=None,
        steps=None,
        callbacks=None,
        return_dict=False,
        **kwargs,
    ):
        """Every term on data, exactly as `keras.Model.evaluate` does it.

        Args:
            x, y, batch_size, verbose, sample_weight, steps, callbacks,
                return_dict: As in `keras.Model.evaluate`.
            **kwargs: What `fit` of Keras adds.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("evaluate")
        x = DataFeed(self).batches(x, y, sample_weight, batch_size, steps)
        with backend.whole_steps(self):
            # A number, not a tensor: JAX donates the buffers of a step.
            step = int(ops.convert_to_numpy(self.optimizer.iterations))
            self.means.step.assign(step)
            return super().evaluate(
                x,
                verbose=verbose,
                steps=steps,
                callbacks=callbacks,
                return_dict=return_dict,
                **kwargs,
            )

    def predict(
        self, x, batch_size=None, verbose="auto", steps=None, callbacks=None
    ):
        """Reconstructions of data, as `keras.Model.predict` gives them.

        Args:
            x: Array of samples, a list of samples and labels for models that
                take a condition, or a data set of batches of these.
            batch_size, verbose, steps, callbacks: As in
                `keras.Model.predict`.

        Returns:
            Array of the shape of the samples.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        x, labels = samples_and_labels(x)
        return NetworkRun(self, self).outputs(
            x, batch_size, verbose, labels, steps, callbacks
        )

    def predict_on_batch(self, x):
        """Reconstructions of one batch; see `predict`."""
        x, labels = samples_and_labels(x)
        size = max(1, *x.shape[:1]) if data_checks.is_array(x) else None
        return NetworkRun(self, self).outputs(x, size, labels=labels)

    def train_on_batch(
        self,
        x,
        y=None,
        sample_weight=None,
        class_weight=None,
        return_dict=False,
    ):
        """One step, as `keras.Model.train_on_batch` takes it.

        Args:
            x, y, sample_weight, class_weight, return_dict: As in
                `keras.Model.train_on_batch`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("train_on_batch")
        batch = DataFeed(self).arrays(x, y, sample_weight)
        with backend.whole_steps(self):
            return super().train_on_batch(*batch, class_weight, return_dict)

    def test_on_batch(self, x, y=None, sample_weight=None, return_dict=False):
        """Every term on one batch, as `keras.Model.test_on_batch` does it.

        Args:
            x, y, sample_weight, return_dict: As in
                `keras.Model.test_on_batch`.

        Raises:
            ValueError: if the data does not fit the networks.
        """
        self._assert_compiled("test_on_batch")
        batch = DataFeed(self).arrays(x, y, sample_weight)
        with backend.whole_steps(self):
            return super().test_on_batch(*batch, return_dict)

    def _assert_compiled(self, method):
        if not self.compiled:
            raise ValueError(
                f"`compile()` must come before `{method}()`. Received: a call "
                f"of `{method}` on a {type(self).__name__} without optimizer"
            )

    # === Batches ===

    def unpack(self, data):
        """Samples, cast to their type, and labels, from a batch of `fit`."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        if sample_weight is not None:
            raise ValueError(
                f"{type(self).__name__} does not weigh samples. "
                "Received: sample_weight or class_weight in `fit`"
            )
        dtype = "int32" if self.is_discrete else keras.config.floatx()
        return ops.cast(x, dtype), y

    @property
    def label_kind(self) -> LabelKind | None:
        """What `y` of `fit` is, or `None` for a model that takes no labels.

        The networks and the prior say what they ask for. A model whose `play`
        uses labels in another way says so here.
        """
        return label_kind_of_parts(self)


def _metric(metric):
    metric = keras.metrics.get(metric)
    if hasattr(metric, "update_generated"):
        raise ValueError(
            "A metric of generated samples cannot run inside a compiled step. "
            "Give it to `keras_aegan.callbacks.GenerationMetrics`. "
            f"Received: {metric!r}"
        )
    return metric

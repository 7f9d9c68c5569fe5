"""What `compile` makes of a model: rules, state, and steps."""

import functools

import keras

from keras_aegan import backend
from keras_aegan.backend.keras_private import refuse_remat
from keras_aegan.engine import compile_arguments
from keras_aegan.engine.game import Game
from keras_aegan.engine.game import owned_variables
from keras_aegan.engine.generator_output import fit_to_output
from keras_aegan.engine.latent_methods import LatentMethods
from keras_aegan.engine.lazy_penalties import LazyPenalties
from keras_aegan.engine.logit_checks import check_logits
from keras_aegan.engine.parts import averaged_networks
from keras_aegan.engine.player_optimizers import optimizers_for
from keras_aegan.engine.steps import Steps
from keras_aegan.engine.terms import TermMeans
from keras_aegan.engine.user_metrics import user_metrics
from keras_aegan.engine.weight_averages import WeightAverages


class CompiledModel(LatentMethods):
    """What Keras' trainer needs of a model of players (abstract).

    `AdversarialModel` says what a subclass defines; here is what `compile`
    makes of it, and what Keras calls for a batch. `Trainer` brings the
    batches.

    Attributes, from `compile` on:
        means: `TermMeans`, the logs of all terms.
        user_metrics: List of the metrics that `compile` was given.
        weighted_metric_names: Set of the names of those that see the weights
            of samples.
    """

    def compile(
        self,
        optimizer=None,
        loss: dict | None = None,
        loss_weights: dict | None = None,
        metrics: list | None = None,
        weighted_metrics: list | None = None,
        update: str | list | None = None,
        turns: dict[str, int] | None = None,
        penalties: dict | None = None,
        fresh_batches: bool | None = None,
        average: float | None = None,
        decay: str | None = None,
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
                both sides of the game. Reconstructions of a generator that
                ends in `keras_aegan.layers.CategorySoftmax` are by default
                compared by `keras_aegan.losses.MixedReconstruction`.
            loss_weights: Dict from term to its weight: a non-negative float,
                a `keras.optimizers.schedules.LearningRateSchedule` of the
                step, or a `keras_aegan.penalties.GradientRatio`. A term of
                weight 0 is switched off, and a player whose terms are all off
                does not move.
            metrics: List of Keras metrics, their names or functions, between
                `x` and `model(x)`.
            weighted_metrics: The same, of those that shall see the weights
                that samples have in `fit` and `evaluate`.
            update: `"alternating"`: groups of players move one after the
                other; `"simultaneous"`: all at once; or a list of lists of
                players. `None` is the model's default.
            turns: Dict from player to the number of its turns in a step.
            penalties: Dict from a player who owns a discriminator to a list
                of penalties on it, such as `keras_aegan.penalties.R1(1.0)`.
                `None` for the model's default, `{}` for none.
            fresh_batches: Boolean, whether a step's batch is divided among its
                turns, instead of all seeing all of it; `batch_size` is then
                that of all turns together. A turn for which no sample is left
                sees all of them. `None` is the model's default.
            average: Float in [0, 1), such as 0.999: the decay of a running
                average of weights and normalisation statistics, which
                `generate`, `reconstruct`, `predict` and validation then use.
                `None` for the model's default, 0 for none.
            decay: How learning rates fall in the course of each `fit`, however
                long it is: `"cosine"` or `"linear"`, both to a fiftieth, or
                `"constant"`. A rate that is a schedule is left alone. `None`
                is `"cosine"` for the model's own optimizers, unless its
                `default_settings` have another one, and `"constant"` for an
                `optimizer` that is given.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`. Several steps
                are one program on TensorFlow without a strategy, and on JAX,
                but for CPUs not those with convolutions, which are slow in a
                loop there.
            jit_compile: As in `keras.Model.compile`; on PyTorch `"auto"` is
                a recorded step, `True` one that Inductor compiles.
            auto_scale_loss: Boolean. Whether float16 gets loss scaling, each
                player its own.

        Raises:
            ValueError: if a player or term is unknown, or a value is not of
                the kind above.
        """
        # All of it is checked before anything changes: a model whose `compile`
        # fails is as it was before.
        refuse_remat()
        defaults = fit_to_output(self, self.default_settings())
        players = self.players()
        running = compile_arguments.check_running(
            defaults,
            *(average, fresh_batches, run_eagerly, steps_per_execution),
            *(jit_compile, auto_scale_loss),
        )
        if optimizer is None and decay is None:
            decay = defaults.get("decay", "cosine")
        rules = compile_arguments.settle(
            players,
            self.terms(),
            defaults,
            *(loss, loss_weights, update, turns, penalties),
        )
        lazy_penalties = LazyPenalties(
            rules.penalties, running["steps_per_execution"]
        )
        measured, weighted_names = user_metrics(
            *(metrics, weighted_metrics, self.is_discrete),
            rules.names_in_logs(),
        )
        optimizer = optimizers_for(
            players,
            optimizer,
            defaults.get("optimizer"),
            has_loss_scales=running["auto_scale_loss"],
            decay=decay,
        )
        check_logits(self, rules.terms)
        jit_compile = backend.prepare_steps(self, running["jit_compile"])
        # As they were given, for `get_compile_config`; the optimizer has a
        # configuration of its own.
        self._compile_arguments = {
            "loss": loss,
            "loss_weights": rules.terms.among(loss_weights),
            "metrics": metrics,
            "weighted_metrics": weighted_metrics,
            "update": update,
            "turns": turns,
            "penalties": penalties,
            "decay": optimizer.decay.shape,
            **running,
        }
        self.user_metrics = measured
        self.weighted_metric_names = weighted_names
        self.fresh_batches = running["fresh_batches"]
        self._track_state(rules, lazy_penalties, running["average"])
        self._steps = self.make_steps(rules, optimizer)
        super().compile(
            optimizer=optimizer,
            run_eagerly=running["run_eagerly"],
            steps_per_execution=running["steps_per_execution"],
            jit_compile=jit_compile,
            # Each player has a loss scale of its own, or none.
            auto_scale_loss=False,
        )

    def _track_state(self, rules, lazy_penalties, average):
        """Hold what has variables, so that Keras tracks and saves them."""
        for player, variables in owned_variables(rules.networks).items():
            for penalty in rules.penalties.get(player, []):
                penalty.build_for(variables)
        self.penalties = rules.penalties
        self.gradient_ratios = rules.ratios.layers
        self.means = TermMeans(rules.names_in_logs())
        self._lazy_penalties = lazy_penalties
        self._is_averaging = average > 0
        if self._is_averaging:
            # Kept by a second `compile`, since Keras counts what it tracks.
            if not hasattr(self, "_averages"):
                self._averages = WeightAverages(averaged_networks(self))
            self._averages.start(average)

    @property
    def parts_of_batch(self):
        """Among how many turns a step divides its batch."""
        return len(self.game.rules.plan) if self.fresh_batches else 1

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

    def compile_again(self):
        """Compile with the same arguments; optimizers go on."""
        self.compile(**{**self._compile_arguments, "optimizer": self.optimizer})

    @property
    def averages(self):
        """The running `WeightAverages`, or `None`."""
        is_averaging = getattr(self, "_is_averaging", False)
        return self._averages if is_averaging else None

    @property
    def metrics(self):
        return [self.means, *self.user_metrics] if self.compiled else []

    @property
    def metrics_names(self):
        """Names of the numbers that `evaluate` returns, in their order."""
        first = [metric.name for metric in self.metrics]
        rest = sorted({*self.means.names} - {*first}) if self.compiled else []
        return [*first, *rest]

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

        def keras_function():
            make_keras_function(force=True)
            return self.train_function

        if self.train_function is None or force:
            self.train_function = self._lazy_penalties.select_program(
                self,
                lambda: backend.step_function(
                    self, self.train_step, keras_function
                ),
            )

    def make_test_function(self, force=False):
        """Compile the test step."""
        make_keras_function = super().make_test_function

        def keras_function():
            make_keras_function(force=True)
            return self.test_function

        if self.test_function is None or force:
            self.test_function = backend.step_function(
                self, self.test_step, keras_function
            )

"""Configuring training: `compile`, and its place in `.keras` files."""

import keras

from keras_aegan import backend
from keras_aegan.engine.balances import GradientRatios
from keras_aegan.engine.balances import weight_name
from keras_aegan.engine.game import Game
from keras_aegan.engine.lazy_penalties import LazyPenalties
from keras_aegan.engine.penalties import penalties_for
from keras_aegan.engine.player_optimizers import optimizers_for
from keras_aegan.engine.player_optimizers import with_loss_scales
from keras_aegan.engine.term_means import TermMeans
from keras_aegan.engine.terms import Terms
from keras_aegan.engine.turns import groups_for
from keras_aegan.engine.turns import plan
from keras_aegan.engine.turns import turns_for
from keras_aegan.engine.weight_averages import WeightAverages


class CompileMethods:
    """What `compile` does for a model of players and named terms.

    Class attribute:
        named_settings: Dict from a name to a function that gives arguments of
            `compile`, such as those of a paper.
    """

    named_settings = {}

    @classmethod
    def settings(cls, name):
        """Arguments of `compile` under a name that the class tells.

        Args:
            name: String, such as `"paper"` of `AEGAN`.

        Returns:
            Dict of keyword arguments.

        Raises:
            ValueError: if there are no such settings.
        """
        if name not in cls.named_settings:
            raise ValueError(
                f"`name` must be one of {sorted(cls.named_settings)}, the "
                f"settings of {cls.__name__}. Received: name={name!r}"
            )
        return cls.named_settings[name]()

    def compile(
        self,
        optimizer=None,
        loss=None,
        loss_weights=None,
        metrics=None,
        update=None,
        turns=None,
        penalties=None,
        fresh_batches=False,
        average=None,
        run_eagerly=False,
        steps_per_execution=1,
        jit_compile="auto",
        auto_scale_loss=True,
    ):
        """Configure training. Without arguments, the model's defaults.

        Args:
            optimizer: One optimizer or its name, of which each player gets a
                copy, or a dict of them by player.
            loss: Dict from term to a loss: a Keras loss or its name; for an
                adversarial term an adversarial loss or its name, which sets
                both sides of the game.
            loss_weights: Dict from term to its weight: a non-negative float,
                a `keras.optimizers.schedules.LearningRateSchedule` of the
                step, or a `keras_aegan.penalties.GradientRatio`. A term of weight
                0 is switched off, and a player whose terms are all off does
                not move.
            metrics: List of Keras metrics, or their names, between `x` and
                `model(x)`.
            update: `"alternating"`: groups of players move one after the
                other; `"simultaneous"`: all at once; or a list of lists of
                players. `None` is the model's default.
            turns: Dict from player to the number of its turns in a step.
            penalties: Dict from a player who owns a discriminator to a list
                of penalties on it, such as `keras_aegan.penalties.R1(1.0)`;
                `HistoricalAverage` is for any player.
                `None` for the model's default, `{}` for none.
            fresh_batches: Boolean. Whether the turns of a step share its
                batch out among themselves, instead of all seeing all of it.
            average: Float in (0, 1), such as 0.999: the decay of a running
                average of the weights of encoder and generator, statistics of
                normalisation included, which `generate`, `reconstruct`,
                `predict` and validation then use. `None` for none.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`.
            jit_compile: As in `keras.Model.compile`. On PyTorch `"auto"`
                replays a recorded step and `True` compiles it by inductor.
            auto_scale_loss: Boolean. Whether float16 gets loss scaling, each
                player its own.

        Raises:
            ValueError: if a player or term is unknown, or a value is not of
                the kind above.
        """
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
        self.loss_terms = self._terms(loss, loss_weights)
        self.balances = GradientRatios(self.terms(), self.loss_terms).layers
        if penalties is None:
            penalties = self.default_penalties()
        self.penalties = penalties_for(list(self.players()), penalties)
        self.lazy = LazyPenalties(self.penalties, steps_per_execution)
        movers = self._movers()
        groups = groups_for(list(self.players()), update, self.default_groups())
        if turns is None:
            turns = self.default_turns()
        turns = turns_for(list(self.players()), turns)
        groups = [[p for p in group if p in movers] for group in groups]
        self._fresh_batches = fresh_batches
        self.user_metrics = [_step_metric(m) for m in metrics or []]
        self._start_averages(average)
        self.means = TermMeans(self._result_names(movers))
        self.game = Game(
            self, self.loss_terms, plan([g for g in groups if g], turns)
        )
        super().compile(
            optimizer=self._optimizers(optimizer, auto_scale_loss),
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=backend.prepare_steps(self, jit_compile),
            auto_scale_loss=False,
        )
        self.optimizer.build_for(self.game.owned)

    def _start_averages(self, decay):
        self._averaging = decay is not None
        if self._averaging:
            inferring = ("encoder", "generator", "mapping", "code_noise")
            networks = [getattr(self, n) for n in inferring if hasattr(self, n)]
            if not hasattr(self, "_averages"):
                self._averages = WeightAverages(networks)
            self._averages.start(decay)

    @property
    def averages(self):
        """The running `WeightAverages` of weights, or `None`."""
        averaging = getattr(self, "_averaging", False)
        return self._averages if averaging else None

    def _terms(self, loss, loss_weights):
        weights = {
            term: weight
            for terms in self.terms().values()
            for term, weight in terms.items()
        }
        terms = Terms(self.default_loss(), weights)
        terms.override(loss, loss_weights)
        return terms

    def _movers(self):
        movers = [
            player
            for player, terms in self.terms().items()
            if any(self.loss_terms.is_on(term) for term in terms)
        ]
        if not movers:
            raise ValueError(
                "`loss_weights` must leave at least one term above 0. "
                f"Received: {self.loss_terms.weights}"
            )
        return movers

    def _result_names(self, movers):
        names = []
        for player in movers:
            names.append(f"{player}_loss")
            names += filter(self.loss_terms.is_on, self.terms()[player])
            names += [
                weight_name(t)
                for t in self.terms()[player]
                if t in self.balances
            ]
            names += [
                f"{player}_{penalty.label}"
                for penalty in self.penalties.get(player, [])
            ]
        return names

    def _optimizers(self, optimizer, auto_scale_loss):
        optimizers = optimizers_for(
            list(self.players()), optimizer, self.default_optimizer()
        )
        networks = [n for group in self.players().values() for n in group]
        if auto_scale_loss and any(
            n.compute_dtype == "float16" for n in networks
        ):
            optimizers = with_loss_scales(optimizers)
        return optimizers

    def get_compile_config(self):
        if not self.compiled:
            return {}
        arguments = {"optimizer": self.optimizer, **self._compile_arguments}
        return keras.saving.serialize_keras_object(arguments)

    def compile_from_config(self, config):
        self.compile(**keras.saving.deserialize_keras_object(config))


def _step_metric(metric):
    """A metric that compares `x` and `model(x)` inside a compiled step."""
    metric = keras.metrics.get(metric)
    if hasattr(metric, "update_generated"):
        raise ValueError(
            "A metric of generated samples cannot run inside a compiled step. "
            "Give it to `keras_aegan.callbacks.GenerationMetrics`. "
            f"Received: {metric!r}"
        )
    return metric

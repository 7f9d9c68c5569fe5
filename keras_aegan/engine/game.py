"""One step of a game: who moves when, and what that changes."""

import functools

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend import replicas
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.engine.labels import real_samples
from keras_aegan.engine.log_names import LOSS
from keras_aegan.engine.log_names import loss_name
from keras_aegan.engine.log_names import penalty_name
from keras_aegan.engine.log_names import weight_name
from keras_aegan.engine.turn import Turn
from keras_aegan.engine.variable_values import Gate
from keras_aegan.layers.conditional import condition_scope

# Who owns the codes of data that a model keeps: no player.
_CODES = "codes"


class Game:
    """How the players of one model move, turn after turn.

    Args:
        rules: `Rules`, what `compile` settled.
        optimizer: `PlayerOptimizers`.
        model: `AdversarialModel`, for its `play` and `gates`, and for the
            non-trainable variables, which are the state of the game.
        stage: String, the stage of training that the game belongs to, or
            `None`.
    """

    def __init__(self, rules, optimizer, model, stage=None):
        self.rules = rules
        self.stage = stage
        self._optimizer = optimizer
        self._model = model
        self._call_context = _CallContext(
            dtype="float32", autocast=False, name="turn"
        )
        self.owned = owned_variables(rules.networks)
        self._state = list(model.non_trainable_variables)
        owner = {
            id(v): player
            for player, networks in rules.networks.items()
            for layer in (*networks, *rules.penalties.get(player, []))
            for v in layer.non_trainable_variables
        }
        # The weights of gradient ratios move when gradients are there, not
        # when losses are computed: what an evaluation leaves is not assigned.
        owner |= {id(x.state): x for x in rules.ratios.layers.values()}
        # Codes of data are kept by the first turn in which they are computed,
        # which need not be the last one.
        if model.code_prior is not None:
            owner |= {id(v): _CODES for v in model.code_prior.kept}
        self._owners = [owner.get(id(v)) for v in self._state]

    def turn(self, players, step, due=None, is_training=True):
        """A `Turn` by these rules."""
        return Turn(
            self.rules.terms,
            players,
            step,
            due,
            is_training,
            separate_calls=any(self.rules.penalties.values()),
            stage=self.stage,
        )

    def take_turns(self, parts, values, step, due=None):
        """Move every player as the plan says.

        Args:
            parts: Tuples of samples, labels and weights of samples, what each
                turn sees.
            values: `VariableValues` of the model, which follow the moves.
            step: Scalar, how many steps came before this one.
            due: See `Turn`.

        Returns:
            Dict from the names in the logs to scalars, and a boolean scalar,
            whether all moves count: one that float16 let overflow does not.
            It is `None` where no player has a loss scale.
        """
        results, counted, takes_codes = {}, [], True
        for (players, keeps_noise), batch in zip(self.rules.plan, parts):
            turn = self.turn(players, step, due)
            turn.takes_codes = takes_codes
            own, counts = self._take_turn(turn, batch, values, keeps_noise)
            takes_codes = takes_codes and not turn.has_codes
            results |= own
            counted.append(counts)
        results[LOSS] = self.rules.terms.loss(results, step)
        return results, _all(counted)

    def _take_turn(self, turn, batch, values, keeps_noise):
        """Gradients of each mover's loss, moves, and state that changed."""
        separate = self.rules.ratios.separate(turn.players)
        owners = {player: self.owned[player] for player in turn.players}
        # Gradients only: nothing is assigned until all of them are there, so
        # that players who move at once see each other's old weights.
        results, gradients, new_state = backend.gradients(
            self.losses(turn, *batch),
            owners | {name: owners[p] for name, (p, _) in separate.items()},
            values.pairs(),
            self._state,
        )
        counts = self._counts(turn, separate, gradients)
        counts_of_all = _all(counts.values())
        with Gate(counts_of_all, self.rules.ratios.states(turn.players)):
            self.rules.ratios.combine(turn.players, results, gradients)
        with turn.scope():
            gates = self._model.gates(results)
        for player in turn.players:
            # A player's turn also changes the state of its networks, such as
            # moving averages; that of others stays as it was.
            changes = self._changes_of(player, new_state)
            inner = self._optimizer.of(player).variables
            changed = [v for v, _ in changes]
            touched = [*owners[player], *inner, *changed]
            with Gate(gates.get(player), touched):
                self._optimizer.apply(gradients[player], player)
                with Gate(counts[player], changed):
                    _assign(changes)
            values.refresh(owners[player])
            values.refresh(changed)
        # What nobody owns: the model's own variables, and random streams,
        # which stand still where the next turn shall see the same noise.
        changes = [] if keeps_noise else self._changes_of(None, new_state)
        if turn.has_codes:
            changes += self._changes_of(_CODES, new_state)
        changed = [v for v, _ in changes]
        with Gate(counts_of_all, changed):
            _assign(changes)
        values.refresh(changed)
        return results, counts_of_all

    def _counts(self, turn, separate, gradients):
        """Dict from player to whether its move counts, or `None`.

        A `LossScaleOptimizer` skips a move whose scaled gradients overflow
        float16. Statistics of such an evaluation must not be kept either:
        infinite ones would stay for good.
        """
        counts = {}
        for player in turn.players:
            optimizer = self._optimizer.of(player)
            counts[player] = None
            if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
                own = [name for name, (p, _) in separate.items() if p == player]
                counts[player] = optimizer.check_finite(
                    [g for name in (player, *own) for g in gradients[name]]
                )
        return counts

    def evaluate(self, batch, values, step):
        """All terms and penalties on one batch; nobody moves."""
        turn = self.turn(self.rules.players(), step, is_training=False)
        _, (results, _) = evaluate(
            self.losses(turn, *batch), values.pairs(), []
        )
        results = replicas.averaged(results)
        results[LOSS] = self.rules.terms.loss(results, step)
        return results

    def losses(self, turn, x, y, sample_weight=None):
        """A function that computes the losses of those who move.

        It returns a dict from player (and from each term that is kept
        separate) to a loss, scaled for float16, and a dict from the names in
        the logs to scalars. It may be called several times, such as once for
        each gradient.
        """
        scales = {p: self._optimizer.scale_loss(1.0, p) for p in turn.players}
        separate = self.rules.ratios.separate(
            turn.players if turn.is_training else []
        )
        real, labels = real_samples(self._model, x, y)
        turn.noisy = None if real is x else x
        turn.sample_weight = sample_weight

        def compute():
            turn.discriminations.clear()
            with (
                turn.scope(),
                condition_scope(labels),
                replicas.rows_of(real),
            ):
                played = self._model.play(real, labels)
                signals = played.pop("signals", {})
                self._check_terms(played)
                results = {k: _value(v) for k, v in signals.items()}
                losses = {}
                # Terms of others are not computed: `play` returns functions
                # for those that take a network's call.
                for player in turn.players:
                    total, own = self._total(turn, player, played, separate)
                    results |= own
                    losses[player] = total * scales[player]
            for name, (player, term) in separate.items():
                losses[name] = results[term] * scales[player]
            return losses, results

        return lambda: self._call_context(
            function=compute, training=turn.is_training
        )

    def _total(self, turn, player, played, separate):
        """What a player minimises, and the values that it is the sum of."""
        terms, ratios = self.rules.terms, self.rules.ratios.layers
        total = _regularization(self.rules.networks[player])
        results = {}
        for term in terms.of(player):
            results[term] = ops.cast(_value(played[term]), "float32")
            if term in ratios:
                results[weight_name(term)] = turn.weights[term]
            if (player, term) not in separate.values():
                total = total + turn.weights[term] * results[term]
        for penalty in self.rules.penalties.get(player, []):
            value = self._penalty(turn, player, penalty)
            results[penalty_name(player, penalty)] = value
            total = total + value
        results[loss_name(player)] = total
        return total, results

    def _penalty(self, turn, player, penalty):
        """A penalty on a player's discriminations; 0 if it is not due."""
        multiplier = penalty.multiplier(turn.due)
        if not multiplier:
            return ops.zeros(())
        # A player has penalties on every discrimination in which one of its
        # networks takes part, also as an inner layer.
        own = {id(network) for network in self.rules.networks[player]}
        return multiplier * penalty(
            discriminations=[
                each for each in turn.discriminations if each.uses(own)
            ],
            variables=self.owned[player],
            step=turn.step,
        )

    def _changes_of(self, owner, new_state):
        triples = zip(self._state, new_state, self._owners)
        return [(v, value) for v, value, who in triples if who == owner]

    def _check_terms(self, played):
        expected = set(self.rules.terms.weights)
        if expected != set(played):
            raise ValueError(
                "`play` must return the terms that `terms` lists: "
                f"{sorted(expected)}. Received: {sorted(played)}"
            )


class _CallContext(keras.layers.Layer):
    """Calls a function as a layer is called.

    The networks inside learn from Keras' call context whether they train, so
    `play` need not pass `training` in every line. Where it does, that holds
    for that call alone.
    """

    def call(self, function, training=None):
        with backend.training_by_call(training):
            return function()


def owned_variables(networks):
    """Dict from player to the trainable variables of its networks, unique."""
    return {
        player: list(
            {id(v): v for n in own for v in n.trainable_variables}.values()
        )
        for player, own in networks.items()
    }


def _all(counts):
    """Whether all moves count; `None`, of a move that always does, is yes."""
    counts = [is_counted for is_counted in counts if is_counted is not None]
    return functools.reduce(ops.logical_and, counts) if counts else None


def _assign(changes):
    for variable, value in changes:
        variable.assign(value)


def _regularization(networks):
    """The networks' own penalties: regularisers and `add_loss`."""
    own = [loss for network in networks for loss in network.losses]
    return sum((ops.cast(loss, "float32") for loss in own), 0.0)


def _value(value):
    return value() if callable(value) else value

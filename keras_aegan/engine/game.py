"""One step of a game: who moves when, and what that changes."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.backend.evaluation import evaluate
from keras_aegan.engine.balances import GradientRatios
from keras_aegan.engine.balances import weight_name
from keras_aegan.engine.gate import Gate
from keras_aegan.layers.conditional import condition_scope
from keras_aegan.random import RandomGenerator

# Evaluation draws from the streams of another key than training.
_EVALUATION_KEY = 0x5EED
_DRAWS_PER_SAMPLE = 1024


class _Round(keras.layers.Layer):
    """Calls a function as a layer is called.

    The networks that it calls learn from Keras' call context whether they
    train, so a model's `play` need not say it in every line.
    """

    def call(self, function, training=None):
        return function()


class Game:
    """The training and test step of one compiled model.

    Args:
        model: An `AdversarialModel`.
        terms: Its `Terms`.
        plan: List of turns, from `turns.plan`.
    """

    def __init__(self, model, terms, plan):
        self.model = model
        self.terms = terms
        self.plan = plan
        self.balances = GradientRatios(model.terms(), terms)
        self._round = _Round(dtype="float32", autocast=False, name="round")
        self.networks = model.players()
        self.owned = {
            player: _unique(n.trainable_variables for n in networks)
            for player, networks in self.networks.items()
        }
        for player, given in model.penalties.items():
            for penalty in given:
                penalty.build_for(self.owned[player])
        # Those of the evaluation that goes on, for penalties, and its step.
        self.discriminations = []
        self.step = 0
        self._due = None
        self._state = list(model.non_trainable_variables)
        owner = {
            id(v): player
            for player, networks in self.networks.items()
            for n in (*networks, *model.penalties.get(player, []))
            for v in n.non_trainable_variables
        }
        # They move when gradients are there, not when losses are computed.
        owner |= {id(x.state): x for x in self.balances.layers.values()}
        self._owners = [owner.get(id(v)) for v in self._state]

    def train(self, data, due=None):
        """Move every player; return the logs. `due`: see `Penalty.multiplier`."""
        model, self._due = self.model, due
        x, y = model.unpack(data)
        values = _Values(model)
        predictions = self._predictions(x, y, values)
        parts = model.split_batch(x, y, len(self.plan))
        results = {}
        for (movers, share_noise), (x_part, y_part) in zip(self.plan, parts):
            results.update(
                self._take_turn(movers, share_noise, x_part, y_part, values)
            )
        if model.averages is not None:
            model.averages.update(self._clock(training=True))
        model.optimizer.finish_step()
        return self._logs(results, x, predictions)

    def test(self, data):
        """Evaluate every term; return the logs. Nothing else changes."""
        model, self._due = self.model, None
        x, y = model.unpack(data)
        values = _Values(model)
        # Another batch gets other noise, another evaluation the same.
        position = ops.cast(model.means.samples, "int32") * _DRAWS_PER_SAMPLE
        for layer in backend.sublayers(model):
            if isinstance(layer, RandomGenerator):
                first, second, _ = ops.unstack(values[layer.state], 3)
                second = ops.bitwise_xor(second, _EVALUATION_KEY)
                values[layer.state] = ops.stack([first, second, position])
        if model.averages is not None:
            for v, average in model.averages.pairs():
                values[v] = ops.cast(values[average], v.dtype)
        function = self._losses(list(self.plan_players()), x, y, False)
        _, (results, _) = evaluate(function, values.pairs(), [])
        predictions = self._predictions(x, y, values, training=False)
        return self._logs(results, x, predictions)

    def plan_players(self):
        """Names of the players that move at all."""
        return dict.fromkeys(p for movers, _ in self.plan for p in movers)

    def _take_turn(self, movers, share_noise, x, y, values):
        optimizer = self.model.optimizer
        owners = {player: self.owned[player] for player in movers}
        apart = self.balances.apart(movers)
        results, gradients, new_state = backend.gradients(
            self._losses(movers, x, y, True),
            owners | {name: owners[p] for name, (p, _) in apart.items()},
            values.pairs(),
            self._state,
        )
        self.balances.join(movers, results, gradients)
        gates = self.model.gates(results)
        for player in movers:
            state = [
                (v, value)
                for v, value, owner in zip(self._state, new_state, self._owners)
                if owner == player
            ]
            with Gate(gates.get(player), self._touched(player, state)):
                optimizer.apply(gradients[player], player)
                _assign(state)
            values.refresh(owners[player])
            values.refresh(v for v, _ in state)
        if not share_noise:
            free = [
                (v, value)
                for v, value, owner in zip(self._state, new_state, self._owners)
                if owner is None
            ]
            _assign(free)
            values.refresh(v for v, _ in free)
        return results

    def _touched(self, player, state):
        inner = self.model.optimizer.of(player).variables
        return [*self.owned[player], *inner, *(v for v, _ in state)]

    def _losses(self, movers, x, y, training):
        """A function that gives the movers' scaled losses and all results."""
        model = self.model
        self.step = self._clock(training)
        weights = {
            term: self.terms.weight(term, self.step)
            for term in self.terms.weights
        }
        scales = {p: model.optimizer.scale_loss(1.0, p) for p in movers}
        apart = self.balances.apart(movers if training else [])

        def function():
            self.discriminations.clear()
            played = model.play(x, y)
            signals, terms = played.pop("signals", {}), model.terms()
            _check_terms(model, terms, played)
            losses, results = {}, {k: _value(v) for k, v in signals.items()}
            for player in movers:
                total = _regularization(self.networks[player])
                for term in filter(self.terms.is_on, terms[player]):
                    value = _value(played[term])
                    results[term] = ops.cast(value, "float32")
                    if term in self.balances.layers:
                        results[weight_name(term)] = weights[term]
                    if (player, term) not in apart.values():
                        total = total + weights[term] * results[term]
                for name, value in self._penalties(player):
                    results[name] = value
                    total = total + value
                results[f"{player}_loss"] = total
                losses[player] = total * scales[player]
            for name, (player, term) in apart.items():
                losses[name] = results[term] * scales[player]
            return losses, results

        def conditioned_function():
            with condition_scope(y):
                return function()

        return lambda: self._round(
            function=conditioned_function, training=training
        )

    def _clock(self, training):
        """How many steps came before this one."""
        model = self.model
        return backend.read(
            model.optimizer.iterations if training else model.means.step
        )

    def _penalties(self, player):
        """Names and values of a player's penalties, over all its discriminations."""
        penalties = self.model.penalties.get(player, [])
        if not penalties:
            return
        own = {id(network) for network in self.networks[player]}
        discriminations = [
            discrimination
            for discrimination in self.discriminations
            if any(
                id(layer) in own
                for network in discrimination.networks
                for layer in backend.sublayers(network)
            )
        ]
        for penalty in penalties:
            value = ops.zeros(())
            times = penalty.multiplier(self._due)
            if times:
                value = times * penalty(
                    discriminations=discriminations,
                    variables=self.owned[player],
                    step=self.step,
                )
            yield f"{player}_{penalty.label}", value

    def _predictions(self, x, y, values, training=True):
        """What user's metrics see; equal passes of the step are merged."""
        if not self.model.user_metrics:
            return None

        def function():
            with condition_scope(y):
                return {}, self.model(x, training=training)

        return evaluate(function, values.pairs(), [])[1][0]

    def _logs(self, results, x, predictions):
        model = self.model
        model.means.update_state(results, ops.shape(x)[0])
        logs = dict(model.means.result())
        for metric in model.user_metrics:
            metric.update_state(x, predictions)
            logs[metric.name] = metric.result()
        return logs


class _Values:
    """The current values of a model's variables, each read once.

    A turn that does not change a variable leaves the tensor in place, so the
    next turn computes on the very same tensor, and compilers see that what
    both compute is one thing.
    """

    def __init__(self, model):
        self._pairs = {}
        self.refresh(model.trainable_variables)
        self.refresh(model.non_trainable_variables)

    def refresh(self, variables):
        for v in variables:
            self._pairs[id(v)] = (v, backend.read(v))

    def pairs(self):
        return list(self._pairs.values())

    def __getitem__(self, variable):
        return self._pairs[id(variable)][1]

    def __setitem__(self, variable, value):
        self._pairs[id(variable)] = (variable, value)


def _assign(pairs):
    for variable, value in pairs:
        variable.assign(value)


def _unique(groups):
    return list({id(v): v for group in groups for v in group}.values())


def _regularization(networks):
    """The networks' own penalties: regularisers and `add_loss`."""
    own = [loss for network in networks for loss in network.losses]
    return sum((ops.cast(loss, "float32") for loss in own), 0.0)


def _value(value):
    return value() if callable(value) else value


def _check_terms(model, terms, played):
    expected = {term for own in terms.values() for term in own}
    if expected != set(played):
        raise ValueError(
            f"`play` of {type(model).__name__} must return the terms that "
            f"`terms` lists: {sorted(expected)}. Received: {sorted(played)}"
        )

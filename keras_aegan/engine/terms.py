"""Terms of losses: their kinds, functions, weights, gradient ratios, means."""

import copy

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan import validation
from keras_aegan.engine.log_names import LOSS
from keras_aegan.engine.log_names import loss_name
from keras_aegan.engine.log_names import weight_name
from keras_aegan.penalties import GradientRatio

_Schedule = keras.optimizers.schedules.LearningRateSchedule

# === What a term is, by its name ===


def is_adversarial(term):
    """Whether a term is the generator's side of an adversarial loss."""
    return term.split("_")[-1] == "adversarial"


def is_discrimination(term):
    """Whether a term is the discriminator's side of an adversarial loss."""
    return term.split("_")[-1] == "discrimination"


def is_reconstruction(term):
    """Whether a term compares something with its reconstruction."""
    return term.split("_")[-1] in ("reconstruction", "features")


def discrimination_of(term):
    """The name of the other side of an adversarial term."""
    return term.removesuffix("adversarial") + "discrimination"


# === Functions and weights ===


class Terms:
    """The terms that each player minimises, their functions and weights.

    Args:
        by_player: Dict from player to a dict of its terms and their default
            weights: a float, a `keras.optimizers.schedules.
            LearningRateSchedule` of the step, or a `GradientRatio`.
        functions: Dict from term to its default: an `AdversarialLoss` or its
            name for the generator's side of an adversarial loss, whose
            function serves both sides; a Keras loss or its name for others.
            Terms that have none compute themselves.
        loss: Dict as `functions`, which replaces some of them, or `None`.
        loss_weights: Dict from term to a weight, which replaces some of the
            defaults, or `None`.

    Raises:
        ValueError: if a dict names an unknown term, or a value is not of the
            kind above.
    """

    def __init__(self, by_player, functions, loss=None, loss_weights=None):
        self.by_player = {
            player: list(terms) for player, terms in by_player.items()
        }
        self.weights = {
            term: _check_weight(term, weight)
            for terms in by_player.values()
            for term, weight in terms.items()
        }
        loss = _check_dict("loss", loss, functions)
        loss_weights = _check_dict("loss_weights", loss_weights, self.weights)
        self.functions = {
            term: _function(term, value)
            for term, value in {**functions, **loss}.items()
        }
        for term, weight in loss_weights.items():
            self.weights[term] = _check_weight(term, weight)

    def among(self, loss_weights):
        """The checked weights in place of those that `compile` was given."""
        return loss_weights and {t: self.weights[t] for t in loss_weights}

    def only(self, by_player):
        """A copy in which all but some players' terms are switched off."""
        kept = {term for terms in by_player.values() for term in terms}
        part = copy.copy(self)
        part.weights = {
            term: weight if term in kept else 0.0
            for term, weight in self.weights.items()
        }
        return part

    def is_on(self, term):
        """Whether a term counts: one of weight 0 is not even computed."""
        weight = self.weights[term]
        return not (isinstance(weight, float) and weight == 0)

    def of(self, player):
        """Names of a player's terms that count."""
        return [term for term in self.by_player[player] if self.is_on(term)]

    def moving_players(self):
        """Names of the players of whom at least one term counts."""
        return [player for player in self.by_player if self.of(player)]

    def weight(self, term, step):
        """The weight of a term at a step, a float or a scalar tensor."""
        weight = self.weights[term]
        if isinstance(weight, GradientRatio):
            return weight.weight()
        if isinstance(weight, _Schedule):
            return ops.cast(weight(step), "float32")
        return weight

    def loss(self, results, step):
        """The one `loss` of a model, a scalar: less is better.

        If a term compares something with its reconstruction: the weighted sum
        of all terms outside of the adversarial game. Otherwise, since in a
        game nobody's loss says how good a model is: the sum of the players'.
        It is not finite as soon as one player's loss is not.

        Args:
            results: Dict from the names in the logs to scalars.
            step: Scalar, how many steps came before this one.
        """
        total = sum(results[loss_name(p)] for p in self.moving_players())
        own = [
            term
            for term in filter(self.is_on, self.weights)
            if not is_adversarial(term) and not is_discrimination(term)
        ]
        if not any(is_reconstruction(term) for term in own):
            return total
        loss = sum(
            results.get(weight_name(term), self.weight(term, step))
            * results[term]
            for term in own
        )
        return ops.where(ops.isfinite(total), loss, total)


def _check_dict(argument, value, known):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(
            f"`{argument}` must be a dict from the name of a term to its "
            f"value. Received: {argument}={value!r}"
        )
    validation.check_known(argument, value, known, "terms")
    return value


def _function(term, value):
    return (
        losses.get(value) if is_adversarial(term) else keras.losses.get(value)
    )


def _check_weight(term, value):
    if isinstance(value, (_Schedule, GradientRatio)):
        return value
    try:
        return validation.check_number(term, value, 0)
    except ValueError:
        raise ValueError(
            f"The weight of {term!r} must be a finite, non-negative number, a "
            "`keras.optimizers.schedules.LearningRateSchedule` or a "
            f"`keras_aegan.penalties.GradientRatio`. Received: {value!r}"
        ) from None


# === Weights that follow gradients ===


class GradientRatios:
    """Which terms of which players are weighed by a `GradientRatio`.

    The weight follows from the gradient of the term alone and from that of
    the rest. So in training such a term is a loss of its own, whose gradient
    is computed separately and then combined with that of the rest.

    Args:
        terms: `Terms`.

    Raises:
        ValueError: if nothing is left that a term could be weighed against,
            or two terms share one `GradientRatio`.
    """

    def __init__(self, terms):
        self._by_player = {}
        for player in terms.by_player:
            on = terms.of(player)
            own = {
                term: terms.weights[term]
                for term in on
                if isinstance(terms.weights[term], GradientRatio)
            }
            if own and len(own) == len(on):
                raise ValueError(
                    f"A `GradientRatio` weighs a term of {player!r} against "
                    "its other terms, of which at least one must have a "
                    f"weight of another kind. Received: {list(own)}"
                )
            self._by_player[player] = own
        if len({id(x) for x in self.layers.values()}) < len(self.layers):
            raise ValueError(
                "Each term needs a `GradientRatio` of its own. "
                f"Received: one for several of {sorted(self.layers)}"
            )

    @property
    def layers(self):
        """Dict from term to its `GradientRatio`."""
        return {
            term: layer
            for own in self._by_player.values()
            for term, layer in own.items()
        }

    def states(self, players):
        """The variables of these players' ratios, a list."""
        return [x.state for p in players for x in self._by_player[p].values()]

    def separate(self, players):
        """Dict from the name of a term's own loss to its player and term."""
        return {
            f"{player}/{term}": (player, term)
            for player in players
            for term in self._by_player[player]
        }

    def combine(self, players, results, gradients):
        """Add the separate losses and gradients to their players', in place.

        Args:
            players: Names of the players that move.
            results: Dict from the names in the logs to scalars.
            gradients: Dict from players and separate losses to gradients.
        """
        rest = dict(gradients)
        for name, (player, term) in self.separate(players).items():
            own = gradients.pop(name)
            # Against the rest alone: other separate terms do not count.
            weight = self.layers[term].move(rest[player], own)
            gradients[player] = [
                a + weight * b for a, b in zip(gradients[player], own)
            ]
            total = loss_name(player)
            results[total] = results[total] + weight * results[term]
            results[weight_name(term)] = weight


# === The logs ===


class TermMeans(keras.metrics.Metric):
    """Means over samples of several named scalars, in one vector.

    One variable for all of them costs a step two small operations, instead of
    four for each name.

    Args:
        names: Names of the scalars, in order.
    """

    def __init__(self, names, name=LOSS):
        # Of several numbers Keras puts first the one that has this name.
        super().__init__(name=name, dtype="float32")
        self.names = list(names)
        self.totals = self.add_variable(
            (len(self.names),), "zeros", name="totals"
        )
        self.samples = self.add_variable((), "zeros", name="samples")
        # The number of training steps, which schedules need in evaluation: a
        # test step does not see the optimizer.
        self.step = self.add_variable((), "zeros", dtype="int32", name="step")

    def reset_state(self):
        for variable in (self.totals, self.samples):
            variable.assign(ops.zeros(variable.shape))

    def update_state(self, values, sample_weight):
        """Add scalars, a dict by name, that are means over `sample_weight`."""
        vector = ops.stack([ops.cast(values[n], "float32") for n in self.names])
        count = ops.cast(sample_weight, "float32")
        self.totals.assign_add(vector * count)
        self.samples.assign_add(count)

    def result(self):
        """Dict of means by name; 0 before the first sample."""
        means = self.totals / ops.maximum(self.samples, 1.0)
        return {name: means[i] for i, name in enumerate(self.names)}

"""What `compile` settles: the rules of a model's game."""

import dataclasses

from keras_aegan import validation
from keras_aegan.engine.log_names import LOSS
from keras_aegan.engine.log_names import loss_name
from keras_aegan.engine.log_names import penalty_name
from keras_aegan.engine.log_names import weight_name
from keras_aegan.engine.terms import GradientRatios
from keras_aegan.engine.terms import Terms
from keras_aegan.penalties import Penalty


@dataclasses.dataclass(frozen=True)
class Rules:
    """Who plays for what, and in which order.

    Attributes:
        networks: Dict from player to the list of its networks.
        terms: `Terms`.
        ratios: `GradientRatios`, the terms whose weights follow gradients.
        penalties: Dict from player to the list of its penalties.
        plan: List of turns, see `plan_turns`.
    """

    networks: dict
    terms: Terms
    ratios: GradientRatios
    penalties: dict
    plan: list

    def only(self, by_player):
        """These rules for some players and terms, such as those of a stage.

        Args:
            by_player: Dict from player to a dict of its terms.
        """
        terms = self.terms.only(by_player)
        movers = [player for player in by_player if terms.of(player)]
        plan = [
            ([player for player in group if player in movers], keeps_noise)
            for group, keeps_noise in self.plan
        ]
        plan = [turn for turn in plan if turn[0]]
        return dataclasses.replace(
            self, terms=terms, plan=_end_with_new_noise(plan)
        )

    def players(self):
        """Names of the players that move at all, in the order of the plan."""
        return list(dict.fromkeys(p for group, _ in self.plan for p in group))

    def names_in_logs(self):
        """Names of all scalars that a step results in, in the logs' order."""
        names = [LOSS]
        for player in self.terms.moving_players():
            names.append(loss_name(player))
            names += self.terms.of(player)
            names += [
                weight_name(term)
                for term in self.terms.by_player[player]
                if term in self.ratios.layers
            ]
            names += [
                penalty_name(player, penalty)
                for penalty in self.penalties.get(player, [])
            ]
        return names


def settle(
    networks,
    terms,
    defaults,
    loss=None,
    loss_weights=None,
    update=None,
    turns=None,
    penalties=None,
):
    """The `Rules` that arguments of `compile` make of a model's defaults.

    Args:
        networks: Dict from player to its networks: `model.players()`.
        terms: Dict from player to its terms: `model.terms()`.
        defaults: Dict of arguments of `compile`: `model.default_settings()`.
        loss, loss_weights, update, turns, penalties: As of `compile`.

    Raises:
        ValueError: if a player or term is unknown, or a value is not of the
            kind that `compile` takes.
    """
    # First the terms: a player whose terms are all switched off is left out
    # of everything that follows.
    players = list(networks)
    terms = Terms(terms, defaults.get("loss", {}), loss, loss_weights)
    movers = terms.moving_players()
    if not movers:
        raise ValueError(
            "`loss_weights` must leave at least one term above 0. "
            f"Received: {terms.weights}"
        )
    penalties = defaults.get("penalties") if penalties is None else penalties
    turns = defaults.get("turns") if turns is None else turns
    groups = groups_for(players, update, defaults.get("update"))
    groups = [[p for p in group if p in movers] for group in groups]
    return Rules(
        networks=networks,
        terms=terms,
        ratios=GradientRatios(terms),
        penalties=check_penalties(players, penalties),
        plan=plan_turns(
            [group for group in groups if group], check_turns(players, turns)
        ),
    )


def check_running(
    defaults,
    average,
    fresh_batches,
    run_eagerly,
    steps_per_execution,
    jit_compile,
    auto_scale_loss,
):
    """Arguments of `compile` that say how to run, a dict of plain values.

    Args:
        defaults: As of `settle`.
        average, fresh_batches, run_eagerly, steps_per_execution, jit_compile,
            auto_scale_loss: As of `compile`.

    Raises:
        ValueError: if one is not of the kind that `compile` takes.
    """
    if average is None:
        average = defaults.get("average", 0.0)
    if fresh_batches is None:
        fresh_batches = defaults.get("fresh_batches", False)
    flags = {
        "fresh_batches": fresh_batches,
        "run_eagerly": run_eagerly,
        "auto_scale_loss": auto_scale_loss,
    }
    if jit_compile is not None and jit_compile != "auto":
        jit_compile = validation.check_boolean("jit_compile", jit_compile)
    return {
        "average": validation.check_number(
            "average", average, 0, 1, open_ends="upper"
        ),
        "steps_per_execution": validation.check_integer(
            "steps_per_execution", steps_per_execution
        ),
        "jit_compile": jit_compile,
        **{k: validation.check_boolean(k, v) for k, v in flags.items()},
    }


# === The order of moves ===


def plan_turns(groups, turns):
    """The turns of one step.

    Players of one group move at once, groups one after the other. In a group
    whose players take different numbers of turns, those with fewer join the
    last ones.

    Args:
        groups: Sequence of sequences of names of players.
        turns: Dict from the name of a player to its turns in a step.

    Returns:
        List of pairs: the names of the players that move, and whether the
        next turn shall see the same noise (it belongs to another group, so
        what both turns compute is computed once).

    Example:

    >>> plan_turns([["critic"], ["generator"]], {"critic": 2, "generator": 1})
    [(['critic'], False), (['critic'], True), (['generator'], False)]
    """
    plan = []
    for group in groups:
        rounds = max(turns[player] for player in group)
        for left in range(rounds, 0, -1):
            movers = [player for player in group if turns[player] >= left]
            plan.append((movers, left == 1))
    return _end_with_new_noise(plan)


def _end_with_new_noise(plan):
    """The same plan, whose last turn lets the next step see other noise."""
    return [*plan[:-1], *((group, False) for group, _ in plan[-1:])]


def groups_for(players, update, default=None):
    """The groups that `compile(update=...)` asks for.

    Args:
        players: Names of the players.
        update: `"simultaneous"`, `"alternating"`, a list of lists of names,
            or `None` for the default.
        default: What `update` is if it is `None`. Its groups are also what
            `"alternating"` means, if there are several of them; otherwise
            each player is a group.

    Raises:
        ValueError: if `update` is something else, or does not name each
            player once.
    """
    each = [[player] for player in players]
    # `None` is what the model does by default, in either form.
    if update is None:
        update = "alternating" if default is None else default
    if update == "simultaneous":
        return [list(players)]
    if update == "alternating":
        is_order = isinstance(default, list) and len(default) > 1
        return [list(group) for group in default] if is_order else each
    if isinstance(update, (list, tuple)) and all(
        isinstance(group, (list, tuple)) for group in update
    ):
        named = [player for group in update for player in group]
        if sorted(named) == sorted(players):
            return [list(group) for group in update if group]
    raise ValueError(
        "`update` must be 'simultaneous', 'alternating' or a list of lists "
        f"that names each of {list(players)} once. Received: update={update!r}"
    )


def check_turns(players, turns):
    """Dict from each player to its number of turns in a step.

    Raises:
        ValueError: if a player is unknown or a number not a positive integer.
    """
    turns = turns or {}
    validation.check_known("turns", turns, players, "players")
    return {
        player: validation.check_integer(f"turns[{player!r}]", turns[player])
        if player in turns
        else 1
        for player in players
    }


# === Penalties ===


def check_penalties(players, penalties):
    """Penalties as a dict from player to a list of them.

    Args:
        players: Names of the players.
        penalties: `None`, or a dict from player to a `Penalty` or a list of
            penalties of different kinds.

    Raises:
        ValueError: if a player is unknown, something is not a `Penalty`, or a
            player has two of a kind, which would share a name in the logs.
    """
    penalties = penalties or {}
    validation.check_known("penalties", penalties, players, "players")
    result = {}
    for player, given in penalties.items():
        given = list(given) if isinstance(given, (list, tuple)) else [given]
        labels = [getattr(penalty, "label", None) for penalty in given]
        are_penalties = all(isinstance(penalty, Penalty) for penalty in given)
        if not are_penalties or len(set(labels)) < len(labels):
            raise ValueError(
                f"The penalties of {player!r} must be different kinds of "
                f"`keras_aegan.penalties.Penalty`. Received: {given}"
            )
        result[player] = given
    return result

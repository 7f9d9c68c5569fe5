"""The order in which players move."""


def plan(groups, turns):
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

    >>> plan([["critic"], ["generator"]], {"critic": 2, "generator": 1})
    [(['critic'], False), (['critic'], True), (['generator'], False)]
    """
    result = []
    for group in groups:
        rounds = max(turns[player] for player in group)
        for left in range(rounds, 0, -1):
            movers = [player for player in group if turns[player] >= left]
            result.append((movers, left == 1))
    result[-1] = (result[-1][0], False)
    return result


def groups_for(players, update, default):
    """The groups that `compile(update=...)` asks for.

    Args:
        players: Names of all players.
        update: `"simultaneous"`, `"alternating"`, a list of lists of names,
            or `None` for the model's default.
        default: The model's groups when it alternates.

    Raises:
        ValueError: if `update` is something else, or does not name each
            player once.
    """
    if update == "simultaneous":
        return [list(players)]
    if update is None or update == "alternating":
        return [list(group) for group in default]
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


def turns_for(players, turns):
    """The number of turns of each player in a step.

    Raises:
        ValueError: if a player is unknown or a number not a positive integer.
    """
    turns = turns or {}
    unknown = sorted(set(turns) - set(players))
    if unknown:
        raise ValueError(
            "`turns` names players that this model does not have. Expected "
            f"some of {list(players)}. Received: {unknown}"
        )
    for player, number in turns.items():
        if not isinstance(number, int) or number < 1:
            raise ValueError(
                f"The turns of {player!r} must be a positive integer. "
                f"Received: {number!r}"
            )
    return {player: turns.get(player, 1) for player in players}

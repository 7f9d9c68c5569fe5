"""The penalties that `compile` is given, by player."""

from keras_aegan.penalties import Penalty


def penalties_for(players, penalties):
    """Penalties as a dict from player to a list of them.

    Args:
        players: Names of all players.
        penalties: `None`, or a dict from player to a `Penalty` or a list of
            penalties of different kinds.

    Raises:
        ValueError: if a player is unknown, something is not a `Penalty`, or a
            player has two of a kind.
    """
    result = {}
    for player, given in (penalties or {}).items():
        if player not in players:
            raise ValueError(
                "`penalties` names players that this model does not have. "
                f"Expected some of {players}. Received: {player!r}"
            )
        given = list(given) if isinstance(given, (list, tuple)) else [given]
        labels = [getattr(penalty, "label", None) for penalty in given]
        kinds = all(isinstance(penalty, Penalty) for penalty in given)
        if not kinds or len(set(labels)) < len(labels):
            raise ValueError(
                f"The penalties of {player!r} must be different kinds of "
                f"`keras_aegan.penalties.Penalty`. Received: {given}"
            )
        result[player] = given
    return result

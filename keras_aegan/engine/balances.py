"""Terms that are weighed by their gradients."""

from keras_aegan.penalties import GradientRatio


class GradientRatios:
    """Which terms of which players are weighed by a `GradientRatio`.

    In training such a term is a loss of its own, of which the player's
    gradient is taken apart, and joined to that of the rest.

    Args:
        players: Dict from player to its terms.
        terms: The `Terms`.

    Raises:
        ValueError: if nothing is left that a term could be weighed against,
            or two terms have one `GradientRatio`.
    """

    def __init__(self, players, terms):
        self._by_player = {}
        for player, names in players.items():
            on = [term for term in names if terms.is_on(term)]
            own = [t for t in on if isinstance(terms.weights[t], GradientRatio)]
            if own and len(own) == len(on):
                raise ValueError(
                    f"A `GradientRatio` weighs a term of {player!r} against "
                    "its other terms, of which at least one must have a "
                    f"weight of another kind. Received: {own}"
                )
            self._by_player[player] = {t: terms.weights[t] for t in own}
        if len({id(x) for x in self.layers.values()}) < len(self.layers):
            raise ValueError(
                "Each term needs a `GradientRatio` of its own. "
                f"Received: one for several of {sorted(self.layers)}"
            )

    @property
    def layers(self):
        """Dict from term to its `GradientRatio`."""
        return {
            t: x for own in self._by_player.values() for t, x in own.items()
        }

    def apart(self, players):
        """Dict from the name of a term's own loss to its player and term."""
        return {
            f"{player}/{term}": (player, term)
            for player in players
            for term in self._by_player[player]
        }

    def join(self, players, results, gradients):
        """Weigh what was kept apart, in both dicts."""
        rest = dict(gradients)
        for name, (player, term) in self.apart(players).items():
            own = gradients.pop(name)
            weight = self.layers[term].move(rest[player], own)
            gradients[player] = [
                a + weight * b for a, b in zip(gradients[player], own)
            ]
            total = f"{player}_loss"
            results[total] = results[total] + weight * results[term]
            results[weight_name(term)] = weight


def weight_name(term):
    """What the logs call the weight of a term."""
    return f"{term}_weight"

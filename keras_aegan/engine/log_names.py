"""Names in the logs: made here, and read here.

Terms appear under their own names. What belongs to a player begins with the
name of the player, which may itself have underscores.
"""

# What Keras' callbacks look for.
LOSS = "loss"
_WEIGHT = "weight"
# What diagnostics measure of a player.
GRADIENT_NORM = "gradient_norm"
REAL_LOGITS = "real_logits"
FAKE_LOGITS = "fake_logits"
REAL_ACCURACY = "real_accuracy"
FAKE_ACCURACY = "fake_accuracy"
DISCRIMINATION_LOSS = "discrimination_loss"


def loss_name(player: str) -> str:
    """The sum that a player minimises."""
    return f"{player}_{LOSS}"


def penalty_name(player: str, penalty) -> str:
    """A penalty on a player."""
    return f"{player}_{penalty.label}"


def weight_name(term: str) -> str:
    """The weight of a term that follows gradients."""
    return f"{term}_{_WEIGHT}"


def measurement_name(player: str, kind: str) -> str:
    """What diagnostics measure of a player, one of the kinds above."""
    return f"{player}_{kind}"


def is_measurement(name: str, *kinds: str) -> bool:
    """Whether a name is that of one of these measurements of a player."""
    return name.endswith(tuple(f"_{kind}" for kind in kinds))


def measured_player(name: str, kind: str) -> str:
    """The player in the name of a measurement."""
    return name.removesuffix(f"_{kind}")


def players_in(names) -> list[str]:
    """The players whose losses are among some names in the logs.

    Longest first, so that who looks for the player in a name finds
    `latent_discriminator` before `latent`.
    """
    end = f"_{LOSS}"
    players = [name.removesuffix(end) for name in names if name.endswith(end)]
    return sorted(players, key=len, reverse=True)

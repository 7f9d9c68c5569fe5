"""What a model is without a search: its players, losses and optimizers."""

import inspect

from keras_aegan import losses
from keras_aegan.losses import AdversarialLoss

NOT_SEARCHED = object()


# `engine/terms.py` has the rule for what a term's name says of it.
def is_adversarial(term: str) -> bool:
    """Whether a term is the generator's side of a game."""
    return term.split("_")[-1] == "adversarial"


def is_discrimination(term: str) -> bool:
    """Whether a term is the discriminator's side of a game."""
    return term.split("_")[-1] == "discrimination"


def discrimination_of(term: str) -> str:
    """The discriminator's side of the game of an adversarial term."""
    return term.removesuffix("adversarial") + "discrimination"


def default_loss(model) -> dict:
    """Dict from term to the loss that the model gives it."""
    return model.default_loss()


def default_optimizer(model) -> dict:
    """Dict from player to its optimizer."""
    return model.default_optimizer()


def default_update(model) -> list[list[str]]:
    """Lists of players who move at once, one list for each turn."""
    return model.default_groups()


def default_turns(model) -> dict[str, int]:
    """Dict from player to how often it moves in a step, if not once."""
    return model.default_turns()


def default_penalties(model) -> dict[str, list]:
    """Dict from player to the penalties on it."""
    return model.default_penalties()


def adversarial_terms(model) -> dict[str, str]:
    """Dict from each adversarial term to the discriminator of its game."""
    found = {}
    for term in filter(is_adversarial, default_loss(model)):
        for player, terms in model.terms().items():
            if discrimination_of(term) in terms:
                found[term] = player
    return found


def discriminators(model) -> list[str]:
    """Names of the players with a term of discrimination."""
    return [
        player
        for player, terms in model.terms().items()
        if any(map(is_discrimination, terms))
    ]


def generators(model) -> list[str]:
    """Names of the other players, such as the generator and the encoder."""
    return [p for p in model.players() if p not in discriminators(model)]


def learning_rates(model) -> dict[str, float]:
    """Dict from player to the learning rate of its default optimizer.

    A player whose rate follows a schedule is missing.
    """
    found = {}
    for player, optimizer in default_optimizer(model).items():
        rate = optimizer.get_config().get("learning_rate")
        if isinstance(rate, float):
            found[player] = float(f"{rate:.5g}")
    return found


def loss_name(loss: str | AdversarialLoss) -> str:
    """The name of an adversarial loss, or `"own"` if it has none."""
    loss = losses.get(loss)
    for name, cls in losses.ADVERSARIAL_LOSSES.items():
        if type(loss) is cls:
            return name
    return "own"


def for_shape_default(model_class: type, name: str):
    """The default of an argument of `for_shape`, or `NOT_SEARCHED`."""
    for cls in model_class.__mro__:
        if "for_shape" in vars(cls):
            method = vars(cls)["for_shape"]
            method = getattr(method, "__func__", method)
            parameters = inspect.signature(method).parameters
            if name in parameters:
                return parameters[name].default
            if all(p.kind is not p.VAR_KEYWORD for p in parameters.values()):
                break
    return NOT_SEARCHED

"""What a model is without a search: its players, losses and optimizers."""

import inspect
from typing import Any

from keras_aegan import losses
from keras_aegan.engine.compile_arguments import groups_for
from keras_aegan.engine.player_optimizers import with_defaults
from keras_aegan.engine.terms import discrimination_of
from keras_aegan.engine.terms import is_adversarial
from keras_aegan.engine.terms import is_discrimination
from keras_aegan.losses import AdversarialLoss
from keras_aegan.tuners.space import kinds

NOT_SEARCHED = object()


def default_loss(model) -> dict:
    """Dict from term to the loss that the model gives it."""
    return model.default_settings().get("loss", {})


def default_optimizer(model) -> dict:
    """Dict from player to its optimizer."""
    given = model.default_settings().get("optimizer")
    return with_defaults(model.players(), given)


def default_update(model) -> list[list[str]]:
    """Lists of players who move at once, one list for each turn."""
    given = model.default_settings().get("update")
    return groups_for(list(model.players()), None, given)


def default_turns(model) -> dict[str, int]:
    """Dict from player to how often it moves in a step, if not once."""
    return model.default_settings().get("turns", {})


def default_penalties(model) -> dict[str, list]:
    """Dict from player to the penalties on it."""
    return model.default_settings().get("penalties", {})


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
        if kinds.is_number(rate):
            found[player] = float(f"{rate:.5g}")
    return found


def loss_name(loss: str | AdversarialLoss) -> str:
    """The name of an adversarial loss, or `"own"` if it has none."""
    loss = losses.get(loss)
    for name, cls in losses.ADVERSARIAL_LOSSES.items():
        if type(loss) is cls:
            return name
    return "own"


def for_shape_default(model_class: type[Any], name: str):
    """The default of an argument of `for_shape`, or `NOT_SEARCHED`."""
    for cls in model_class.__mro__:
        if "for_shape" in vars(cls):
            method = vars(cls)["for_shape"]
            method = getattr(method, "__func__", method)
            parameters = inspect.signature(method).parameters
            if name in parameters:
                default = parameters[name].default
                is_own = name == "normalization" and default == "default"
                return model_class.default_normalization if is_own else default
            # A subclass passes `**kwargs` on to the class above; `**parts` go
            # to the model.
            if "kwargs" not in parameters:
                break
    return NOT_SEARCHED

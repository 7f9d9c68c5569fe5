"""What is trained, in plain values: for the report's tables."""

import numbers
import sys

import keras

from keras_aegan.engine.log_names import loss_name
from keras_aegan.engine.log_names import penalty_name
from keras_aegan.version import __version__


def facts(model):
    """What a report says about a compiled model.

    Returns:
        Dict of `model`, `parameters`, `shape` of a sample, whether it is of
        `tokens`, `parts`, `players`, `order` and `versions`.
    """
    return {
        "model": type(model).__name__,
        "parameters": model.count_params(),
        "shape": list(model.sample_shape),
        "tokens": model.is_discrete,
        "parts": [_part(model, name) for name in model.part_names],
        "players": [_player(model, name) for name in model.players()],
        "order": _order(model),
        "versions": _versions(),
    }


def losses(model):
    """Dict from player to the names of its loss, terms and penalties."""
    return {
        player: [
            loss_name(player),
            *filter(model.game.rules.terms.is_on, terms),
            *(penalty_name(player, p) for p in model.penalties.get(player, [])),
        ]
        for player, terms in model.terms().items()
    }


def _part(model, name):
    part = getattr(model, name)
    return {
        "name": name,
        "kind": type(part).__name__,
        "parameters": part.count_params(),
        "input": _shape(getattr(part, "input_shape", None)),
        "output": _shape(getattr(part, "output_shape", None)),
    }


def _shape(shape):
    """A shape, or several, without their batch axes."""
    if shape is None:
        return ""
    if isinstance(shape, list):
        return ", ".join(map(_shape, shape))
    return " × ".join(map(str, shape[1:])) or "1"


def _player(model, player):
    owned = model.players()[player]
    parts = {id(getattr(model, name)): name for name in model.part_names}
    optimizer = model.optimizer.of(player)
    return {
        "name": player,
        "owns": [parts.get(id(network), network.name) for network in owned],
        "terms": [_term(model, term) for term in model.terms()[player]],
        "penalties": [
            _with(type(p).__name__, getattr(p, "weight", None))
            for p in model.penalties.get(player, [])
        ],
        "optimizer": type(optimizer).__name__,
        "learning_rate": _rate(optimizer),
    }


def _term(model, term):
    terms = model.game.rules.terms
    function = terms.functions.get(term)
    name = getattr(function, "__name__", None) or type(function).__name__
    return {
        "name": term,
        "loss": "" if function is None else getattr(function, "name", name),
        "weight": _number(terms.weights[term]),
    }


def _rate(optimizer):
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    rate = optimizer.get_config()["learning_rate"]
    return rate["class_name"] if isinstance(rate, dict) else _number(rate)


def _number(value):
    """A number in few digits; the class of a learning rate schedule."""
    return (
        f"{value:.4g}"
        if isinstance(value, numbers.Real)
        else type(value).__name__
    )


def _with(name, weight):
    return name if weight is None else f"{name}({_number(weight)})"


def _order(model):
    """The turns of a step, one after the other, or the stages."""
    if hasattr(model, "stages"):
        return ["stage " + stage for stage in model.stages()]
    turns = [" + ".join(movers) for movers, _ in model.game.rules.plan]
    counted = []
    for turn in turns:
        if counted and counted[-1][0] == turn:
            counted[-1][1] += 1
        else:
            counted.append([turn, 1])
    return [f"{turn} × {n}" if n > 1 else turn for turn, n in counted]


def _versions():
    backend = keras.backend.backend()
    framework = getattr(sys.modules.get(backend), "__version__", "")
    python = ".".join(map(str, sys.version_info[:3]))
    return {
        "keras_aegan": __version__,
        "keras": keras.__version__,
        backend: framework,
        "python": python,
    }

"""Which dimensions the search space of a model has."""

import inspect

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan.tuners.space import dimension as kinds
from keras_aegan.tuners.space.dimension import Dimension

ADVERSARIAL = (
    "non_saturating",
    "least_squares",
    "hinge",
    "relativistic",
    "wasserstein",
)
MORE_ADVERSARIAL = ("minimax", "hybrid")
BOUNDED = (*ADVERSARIAL[:-1], *MORE_ADVERSARIAL)
PENALTIES = ("none", "r1", "r1_r2", "dragan", "lecam")
POLICIES = (
    "none",
    "translation",
    "translation,cutout",
    "color,translation,cutout",
)
NOT_SEARCHED = object()


def for_shape_default(model_class, name):
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


def games(model):
    """Dict from each adversarial term to the player who judges in its game."""
    found = {}
    for term in model.default_loss():
        if term.split("_")[-1] == "adversarial":
            judged = term[: -len("adversarial")] + "discrimination"
            for player, terms in model.terms().items():
                if judged in terms:
                    found[term] = player
    return found


def judges(model):
    """Names of the players who discriminate."""
    return [
        player
        for player, terms in model.terms().items()
        if any(term.split("_")[-1] == "discrimination" for term in terms)
    ]


def makers(model):
    """Names of the other players."""
    return [p for p in model.players() if p not in judges(model)]


def rates(model):
    """Dict from player to the learning rate of its default optimizer."""
    found = {}
    for player, optimizer in model.default_optimizer().items():
        rate = optimizer.get_config().get("learning_rate")
        if isinstance(rate, float):
            found[player] = float(f"{rate:.5g}")
    return found


def loss_name(loss):
    """The name of an adversarial loss, or `"own"` if it has none."""
    loss = losses.get(loss)
    for name in (*ADVERSARIAL, *MORE_ADVERSARIAL):
        if type(losses.get(name)) is type(loss):
            return name
    return "own"


def dimensions_of(model_class, model):
    """The dimensions of the architecture and the game, with all their values.

    Args:
        model_class: Class with `for_shape`.
        model: Small model of that class.

    Returns:
        List of `Dimension`, those that others hang on first.
    """
    return [
        *_architecture(model_class, model),
        *_game(model),
        *_weights(model),
        *_order(model),
        *_rates(model),
        *_averaging(model),
    ]


def _choice(name, values, default, kind, **when):
    """A dimension that has its default among its values."""
    if default not in values:
        number = kind.convert is not str
        values = [*values, default]
        values = sorted(values) if number else values
    return Dimension(name, tuple(values), default, kind, when)


def _architecture(model_class, model):
    found = {}
    offers = [
        ("latent_dim", (8, 16, 32, 64), kinds.WHOLE),
        ("width", (16, 32, 64), kinds.WHOLE),
        ("residual_blocks", (0, 1, 2), kinds.COUNT),
        ("noise", (0.0, 0.1, 0.3), kinds.DEVIATION),
        ("dropout", (0.0, 0.1), kinds.RATE),
    ]
    for name, values, kind in offers:
        default = for_shape_default(model_class, name)
        if default is not NOT_SEARCHED:
            found[name] = _choice(name, values, default, kind)
    default = for_shape_default(model_class, "normalization")
    if default is not NOT_SEARCHED:
        # A model that has none by default looks at samples one by one.
        names = ("batch", "layer", "none") if default else ("none", "layer")
        found["normalization"] = _choice(
            "normalization", names, default or "none", kinds.among(names)
        )
    roles = _plain_parts(model)
    if _judges_codes(model, roles) and "latent_dim" in found:
        found["latent_depth"] = _choice(
            "latent_depth", (1, 2, 3, 4), 2, kinds.WHOLE
        )
    if "discriminator" in roles and len(model.sample_shape) == 3:
        found["augmentation"] = _choice(
            "augmentation", POLICIES, "none", kinds.among(POLICIES)
        )
    return found.values()


def _judges_codes(model, roles):
    """Whether a latent discriminator sees whole codes."""
    if "latent_discriminator" not in roles:
        return False
    size = model.latent_discriminator.input_shape[-1]
    return size == model.prior.latent_dim


def _plain_parts(model):
    """Names of the parts that are told no label."""
    names = getattr(model, "part_names", ())
    return [
        name
        for name in names
        if not isinstance(getattr(model, name), layers.Conditional)
    ]


def _averaging(model):
    """Decay of the average of the weights; 0 is none."""
    if "average" not in inspect.signature(type(model).compile).parameters:
        return []
    return [_choice("average", (0.0, 0.99, 0.999), 0.0, kinds.RATE)]


def _game(model):
    """The losses of the games, and the penalty on the judge of the first."""
    found = []
    discriminations = games(model)
    for term in discriminations:
        default = loss_name(model.default_loss()[term])
        own = ("own",) if default == "own" else ()
        first = term == next(iter(discriminations))
        names = ADVERSARIAL if first else ADVERSARIAL[:-1]
        allowed = (*names, *MORE_ADVERSARIAL, *own)
        found.append(_choice(term, names, default, kinds.among(allowed)))
    for term, judge in list(discriminations.items())[:1]:
        bounded = (*BOUNDED, "own")
        given = model.default_penalties().get(judge, [])
        weights = {p.label: float(p.weight) for p in given}
        penalty = "_".join(weights) or "none"
        if penalty not in PENALTIES:
            return found
        found += [
            _choice(
                "discriminator_penalty",
                PENALTIES,
                penalty,
                kinds.among(PENALTIES),
                **{term: bounded},
            ),
            _choice(
                "r1_weight",
                (0.01, 0.1, 1.0, 10.0),
                weights.get("r1", 1.0),
                kinds.POSITIVE,
                discriminator_penalty=("r1", "r1_r2"),
            ),
            _choice(
                "dragan_weight",
                (1.0, 10.0),
                10.0,
                kinds.POSITIVE,
                discriminator_penalty=("dragan",),
            ),
            _choice(
                "lecam_weight",
                (0.03, 0.1, 0.3, 1.0),
                0.3,
                kinds.POSITIVE,
                discriminator_penalty=("lecam",),
            ),
            # Nothing else bounds a Wasserstein critic.
            _choice(
                "gradient_penalty_weight",
                (1.0, 10.0),
                10.0,
                kinds.POSITIVE,
                **{term: ("wasserstein",)},
            ),
        ]
    return found


def _weights(model):
    """Factors on all terms of a player but one, since only ratios matter."""
    found = []
    for terms in model.terms().values():
        free = [
            term
            for term, weight in terms.items()
            if isinstance(weight, (int, float)) and weight > 0
        ]
        fixed = [t for t in free if t in ("adversarial", "discrimination")]
        for term in free:
            if term not in (fixed or free)[:1]:
                found.append(
                    _choice(
                        f"{term}_factor",
                        (0.25, 0.5, 1.0, 2.0, 4.0),
                        1.0,
                        kinds.POSITIVE,
                    )
                )
    return found


def _order(model):
    """Who moves when, and how often."""
    if len(model.players()) < 2:
        return []
    names = ("alternating", "simultaneous")
    alternates = len(model.default_groups()) > 1
    found = [
        _choice("update", names, names[not alternates], kinds.among(names))
    ]
    for judge in judges(model)[:1]:
        turns = model.default_turns().get(judge, 1)
        found.append(
            _choice("discriminator_turns", (1, 2, 3), turns, kinds.WHOLE)
        )
    return found


def _rates(model):
    found = []
    of_players = rates(model)
    slow = [p for p in makers(model) if p in of_players] or list(of_players)
    if slow:
        rate = of_players[slow[0]]
        values = [float(f"{rate * f:.5g}") for f in (0.25, 0.5, 1.0, 2.0, 4.0)]
        found.append(_choice("learning_rate", values, rate, kinds.POSITIVE))
        for judge in judges(model)[:1]:
            if judge in of_players and judge not in slow:
                ratio = float(f"{of_players[judge] / rate:.5g}")
                found.append(
                    _choice(
                        "learning_rate_ratio",
                        (0.5, 1.0, 2.0, 4.0),
                        ratio,
                        kinds.POSITIVE,
                    )
                )
    return found

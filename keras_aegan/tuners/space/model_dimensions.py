"""Which dimensions the search space of a model has."""

import inspect

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan.tuners.space import defaults
from keras_aegan.tuners.space import kinds
from keras_aegan.tuners.space.dimension import Dimension

# The losses a search lists first. Any other follows, and those that need a
# bounded critic come last. The trials that a seed gives depend on the order.
_FIRST_LOSSES = ("non_saturating", "least_squares", "hinge", "relativistic")
PENALTIES = ("none", "r1", "r1_r2", "dragan", "lecam")
POLICIES = (
    "none",
    "translation",
    "translation,cutout",
    "color,translation,cutout",
)


def model_dimensions(model_class: type, model) -> list[Dimension]:
    """The dimensions of the architecture and the game, with all their values.

    Args:
        model_class: Class with `for_shape`.
        model: Small model of that class.

    Returns:
        List of `Dimension`, each after those in its conditions.
    """
    return [
        *_architecture(model_class, model),
        *_losses(model),
        *_discriminator_penalty(model),
        *_term_factors(model),
        *_updates(model),
        *_learning_rates(model),
        *_averaging(model),
    ]


def _choice(name, values, default, kind, when=None):
    """A dimension that has its default among its values."""
    if default not in values:
        number = kind.convert is not str
        values = [*values, default]
        values = sorted(values) if number else values
    return Dimension(name, tuple(values), default, kind, when or {})


def _architecture(model_class, model):
    found = {}
    offers = [
        ("latent_dim", (8, 16, 32, 64), kinds.POSITIVE_INTEGER),
        ("width", (16, 32, 64), kinds.POSITIVE_INTEGER),
        ("residual_blocks", (0, 1, 2), kinds.NON_NEGATIVE_INTEGER),
        ("noise", (0.0, 0.1, 0.3), kinds.NON_NEGATIVE),
        ("dropout", (0.0, 0.1), kinds.FRACTION),
    ]
    for name, values, kind in offers:
        default = defaults.for_shape_default(model_class, name)
        if default is not defaults.NOT_SEARCHED:
            found[name] = _choice(name, values, default, kind)
    default = defaults.for_shape_default(model_class, "normalization")
    if default is not defaults.NOT_SEARCHED:
        # A model without normalization by default treats each sample by
        # itself, which statistics of batches would break.
        names = ("batch", "layer", "none") if default else ("none", "layer")
        found["normalization"] = _choice(
            "normalization", names, default or "none", kinds.one_of(names)
        )
    parts = _unconditional_parts(model)
    if _discriminates_codes(model, parts) and "latent_dim" in found:
        found["latent_depth"] = _choice(
            "latent_depth", (1, 2, 3, 4), 2, kinds.POSITIVE_INTEGER
        )
    if "discriminator" in parts and len(model.sample_shape) == 3:
        found["augmentation"] = _choice(
            "augmentation", POLICIES, "none", kinds.one_of(POLICIES)
        )
    return found.values()


def _discriminates_codes(model, parts):
    """Whether a latent discriminator's input is a whole code."""
    if "latent_discriminator" not in parts:
        return False
    size = model.latent_discriminator.input_shape[-1]
    return size == model.prior.latent_dim


def _unconditional_parts(model):
    """Names of the parts that are not conditioned on labels."""
    names = getattr(model, "part_names", ())
    return [
        name
        for name in names
        if not isinstance(getattr(model, name), layers.Conditional)
    ]


def _sorted_losses():
    """Names of all adversarial losses; those for a bounded critic last."""

    def rank(name):
        known = name in _FIRST_LOSSES
        place = _FIRST_LOSSES.index(name) if known else len(_FIRST_LOSSES)
        return _needs_bounded_critic(name), place

    return sorted(losses.ADVERSARIAL_LOSSES, key=rank)


def _needs_bounded_critic(name):
    return losses.ADVERSARIAL_LOSSES[name].needs_bounded_critic


def _is_variant(name):
    """Whether only the generator's side differs from the default loss's.

    A search tries such a loss only where the user names it.
    """
    cls, default = losses.ADVERSARIAL_LOSSES[name], losses.NonSaturating
    sides = ("discriminator", "on_real", "on_fake")
    return cls is not default and all(
        getattr(cls, side) is getattr(default, side) for side in sides
    )


def _losses(model):
    """The adversarial loss of each game.

    Only the first discriminator may get the gradient penalty that a Wasserstein
    critic needs.
    """
    found = []
    for term in defaults.adversarial_terms(model):
        default = defaults.loss_name(defaults.default_loss(model)[term])
        names = [
            name
            for name in _sorted_losses()
            if not found or not _needs_bounded_critic(name)
        ]
        searched = [name for name in names if not _is_variant(name)]
        own = ["own"] if default == "own" else []
        found.append(
            _choice(term, searched, default, kinds.one_of([*names, *own]))
        )
    return found


def _discriminator_penalty(model):
    """The penalty on the discriminator of the first game, and its weight."""
    first = next(iter(defaults.adversarial_terms(model).items()), None)
    if first is None:
        return []
    term, discriminator = first
    given = defaults.default_penalties(model).get(discriminator, [])
    weights = {p.label: float(p.weight) for p in given}
    penalty = "_".join(weights) or "none"
    if penalty not in PENALTIES:
        return []
    names = _sorted_losses()
    needs_bound = [name for name in names if _needs_bounded_critic(name)]
    others = [name for name in names if name not in needs_bound]
    kind = kinds.one_of(PENALTIES)
    when = {term: (*others, "own")}
    found = [_choice("discriminator_penalty", PENALTIES, penalty, kind, when)]
    offers = [
        ("r1", (0.01, 0.1, 1.0, 10.0), weights.get("r1", 1.0)),
        ("dragan", (1.0, 10.0), 10.0),
        ("lecam", (0.03, 0.1, 0.3, 1.0), 0.3),
    ]
    for name, values, default in offers:
        with_it = tuple(p for p in PENALTIES if name in p.split("_"))
        when = {"discriminator_penalty": with_it}
        kind = kinds.POSITIVE
        found.append(_choice(f"{name}_weight", values, default, kind, when))
    # Nothing else bounds the gradient norm of a Wasserstein critic.
    when = {term: tuple(needs_bound)}
    name, kind = "gradient_penalty_weight", kinds.POSITIVE
    return [*found, _choice(name, (1.0, 10.0), 10.0, kind, when)]


def _term_factors(model):
    """Factors on all terms of a player but one, since only ratios matter."""
    found = []
    for terms in model.terms().values():
        free = [
            term
            for term, weight in terms.items()
            if kinds.POSITIVE.accepts(weight)
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


def _updates(model):
    """Which players move at once, and how often a discriminator does."""
    if len(model.players()) < 2:
        return []
    names = ("alternating", "simultaneous")
    alternates = len(defaults.default_update(model)) > 1
    found = [
        _choice("update", names, names[not alternates], kinds.one_of(names))
    ]
    for player in defaults.discriminators(model)[:1]:
        turns = defaults.default_turns(model).get(player, 1)
        name, kind = "discriminator_turns", kinds.POSITIVE_INTEGER
        found.append(_choice(name, (1, 2, 3), turns, kind))
    return found


def _learning_rates(model):
    """The generators' learning rate, and the discriminators' in ratio to it."""
    found = []
    rates = defaults.learning_rates(model)
    generators = [p for p in defaults.generators(model) if p in rates]
    generators = generators or list(rates)
    if generators:
        rate = rates[generators[0]]
        values = [float(f"{rate * f:.5g}") for f in (0.25, 0.5, 1.0, 2.0, 4.0)]
        found.append(_choice("learning_rate", values, rate, kinds.POSITIVE))
        for player in defaults.discriminators(model)[:1]:
            if player in rates and player not in generators:
                ratio = float(f"{rates[player] / rate:.8g}")
                found.append(
                    _choice(
                        "learning_rate_ratio",
                        (0.5, 1.0, 2.0, 4.0),
                        ratio,
                        kinds.POSITIVE,
                    )
                )
    return found


def _averaging(model):
    """Decay of the average of the weights; 0 is none."""
    if "average" not in inspect.signature(type(model).compile).parameters:
        return []
    return [_choice("average", (0.0, 0.99, 0.999), 0.0, kinds.FRACTION)]

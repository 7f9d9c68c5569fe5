"""From drawn values to a compiled model."""

import keras

from keras_aegan import losses
from keras_aegan import networks
from keras_aegan import penalties
from keras_aegan.tuners.space import model_dimensions as of

LATENT_DEPTH = 2  # Of the default latent discriminator.
_FOR_SHAPE = (
    "latent_dim",
    "width",
    "residual_blocks",
    "normalization",
    "noise",
    "dropout",
    "augmentation",
)


def draw_model(model_class, input_shape, values, options):
    """The model with the architecture of drawn values, not compiled.

    Args:
        model_class: Class with `for_shape`.
        input_shape: Shape of one sample.
        values: Dict of the values of dimensions, by name.
        options: Dict of further arguments of `for_shape`.
    """
    drawn = {key: values[key] for key in _FOR_SHAPE if key in values}
    drawn = {k: None if v == "none" else v for k, v in drawn.items()}
    size = {
        key: drawn[key] for key in ("width", "noise", "dropout") if key in drawn
    }
    parts = {}
    if values.get("latent_depth", LATENT_DEPTH) != LATENT_DEPTH:
        parts["latent_discriminator"] = networks.latent_discriminator(
            drawn["latent_dim"], depth=values["latent_depth"], **size
        )
    options = {key: fresh(value) for key, value in options.items()}
    return model_class.for_shape(
        tuple(input_shape), **{**drawn, **parts, **options}
    )


def fresh(value):
    """A copy of a network or prior, so that no two trials train the same."""
    if not isinstance(value, keras.layers.Layer):
        return value
    config = keras.saving.serialize_keras_object(value)
    copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(value.get_weights())
    return copy


def compile_arguments(model, values):
    """Arguments of `compile` with the game of drawn values.

    What was drawn as the model has it anyway is left out.

    Args:
        model: Model from `draw_model`.
        values: Dict of the values of dimensions, by name.
    """
    arguments = {
        "loss": _loss(model, values),
        "loss_weights": _loss_weights(model, values),
        "penalties": _penalties(model, values),
        "update": _update(model, values),
        "turns": _turns(model, values),
        "optimizer": _optimizers(model, values),
        "average": values.get("average"),
    }
    return {key: value for key, value in arguments.items() if value}


def _loss(model, values):
    chosen = {}
    for term in of.games(model):
        default = losses.get(model.default_loss()[term])
        name = values.get(term, "own")
        if name not in ("own", of.loss_name(default)):
            # What each source of fakes weighs is the model's own affair.
            chosen[term] = type(losses.get(name))(
                fake_weights=default.fake_weights,
                generator_weights=default.generator_weights,
            )
    return chosen


def _loss_weights(model, values):
    return {
        term: weight * values[f"{term}_factor"]
        for terms in model.terms().values()
        for term, weight in terms.items()
        if values.get(f"{term}_factor", 1.0) != 1.0
    }


def _penalties(model, values):
    kind = values.get("discriminator_penalty")
    if "gradient_penalty_weight" in values:
        chosen = [penalties.GradientPenalty(values["gradient_penalty_weight"])]
    elif kind is None:
        return None
    elif kind in ("r1", "r1_r2"):
        chosen = [penalties.R1(values["r1_weight"])]
        if kind == "r1_r2":
            chosen.append(penalties.R2(values["r1_weight"]))
    elif kind == "dragan":
        chosen = [penalties.DRAGAN(values["dragan_weight"])]
    else:
        chosen = []
        if kind == "lecam":
            chosen = [penalties.LeCam(values["lecam_weight"])]
    judge = next(iter(of.games(model).values()))
    return {**model.default_penalties(), judge: chosen}


def _update(model, values):
    groups = model.default_groups()
    if values.get("update") == "alternating" and len(groups) == 1:
        judges = of.judges(model)
        return (
            [judges, of.makers(model)] if judges else [[p] for p in groups[0]]
        )
    return values.get("update")


def _turns(model, values):
    if "discriminator_turns" not in values:
        return None
    judge = of.judges(model)[0]
    return {**model.default_turns(), judge: values["discriminator_turns"]}


def _optimizers(model, values):
    if "learning_rate" not in values:
        return None
    before = of.rates(model)
    judges = of.judges(model)
    base = next(
        (p for p in of.makers(model) if p in before), next(iter(before))
    )
    faster = values["learning_rate"] / before[base]
    if "learning_rate_ratio" in values:
        ratio = values["learning_rate_ratio"] * before[base]
        ratio /= before[judges[0]]
    else:
        ratio = 1.0
    chosen = {}
    for player, optimizer in model.default_optimizer().items():
        config = optimizer.get_config()
        if player in before:
            rate = before[player] * faster
            config["learning_rate"] = rate * (ratio if player in judges else 1)
        chosen[player] = type(optimizer).from_config(config)
    return chosen

"""From sampled hyperparameters to a model and its `compile` arguments."""

from typing import Any

import keras

from keras_aegan import losses
from keras_aegan import networks
from keras_aegan import penalties
from keras_aegan.tuners.space import defaults

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


def build_model(
    model_class: type[Any],
    input_shape: tuple[int, ...],
    values: dict[str, Any],
    options: dict[str, Any],
):
    """The model with the sampled architecture, not compiled.

    Args:
        model_class: Class with `for_shape`.
        input_shape: Shape of one sample.
        values: Dict of the values of dimensions, by name.
        options: Dict of further arguments of `for_shape`.
    """
    sampled: dict[str, Any] = {
        key: values[key] for key in _FOR_SHAPE if key in values
    }
    sampled = {k: None if v == "none" else v for k, v in sampled.items()}
    size = {
        key: sampled[key]
        for key in ("width", "noise", "dropout")
        if key in sampled
    }
    parts = {}
    if values.get("latent_depth", LATENT_DEPTH) != LATENT_DEPTH:
        parts["latent_discriminator"] = networks.latent_discriminator(
            sampled["latent_dim"], depth=values["latent_depth"], **size
        )
    options = {key: _copied(value) for key, value in options.items()}
    return model_class.for_shape(
        tuple(input_shape), **{**sampled, **parts, **options}
    )


def _copied(value):
    """A copy of a network or prior, so that no two trials train the same."""
    if not isinstance(value, keras.layers.Layer):
        return value
    config = keras.saving.serialize_keras_object(value)
    copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(value.get_weights())
    return copy


def compile_arguments(model, values: dict) -> dict:
    """Arguments of `compile` for the sampled game.

    What was sampled as the model has it by default is left out.

    Args:
        model: Model from `build_model`.
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
    for term in defaults.adversarial_terms(model):
        default = losses.get(defaults.default_loss(model)[term])
        name = values.get(term, "own")
        if name not in ("own", defaults.loss_name(default)):
            # The model, not the search, sets what each source of fakes weighs.
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
    discriminator = next(iter(defaults.adversarial_terms(model).values()))
    return {**defaults.default_penalties(model), discriminator: chosen}


def _update(model, values):
    together = defaults.default_update(model)
    if values.get("update") == "alternating" and len(together) == 1:
        discriminators = defaults.discriminators(model)
        if discriminators:
            return [discriminators, defaults.generators(model)]
        return [[player] for player in together[0]]
    return values.get("update")


def _turns(model, values):
    if "discriminator_turns" not in values:
        return None
    discriminator = defaults.discriminators(model)[0]
    turns = values["discriminator_turns"]
    return {**defaults.default_turns(model), discriminator: turns}


def _optimizers(model, values):
    if "learning_rate" not in values:
        return None
    rates = defaults.learning_rates(model)
    discriminators = defaults.discriminators(model)
    base = next(
        (p for p in defaults.generators(model) if p in rates),
        next(iter(rates)),
    )
    faster = values["learning_rate"] / rates[base]
    if "learning_rate_ratio" in values:
        ratio = values["learning_rate_ratio"] * rates[base]
        ratio /= rates[discriminators[0]]
    else:
        ratio = 1.0
    chosen = {}
    for player, optimizer in defaults.default_optimizer(model).items():
        config = optimizer.get_config()
        if player in rates:
            rate = rates[player] * faster
            if player in discriminators:
                rate = rate * ratio
            config["learning_rate"] = rate
        chosen[player] = type(optimizer).from_config(config)
    return chosen

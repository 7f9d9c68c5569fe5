"""Named loss terms: which function each has and what it weighs."""

import keras
from keras import ops

from keras_aegan import losses
from keras_aegan import penalties


class Terms:
    """The loss functions and weights of a model's terms, by name.

    Args:
        functions: Dict from term to its default: an `AdversarialLoss` (for
            the generator's side of a game, whose function serves both sides)
            or its name for terms called `adversarial` or `..._adversarial`,
            a Keras loss or its name for others. Terms that have none compute
            themselves.
        weights: Dict from term to its default weight: a float, a
            `keras.optimizers.schedules.LearningRateSchedule` of the step, or
            a `GradientRatio`. It lists every term of the model.
    """

    def __init__(self, functions, weights):
        self.functions = {
            term: _function(term, default)
            for term, default in functions.items()
        }
        self.weights = dict(weights)

    def override(self, loss=None, loss_weights=None):
        """Replace functions and weights by those given to `compile`."""
        loss = _dict("loss", loss)
        _known("loss", loss, self.functions)
        for term, value in loss.items():
            self.functions[term] = _function(term, value)
        loss_weights = _dict("loss_weights", loss_weights)
        _known("loss_weights", loss_weights, self.weights)
        for term, value in loss_weights.items():
            self.weights[term] = _weight(term, value)

    def is_on(self, term):
        """Whether a term counts: one of weight 0 is not even computed."""
        return not (
            isinstance(self.weights[term], (int, float))
            and self.weights[term] == 0
        )

    def weight(self, term, step):
        """The weight of a term at a step, a float or a scalar tensor."""
        weight = self.weights[term]
        if isinstance(weight, penalties.GradientRatio):
            return weight.weight()
        if isinstance(weight, keras.optimizers.schedules.LearningRateSchedule):
            return ops.cast(weight(step), "float32")
        return weight

    def compare(self, term, target, prediction):
        """The mean of a Keras loss between two tensors, in float32."""
        values = self.functions[term](
            ops.cast(target, "float32"), ops.cast(prediction, "float32")
        )
        return ops.mean(values)


def _dict(argument, value):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(
            f"`{argument}` must be a dict from the name of a term to its "
            f"value. Received: {argument}={value!r}"
        )
    return value


def _known(argument, given, known):
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(
            f"`{argument}` names terms that this model does not have. "
            f"Expected some of {list(known)}. Received: {unknown}"
        )


def _function(term, value):
    if term.split("_")[-1] == "adversarial":
        return losses.get(value)
    return keras.losses.get(value)


def _weight(term, value):
    schedule = keras.optimizers.schedules.LearningRateSchedule
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    moving = isinstance(value, (schedule, penalties.GradientRatio))
    if moving or (number and value >= 0):
        return value
    raise ValueError(
        f"The weight of {term!r} must be a non-negative number, a "
        "`keras.optimizers.schedules.LearningRateSchedule` or a "
        f"`keras_aegan.penalties.GradientRatio`. Received: {value!r}"
    )

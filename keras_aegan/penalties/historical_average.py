"""Weights near the mean of their past values."""

import keras
from keras import ops

from keras_aegan.penalties.penalty import Penalty
from keras_aegan.penalties.penalty import Weight


@keras.saving.register_keras_serializable(package="keras_aegan")
class HistoricalAverage(Penalty):
    """Pulls a player's weights towards the mean of all their past values.

    `weight * |theta_t - (theta_1 + ... + theta_t) / t|^2`, summed over all
    trainable weights of the player, with theta_i those before its turn i. The
    mean is a constant to the gradient, kept as saved variables of the size
    of the weights.

    Unlike other penalties it needs no discriminator, so any player may have
    it: `compile(penalties={"generator": HistoricalAverage(1e-3), ...})`.

    Args:
        weight: Non-negative float. The paper gives none.
        **kwargs: `interval` of `Penalty`, in which case the mean is over the
            steps that compute it, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative.

    Example:

    >>> HistoricalAverage(1e-3).weight
    0.001

    Reference: Salimans et al. 2016, arXiv:1606.03498, section 3.3.
    """

    label = "historical_average"

    def __init__(self, weight: Weight = 1e-3, **kwargs):
        super().__init__(weight, **kwargs)
        self.count = self.add_weight(
            shape=(), initializer="zeros", trainable=False, name="count"
        )
        self.means = []

    def build_for(self, variables: list) -> None:
        if not self.means:
            self.means = [
                self.add_weight(
                    shape=v.shape,
                    initializer="zeros",
                    trainable=False,
                    name=f"mean_{i}",
                )
                for i, v in enumerate(variables)
            ]

    def total(self, discriminations: list, variables: list):
        count = ops.convert_to_tensor(self.count) + 1.0
        self.count.assign(count)
        total = 0.0
        for variable, mean in zip(variables, self.means):
            value = ops.cast(ops.convert_to_tensor(variable), "float32")
            old = ops.convert_to_tensor(mean)
            new = old + (ops.stop_gradient(value) - old) / count
            mean.assign(new)
            total = total + ops.sum(ops.square(value - new))
        return total

"""LeCam regularisation: logits near the average of the other side."""

import keras
from keras import ops

from keras_aegan.backend import replicas
from keras_aegan.penalties.penalty import Penalty
from keras_aegan.penalties.penalty import Weight
from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class LeCam(Penalty):
    """Pulls logits towards the moving average of the other side's.

    `weight * (mean relu(D(x) - a_f)^2 + mean relu(a_r - D(x_hat))^2)` with
    `a_r`, `a_f` the moving averages of real and fake logits, constants to the
    gradient. Of several sources of fakes all logits are taken together.

    Args:
        weight: Non-negative float, lambda in the paper.
        decay: Float in [0, 1), the factor of the old averages in a step.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative or `decay` not in [0, 1).

    Example:

    >>> LeCam(0.3).decay
    0.99

    Reference: Tseng et al. 2021, arXiv:2104.03310, equations 4 and 5. The
    authors' program starts the penalty after 1,000 steps; here the averages
    start with the logits of the first batch.
    """

    label = "lecam"

    def __init__(self, weight: Weight = 0.3, decay: float = 0.99, **kwargs):
        super().__init__(weight, **kwargs)
        self.decay = check_number("decay", decay, 0, 1, open_ends="upper")
        # Averages of real and fake logits, and 1 from the first step on.
        self.averages = self.add_weight(
            shape=(3,), initializer="zeros", trainable=False, name="averages"
        )

    def penalize(self, discrimination):
        real, fakes = discrimination.logits()
        real = ops.cast(real, "float32")
        fake = ops.concatenate([ops.cast(f, "float32") for f in fakes])
        now = ops.stack([ops.mean(real), ops.mean(fake), 1.0])
        now = replicas.mean_over_replicas(ops.stop_gradient(now))
        old = ops.convert_to_tensor(self.averages)
        mixed = self.decay * old + (1.0 - self.decay) * now
        averages = ops.where(old[2] > 0, mixed, now)
        self.averages.assign(averages)
        return ops.mean(ops.square(ops.relu(real - averages[1]))) + ops.mean(
            ops.square(ops.relu(averages[0] - fake))
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "decay": self.decay}

"""A weight that keeps a term's gradient in proportion to the rest."""

import keras
from keras import ops

from keras_aegan.validation import check_number


@keras.saving.register_keras_serializable(package="keras_aegan")
class GradientRatio(keras.layers.Layer):
    """Weighs a term by the norm of its gradient.

    Given as `model.compile(loss_weights={"adversarial": GradientRatio(0.5)})`.
    With `g` the gradient of the term and `g_rest` that of all other terms of
    its player that are not weighed in this way, both with respect to all of
    the player's weights, the weight of the term is

    `w = ratio * |g_rest| / |g|`, between `1 / limit` and `limit`,

    averaged over the steps, as log w, with factor `decay` for the past. The
    weight is a saved variable. The logs have it as `adversarial_weight`, and
    validation uses its last value. Each such term costs a backward pass of its
    own.

    Args:
        ratio: Positive float, the norm of the weighted gradient relative to
            that of `g_rest`.
        decay: Float in [0, 1), the factor of the old log w in a step; with 0
            the ratio is exact in each step.
        limit: Float of at least 1.
        **kwargs: Arguments of Keras layers.

    Raises:
        ValueError: if an argument is not as above.

    Example:

    >>> GradientRatio(0.5, decay=0.9).ratio
    0.5

    Reference: `combine_adversarial_loss` of TensorFlow GAN, whose
    `gradient_ratio` is the inverse of this one and which does not average. The
    limit is that of Esser et al. 2021, arXiv:2012.09841, whose `VQGAN` uses
    the gradient of the last layer only.
    """

    def __init__(
        self,
        ratio: float = 1.0,
        decay: float = 0.0,
        limit: float = 1e4,
        **kwargs,
    ):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.ratio = check_number("ratio", ratio, 0, open_ends="lower")
        self.decay = check_number("decay", decay, 0, 1, open_ends="upper")
        self.limit = check_number("limit", limit, 1)
        # log w, and 1 from the first step on.
        self.state = self.add_weight(
            shape=(2,), initializer="zeros", trainable=False, name="state"
        )
        self.built = True

    def weight(self):
        """The current weight, a scalar tensor; 1 before the first step."""
        return ops.exp(ops.convert_to_tensor(self.state)[0])

    def move(self, rest: list, gradients: list):
        """Update the weight from two gradients of the same variables.

        Args:
            rest: List of tensors, `g_rest`.
            gradients: List of tensors, `g`.

        Returns:
            The weight, a scalar tensor.
        """
        rest, own = _norm(rest), _norm(gradients)
        now = self.ratio * rest / (own + 1e-12)
        now = ops.log(ops.clip(now, 1.0 / self.limit, self.limit))
        old, known = ops.unstack(ops.convert_to_tensor(self.state), 2)
        new = self.decay * old + (1.0 - self.decay) * now
        new = ops.where(known > 0, new, now)
        # Where float16 overflows, the optimizer skips the step; so does this.
        # Between its limits the new weight itself would be finite.
        is_finite = ops.isfinite(rest + own)
        new = ops.where(is_finite, new, old)
        self.state.assign(ops.stack([new, ops.where(is_finite, 1.0, known)]))
        return ops.exp(new)

    def get_config(self) -> dict:
        config = {
            "ratio": self.ratio,
            "decay": self.decay,
            "limit": self.limit,
        }
        return {**super().get_config(), **config}


def _norm(gradients):
    """The norm of a list of tensors, taken together as one vector."""
    squares = [ops.sum(ops.square(ops.cast(g, "float32"))) for g in gradients]
    return ops.sqrt(sum(squares))

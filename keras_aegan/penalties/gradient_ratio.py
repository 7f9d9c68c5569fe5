"""A weight that keeps a term's gradient in proportion to the others."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_aegan")
class GradientRatio(keras.layers.Layer):
    """Weighs a term by the length of its gradient.

    `model.compile(loss_weights={"adversarial": GradientRatio(0.5)})`: with
    `g` the gradient of the term and `g_rest` that of all else its player
    minimises (other balanced terms aside), both with respect to all of the
    player's weights, the weight of the term is

    `w = ratio * |g_rest| / |g|`, between `1 / limit` and `limit`.

    `decay` averages log w over the steps. The weight is a saved variable; the
    logs have it as `adversarial_weight`, and validation weighs by it. Each
    such term costs a backward pass of its own.

    Args:
        ratio: Positive float, how long the weighted gradient shall be, in
            lengths of `g_rest`.
        decay: Float in [0, 1), how slowly the weight moves; with 0 the ratio
            holds in each step.
        limit: Float of at least 1.
        **kwargs: A Keras layer's own.

    Raises:
        ValueError: if an argument is not as above.

    Example:

    >>> GradientRatio(0.5, decay=0.9).ratio
    0.5

    Reference: `combine_adversarial_loss` of TensorFlow GAN, whose
    `gradient_ratio` is the inverse of this one and which averages nothing. The
    limit is that of Esser et al. 2021, arXiv:2012.09841, whose `VQGAN` looks
    at the last layer only.
    """

    def __init__(self, ratio=1.0, decay=0.0, limit=1e4, **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        for name, value, fits, expected in (
            ("ratio", ratio, ratio > 0, "positive"),
            ("decay", decay, 0 <= decay < 1, "in [0, 1)"),
            ("limit", limit, limit >= 1, "at least 1"),
        ):
            if not fits:
                raise ValueError(
                    f"`{name}` must be {expected}. Received: {name}={value!r}"
                )
        self.ratio = ratio
        self.decay = decay
        self.limit = limit
        # log w, and whether there was a step yet.
        self.state = self.add_weight(
            shape=(2,), initializer="zeros", trainable=False, name="state"
        )
        self.built = True

    def weight(self):
        """The weight as it stands: 1 before the first step."""
        return ops.exp(ops.convert_to_tensor(self.state)[0])

    def move(self, rest, gradients):
        """Move the weight by two gradients.

        Args:
            rest: List of tensors, the gradient of all else.
            gradients: List of tensors, the gradient of the term.

        Returns:
            The weight, a scalar.
        """
        now = self.ratio * _length(rest) / (_length(gradients) + 1e-12)
        now = ops.log(ops.clip(now, 1.0 / self.limit, self.limit))
        old, known = ops.unstack(ops.convert_to_tensor(self.state), 2)
        moved = self.decay * old + (1.0 - self.decay) * now
        moved = ops.where(known > 0, moved, now)
        # Where float16 overflows, the optimizer leaves the step out.
        fine = ops.isfinite(moved)
        moved = ops.where(fine, moved, old)
        self.state.assign(ops.stack([moved, ops.where(fine, 1.0, known)]))
        return ops.exp(moved)

    def get_config(self):
        config = {
            "ratio": self.ratio,
            "decay": self.decay,
            "limit": self.limit,
        }
        return {**super().get_config(), **config}


def _length(gradients):
    """The norm of all of them together."""
    squares = [ops.sum(ops.square(ops.cast(g, "float32"))) for g in gradients]
    return ops.sqrt(sum(squares))

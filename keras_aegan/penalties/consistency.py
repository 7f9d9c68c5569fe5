"""Consistency regularisation: equal logits for augmented samples."""

import keras
from keras import ops

from keras_aegan.penalties.penalty import Penalty
from keras_aegan.penalties.penalty import Weight
from keras_aegan.penalties.penalty import detach


@keras.saving.register_keras_serializable(package="keras_aegan")
class Consistency(Penalty):
    """Equal logits for samples and their augmentations.

    `weight * mean (D(T(x)) - D(x))^2`, and with `balanced` plus the same of
    each source of fakes that the adversarial loss judges.

    Args:
        augmentation: Keras layer `T` from samples to samples; called with
            `training=True`.
        weight: Non-negative float, lambda in the paper.
        balanced: Boolean, whether fakes are included.
        **kwargs: `interval` of `Penalty`, and arguments of Keras layers.

    Raises:
        ValueError: if `weight` is negative or `augmentation` is not a layer.

    Example:

    >>> from keras_aegan import layers
    >>> Consistency(layers.GaussianNoise(0.1)).weight
    10.0

    Reference: Zhang et al. 2020, arXiv:1910.12027, equation 3; balanced:
    Zhao et al. 2020, arXiv:2002.04724, algorithm 1.
    """

    label = "consistency"

    def __init__(
        self,
        augmentation: keras.Layer,
        weight: Weight = 10.0,
        balanced: bool = False,
        **kwargs,
    ):
        super().__init__(weight, **kwargs)
        if not isinstance(augmentation, keras.layers.Layer):
            raise ValueError(
                "`augmentation` must be a Keras layer. "
                f"Received: augmentation={augmentation!r}"
            )
        self.augmentation = augmentation
        self.balanced = balanced

    def penalize(self, discrimination):
        real, fakes = discrimination.logits()
        pairs = [(discrimination.real, real)]
        if self.balanced:
            pairs += zip(discrimination.fakes, fakes)
        total = 0.0
        for samples, logits in pairs:
            altered = keras.tree.map_structure(
                lambda x: self.augmentation(x, training=True),
                detach(samples),
            )
            difference = discrimination.critic(altered) - logits
            total += ops.mean(ops.square(ops.cast(difference, "float32")))
        return total

    def get_config(self) -> dict:
        layer = keras.saving.serialize_keras_object(self.augmentation)
        config = {"augmentation": layer, "balanced": self.balanced}
        return {**super().get_config(), **config}

    @classmethod
    def from_config(cls, config: dict):
        layer = keras.saving.deserialize_keras_object(config["augmentation"])
        return cls(**{**config, "augmentation": layer})

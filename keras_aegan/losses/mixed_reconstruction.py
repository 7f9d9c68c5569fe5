"""How well rows with numbers and categories are reconstructed."""

import keras
import numpy as np
from keras import ops

from keras_aegan.arrays import check_same_shape
from keras_aegan.validation import check_block_sizes

# What a probability is at least. Its logarithm bounds the loss, and an error
# still has a gradient where Keras' own bound of 1e-7 leaves none.
_SMALLEST = 1e-30


@keras.saving.register_keras_serializable(package="keras_aegan")
class MixedReconstruction(keras.losses.Loss):
    """Squared errors of numbers and cross-entropies of categories.

    `(sum_numbers (x - y)^2 - sum_categories sum_k x_k log y_k) / columns`,
    with the categories of `x` one-hot, or probabilities, and those of `y`
    probabilities, as `keras_aegan.layers.CategorySoftmax` gives them.

    Up to a constant this is a negative log likelihood in nats, that of numbers
    with a variance of 1/2, so that both kinds of columns count alike: without
    any knowledge of a row, a number of standard deviation 1 costs 1, and a
    category its entropy, such as log 2 for a fair coin. A column counts once,
    however many values it has.

    Args:
        sizes: Sequence of positive integers, the sizes of the blocks of a
            row: 1 for a number, more for a category.
        reduction: As in `keras.losses.Loss`.
        name: String, the loss's name.

    Raises:
        ValueError: if `sizes` is not as above, or the arguments of a call
            are not of one shape with `sum(sizes)` numbers on the last axis.

    Example:

    >>> x = np.array([[1.0, 0.0, 1.0]], "float32")
    >>> y = np.array([[3.0, 0.5, 0.5]], "float32")  # (4 + log 2) / 2
    >>> print(round(float(MixedReconstruction([1, 2])(x, y)), 4))
    2.3466

    Reference: Xu et al. 2019, arXiv:1907.00503, section 4.5 (TVAE), there
    with a trained variance for each number.
    """

    def __init__(
        self,
        sizes: list[int],
        reduction: str | None = "sum_over_batch_size",
        name: str = "mixed_reconstruction",
        **kwargs,
    ):
        super().__init__(name=name, reduction=reduction, **kwargs)
        self.sizes = check_block_sizes("sizes", sizes)
        self._is_number = np.repeat(
            [float(n == 1) for n in self.sizes], self.sizes
        ).astype("float32")

    def call(self, y_true, y_pred):
        x, y = (ops.cast(u, "float32") for u in (y_true, y_pred))
        check_same_shape(("y_true", "y_pred"), x, y)
        if x.shape[-1] != len(self._is_number):
            raise ValueError(
                "The last axis of samples must have as many numbers as all "
                f"blocks, {len(self._is_number)}. Received: shape "
                f"{tuple(x.shape)} for sizes={self.sizes}"
            )
        squares = ops.square(x - y)
        entropies = -x * ops.log(ops.maximum(y, _SMALLEST))
        values = ops.where(self._is_number > 0, squares, entropies)
        return ops.sum(values, axis=-1) / len(self.sizes)

    def get_config(self) -> dict:
        return {**super().get_config(), "sizes": self.sizes}

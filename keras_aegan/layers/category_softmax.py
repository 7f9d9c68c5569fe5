"""The output of a generator of rows with numbers and categories."""

import itertools

import keras
from keras import ops

from keras_aegan.validation import check_block_sizes


@keras.saving.register_keras_serializable(package="keras_aegan")
class CategorySoftmax(keras.layers.Layer):
    """A softmax over each category of a row; its numbers stay as they are.

    A row is a sequence of blocks: a block of one number is linear, one of k
    numbers becomes the probabilities of a category with k values. As the last
    layer of a generator it lets models of this package train with
    `keras_aegan.losses.MixedReconstruction`, without anything else said:
    `Model.for_shape(shape, activation=CategorySoftmax(sizes))`, or
    `Model.for_shape(**table.network_options)` of a `keras_aegan.data.Table`.

    Discriminators get the probabilities, not one value at random as by CTGAN's
    Gumbel softmax: reconstructions are held to their originals by a
    cross-entropy, which needs probabilities. On UCI Adult a classifier that
    learns from an AEGAN's samples has an F1 of .65 with them and .63 with
    values drawn straight through.

    Args:
        sizes: Sequence of positive integers, the sizes of the blocks in
            order: 1 for a number, more for a category.

    Input and output shape: `(batch_size, ..., sum(sizes))`, float32 whatever
    the policy, since float16 has no room for small probabilities.

    Raises:
        ValueError: if `sizes` is not as above, or the last axis of the input
            has another size than their sum.

    Example:

    >>> import numpy as np
    >>> y = CategorySoftmax([1, 2])(np.array([[3.0, 0.0, 0.0]]))
    >>> print(keras.ops.convert_to_numpy(y))
    [[3.  0.5 0.5]]

    Reference: Xu et al. 2019, Modeling Tabular Data using Conditional GAN,
    arXiv:1907.00503, section 4.4, there with a Gumbel softmax.
    """

    def __init__(self, sizes: list[int], **kwargs):
        kwargs.setdefault("dtype", "float32")
        super().__init__(**kwargs)
        self.sizes = check_block_sizes("sizes", sizes)
        self._pieces = _pieces(self.sizes)

    def build(self, input_shape: tuple) -> None:
        if input_shape[-1] != sum(self.sizes):
            raise ValueError(
                "The last axis of the input must have as many numbers as all "
                f"blocks, {sum(self.sizes)}. Received: shape "
                f"{tuple(input_shape)} for sizes={self.sizes}"
            )

    def call(self, inputs):
        parts = []
        for start, end, is_category in self._pieces:
            part = inputs[..., start:end]
            parts.append(ops.softmax(part, axis=-1) if is_category else part)
        return ops.concatenate(parts, axis=-1)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return input_shape

    def get_config(self) -> dict:
        return {**super().get_config(), "sizes": self.sizes}


def _pieces(sizes):
    """Triples of start, end and whether it is a category.

    Neighbouring numbers are one piece: a table may have hundreds of them.
    """
    pieces, start = [], 0
    for is_category, group in itertools.groupby(sizes, lambda size: size > 1):
        group = list(group)
        for size in group if is_category else [len(group)]:
            pieces.append((start, start + size, is_category))
            start += size
    return pieces

"""PyTorch's own kernels in place of what Keras composes of several.

Keras normalises a batch with about fifteen operations, forward and backward,
where PyTorch has one of each, and it computes transposed convolutions whole
to cut their edges off. Results differ in rounding only.
"""

import keras
import torch
from keras.src.backend.common import backend_utils
from keras.src.backend.torch import nn as keras_nn

from keras_aegan.backend import batch_statistics
from keras_aegan.backend import replicas
from keras_aegan.backend.patches import Patches

_BatchNormalization = keras.layers.BatchNormalization
_keras_batch_normalization = _BatchNormalization.call
_keras_conv_transpose = keras_nn.conv_transpose
_CONV_TRANSPOSE = {
    1: torch.nn.functional.conv_transpose1d,
    2: torch.nn.functional.conv_transpose2d,
    3: torch.nn.functional.conv_transpose3d,
}


def native_kernels():
    """A context in which Keras calls PyTorch's kernels, in this thread."""
    return _patches.applied()


def _batch_normalization(layer, inputs, training=None, mask=None):
    """`BatchNormalization.call`, which learns from a whole batch."""
    plain = training and layer.trainable and not layer.renorm
    if plain and mask is None and replicas.division() is not None:
        return batch_statistics.normalize(layer, inputs)
    if not plain or mask is not None or inputs.dtype is not torch.float32:
        return _keras_batch_normalization(layer, inputs, training, mask)
    outputs, mean, inverse_deviation = torch.native_batch_norm(
        inputs.movedim(layer.axis, 1),
        _value(layer.gamma) if layer.scale else None,
        _value(layer.beta) if layer.center else None,
        None,
        None,
        True,
        0.0,
        layer.epsilon,
    )
    variance = inverse_deviation.pow(-2) - layer.epsilon
    for average, value in (
        (layer.moving_mean, mean),
        (layer.moving_variance, variance),
    ):
        average.assign(torch.lerp(value, _value(average), layer.momentum))
    outputs = outputs.movedim(1, layer.axis)
    return keras.ops.cast(outputs, layer.compute_dtype)


def _value(variable):
    return keras.ops.convert_to_tensor(variable)


def _conv_transpose(
    inputs,
    kernel,
    strides=1,
    padding="valid",
    output_padding=None,
    data_format=None,
    dilation_rate=1,
):
    """`ops.conv_transpose`, cut inside the kernel where that can be said.

    PyTorch cuts `padding` from both sides and gives `output_padding` back on
    the right, less than a stride.
    """
    rank = inputs.ndim - 2
    as_tuple = {
        name: (value,) * rank if isinstance(value, int) else tuple(value)
        for name, value in (("stride", strides), ("dilation", dilation_rate))
    }
    crops = backend_utils.compute_conv_transpose_output_crops_for_torch(
        inputs.shape,
        kernel.shape,
        as_tuple["stride"],
        padding,
        output_padding,
        as_tuple["dilation"],
    )
    surplus = [left - right for left, right in crops]
    fits = all(0 <= s < n for s, n in zip(surplus, as_tuple["stride"]))
    if not fits or min(left for left, _ in crops) < 0:
        return _keras_conv_transpose(
            inputs,
            kernel,
            strides,
            padding,
            output_padding,
            data_format,
            dilation_rate,
        )
    last = (data_format or keras.config.image_data_format()) == "channels_last"
    inputs, kernel = _value(inputs), _value(kernel)
    outputs = _CONV_TRANSPOSE[rank](
        inputs.movedim(-1, 1) if last else inputs,
        kernel.permute(rank + 1, rank, *range(rank)),
        padding=tuple(left for left, _ in crops),
        output_padding=tuple(surplus),
        **as_tuple,
    )
    return outputs.movedim(1, -1) if last else outputs


_patches = Patches(
    (_BatchNormalization, "call", _batch_normalization),
    (keras_nn, "conv_transpose", _conv_transpose),
)

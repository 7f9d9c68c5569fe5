"""TensorFlow's own kernels in place of what Keras composes of many.

Keras normalises images with about thirty operations, forward and backward,
and moves each weight by Adam with fifteen; TensorFlow has one for each. Results
differ in rounding only. Its `LeakyRelu` gets another gradient, the same number.
"""

import functools

import keras
import tensorflow as tf

from keras_aegan.backend import batch_statistics
from keras_aegan.backend import replicas
from keras_aegan.backend.patches import Patches

_Adam = keras.optimizers.Adam
_BatchNormalization = keras.layers.BatchNormalization
_LeakyReLU = keras.layers.LeakyReLU
_keras_batch_normalization = _BatchNormalization.call
_keras_leaky_relu = _LeakyReLU.call
_keras_update_step = _Adam._backend_update_step
# The smallest that cuDNN takes, CUDNN_BN_MIN_EPSILON; Keras' default is 1e-3.
_LEAST_EPSILON = 1.001e-5


def native_kernels():
    """A context in which Keras calls TensorFlow's kernels, in this thread."""
    return _patches.applied()


def _batch_normalization(layer, inputs, training=None, mask=None):
    """`BatchNormalization.call` in training, on images with channels last.

    Everything else goes to Keras: the kernel takes images only, and on rows
    of a table it is slower than what Keras composes.
    """
    trains = training and layer.trainable and not layer.renorm
    if trains and mask is None and replicas.division() is not None:
        return batch_statistics.normalize(layer, inputs)
    if (
        not (training and layer.trainable)
        or mask is not None
        or layer.renorm
        or layer.synchronized
        or inputs.dtype != "float32"
        or inputs.shape.rank != 4
        or layer.axis not in (-1, 3)
        or layer.epsilon < _LEAST_EPSILON
    ):
        return _keras_batch_normalization(layer, inputs, training, mask)
    channels = inputs.shape[-1]
    outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
        x=inputs,
        scale=_value(layer.gamma) if layer.scale else tf.ones(channels),
        offset=_value(layer.beta) if layer.center else tf.zeros(channels),
        mean=tf.zeros(0),
        variance=tf.zeros(0),
        epsilon=layer.epsilon,
    )
    # The kernel returns the unbiased variance, Keras averages the biased one.
    count = tf.cast(tf.size(inputs) // channels, "float32")
    variance *= tf.maximum(count - 1.0, 1.0) / count
    for average, value in (
        (layer.moving_mean, mean),
        (layer.moving_variance, variance),
    ):
        old = _value(average)
        average.assign(value + layer.momentum * (old - value))
    return tf.cast(outputs, layer.compute_dtype)


def _value(variable):
    return keras.ops.convert_to_tensor(variable)


def _leaky_relu(layer, inputs):
    """`LeakyReLU.call`, whose gradient looks at outputs, not at inputs.

    Both have the same sign. TensorFlow's graph optimizer fuses a convolution,
    its bias and this layer, and then misses the inputs for the gradient: it
    gives up on the whole graph and prints an error.
    """
    if layer.negative_slope <= 0:
        return _keras_leaky_relu(layer, inputs)
    return _leaky_relu_function(float(layer.negative_slope))(inputs)


@functools.cache
def _leaky_relu_function(slope):
    @tf.custom_gradient
    def leaky_relu(x):
        y = tf.nn.leaky_relu(x, alpha=slope)

        def gradient(upstream):
            return tf.raw_ops.LeakyReluGrad(
                gradients=upstream, features=y, alpha=slope
            )

        return y, gradient

    return leaky_relu


def _adam(optimizer, gradients, variables, learning_rate):
    """`Adam._backend_update_step`, one kernel for each weight.

    Cases that the kernel does not cover go to Keras.
    """
    if (
        optimizer.amsgrad
        # With accumulation the step is a branch that Keras also traces with
        # symbolic tensors, which have no resource to update.
        or optimizer.gradient_accumulation_steps
        or type(optimizer).update_step is not _Adam.update_step
        or tf.distribute.has_strategy()
        or any(isinstance(g, tf.IndexedSlices) for g in gradients)
        or any(v.dtype != "float32" for v in variables)
    ):
        return _keras_update_step(
            optimizer, gradients, variables, learning_rate
        )
    step = tf.cast(optimizer.iterations.value, "float32") + 1.0
    powers = {
        "beta1_power": tf.pow(optimizer.beta_1, step),
        "beta2_power": tf.pow(optimizer.beta_2, step),
    }
    for gradient, variable in zip(gradients, variables):
        index = optimizer._get_variable_index(variable)
        tf.raw_ops.ResourceApplyAdam(
            var=variable.value.handle,
            m=optimizer._momentums[index].value.handle,
            v=optimizer._velocities[index].value.handle,
            lr=tf.cast(learning_rate, "float32"),
            beta1=optimizer.beta_1,
            beta2=optimizer.beta_2,
            epsilon=optimizer.epsilon,
            grad=gradient,
            **powers,
        )


_patches = Patches(
    (_BatchNormalization, "call", _batch_normalization),
    (_LeakyReLU, "call", _leaky_relu),
    (_Adam, "_backend_update_step", _adam),
)

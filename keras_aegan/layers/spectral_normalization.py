"""Weights divided by their largest singular value."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.random import VarianceScaling

# Their kernels hold (..., outputs, inputs), all others (..., outputs).
_TRANSPOSED = (
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
)
_SMALLEST = 1e-12


@keras.saving.register_keras_serializable(package="keras_aegan")
class SpectralNormalization(keras.layers.Wrapper):
    """Let a layer compute with `W / sigma(W)` in place of its kernel `W`.

    `W` stands for the kernel as a matrix with a column for each output, and
    `sigma` for its largest singular value, so that a linear layer stretches
    no input by more than 1. Each call improves an estimate by power
    iteration,

    `v = W u / |W u|`, `u' = W^T v / |W^T v|`, `sigma = v^T W u'`

    in training and at inference alike; a training call of a trainable layer
    keeps `u'` for the next. For the gradient `u'` and `v` are constants and
    `sigma` is not: `d sigma / d W = v u'^T`. The kernel itself stays what
    the optimizer, the regularizer and the constraint made of it, and is what
    a saved file holds. A kernel of zeros stays zeros.

    Args:
        layer: Keras layer with a weight `kernel` or `embeddings`, such as
            `Dense`, `Conv2D`, `Conv2DTranspose` or `Embedding`.
        power_iterations: Integer, at least 1: how often each call iterates.

    Input and output shape: those of `layer`.

    Raises:
        ValueError: if `layer` is not a layer with such a weight, which shows
            no later than when it is built, or `power_iterations` is below 1.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(1, use_bias=False))
    >>> layer.build((None, 2))
    >>> layer.layer.set_weights([np.array([[3.0], [4.0]])])
    >>> y = layer(np.ones((1, 2), "float32"))
    >>> print(np.round(keras.ops.convert_to_numpy(y), 4))  # 3 / 5 + 4 / 5
    [[1.4]]

    Reference: Miyato et al. 2018, arXiv:1802.05957, equation 8, algorithm 1
    and equation 12 (the gradient). Departures: `v` is computed anew from `u`
    and not stored; inference iterates, too, and forgets `u'`. Depthwise
    kernels get a column for each multiple of a channel. An `add_loss` inside
    the wrapped layer's `call` is not seen; its `activity_regularizer` is.
    """

    def __init__(self, layer, power_iterations=1, **kwargs):
        if not isinstance(layer, keras.Layer):
            raise ValueError(
                f"`layer` must be a Keras layer. Received: layer={layer!r}"
            )
        if not isinstance(power_iterations, int) or power_iterations < 1:
            raise ValueError(
                "`power_iterations` must be an integer of at least 1. "
                f"Received: power_iterations={power_iterations!r}"
            )
        # Sigma is worth the weights' full precision, also where the wrapped
        # layer computes with half of it.
        kwargs.setdefault("dtype", layer.variable_dtype)
        # It sees the output here, and would be lost inside the wrapped call.
        kwargs.setdefault("activity_regularizer", layer.activity_regularizer)
        super().__init__(layer, **kwargs)
        self.power_iterations = power_iterations
        self.autocast = False
        self.supports_masking = layer.supports_masking
        if layer.built:
            _name_of_kernel(layer)

    def build(self, input_shape=None):
        super().build(input_shape)
        self._kernel_name = _name_of_kernel(self.layer)
        self.u = self.add_weight(
            shape=(self._matrix(self._kernel()).shape[-1],),
            initializer=VarianceScaling(),
            dtype=self._kernel().dtype,
            trainable=False,
            name="u",
        )
        self.built = True

    def call(self, inputs, training=None):
        kernel = backend.read(self._kernel())
        u, sigma = self._power_iteration(self._matrix(kernel))
        if training and self.trainable:
            self.u.assign(u)
        return self._call_with(kernel / sigma, inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def compute_output_spec(self, inputs, training=None):
        return self.layer.compute_output_spec(inputs)

    def compute_mask(self, inputs, previous_mask=None):
        return self.layer.compute_mask(inputs, previous_mask)

    def get_config(self):
        config = {"power_iterations": self.power_iterations}
        return {**super().get_config(), **config}

    def _kernel(self):
        # Not an attribute: Keras would save the weight a second time.
        return getattr(self.layer, self._kernel_name)

    def _matrix(self, kernel):
        if isinstance(self.layer, _TRANSPOSED):
            kernel = ops.swapaxes(kernel, -1, -2)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))

    def _power_iteration(self, matrix):
        """The next `u`, and `sigma`, which is 1 for a matrix of zeros."""
        constant = ops.stop_gradient(matrix)
        u = backend.read(self.u)
        for _ in range(self.power_iterations):
            v = ops.matmul(constant, u)
            v = v / ops.maximum(ops.norm(v), _SMALLEST)
            product = ops.matmul(v, constant)
            length = ops.norm(product)
            # From a `u` of zeros no iteration would ever come back.
            u = ops.where(
                length > _SMALLEST,
                product / ops.maximum(length, _SMALLEST),
                u,
            )
        u, v = ops.stop_gradient(u), ops.stop_gradient(v)
        sigma = ops.sum(v * ops.matmul(matrix, u))
        return u, ops.where(sigma > _SMALLEST, sigma, ops.ones_like(sigma))

    def _call_with(self, kernel, inputs):
        """Call the layer with another kernel, which is assigned to nothing.

        A scope hides the one around it, so this one is told all values, and
        what the call changes is handed on.
        """
        others = [v for v in self.layer.variables if v is not self._kernel()]
        values = [(v, backend.read(v)) for v in others]
        with keras.StatelessScope([(self._kernel(), kernel), *values]) as scope:
            before = [scope.get_current_value(v) for v in others]
            outputs = self.layer(inputs)
            after = [scope.get_current_value(v) for v in others]
        for variable, old, new in zip(others, before, after):
            if new is not old:
                variable.assign(new)
        return outputs


def _name_of_kernel(layer):
    for name in ("kernel", "embeddings"):
        if isinstance(getattr(layer, name, None), keras.Variable):
            return name
    raise ValueError(
        "The wrapped layer must have a weight `kernel` or `embeddings`. "
        f"Received: layer={layer!r}"
    )

"""Kernels divided by their largest singular value."""

import keras
from keras import ops

from keras_aegan import backend
from keras_aegan.random import VarianceScaling
from keras_aegan.validation import check_integer

# The last axes of their kernels are outputs and inputs; all other kernels end
# with the axis of outputs.
_TRANSPOSED = (
    keras.layers.Conv1DTranspose,
    keras.layers.Conv2DTranspose,
    keras.layers.Conv3DTranspose,
)
_SMALLEST = 1e-12


@keras.saving.register_keras_serializable(package="keras_aegan")
class SpectralNormalization(keras.layers.Wrapper):
    """Makes a layer compute with `W / sigma(W)` in place of its kernel `W`.

    `W` is the kernel as a matrix with a column for each output, and `sigma`
    its largest singular value, so that a linear layer has a Lipschitz constant
    of 1. Each call improves an estimate of `sigma` by power iteration,

    `v = W u / |W u|`, `u' = W^T v / |W^T v|`, `sigma = v^T W u'`

    in training and at inference; a training call of a trainable layer stores
    `u'` for the next call. `u'` and `v` are constants to the gradient, `sigma`
    is not: `d sigma / d W = v u'^T`. A kernel of zeros stays zeros.

    `keras.layers.SpectralNormalization` assigns the normalised kernel to the
    layer in every training call. Here the call leaves the kernel as the
    optimizer, the regularizer and the constraint made it, that kernel is
    saved, and initial values of `u` are equal on every backend.

    Args:
        layer: Keras layer with a weight `kernel` or `embeddings`, such as
            `Dense`, `Conv2D`, `Conv2DTranspose` or `Embedding`.
        power_iterations: Positive integer, iterations in each call.

    Input and output shape: those of `layer`.

    Raises:
        ValueError: if `layer` is not a layer with such a weight (at the latest
            when it is built), or `power_iterations` is below 1.

    Example:

    >>> layer = SpectralNormalization(keras.layers.Dense(1, use_bias=False))
    >>> layer.build((None, 2))
    >>> layer.layer.set_weights([np.array([[3.0], [4.0]])])
    >>> y = layer(np.ones((1, 2), "float32"))
    >>> print(np.round(keras.ops.convert_to_numpy(y), 4))  # 3 / 5 + 4 / 5
    [[1.4]]

    Reference: Miyato et al. 2018, arXiv:1802.05957, equation 8, algorithm 1
    and equation 12 (the gradient). Departures: `v` is computed from `u` in each
    call and not stored; inference iterates, too, but does not store `u'`.
    Depthwise kernels have a column for each multiple of a channel. An
    `add_loss` inside the wrapped layer's `call` is ignored; its
    `activity_regularizer` is not.
    """

    def __init__(self, layer: keras.Layer, power_iterations: int = 1, **kwargs):
        if not isinstance(layer, keras.Layer):
            raise ValueError(
                f"`layer` must be a Keras layer. Received: layer={layer!r}"
            )
        check_integer("power_iterations", power_iterations)
        # Sigma needs the full precision of the weights, even if the wrapped
        # layer computes with half of it.
        kwargs.setdefault("dtype", layer.variable_dtype)
        # A loss inside the wrapped call would be lost, so this layer applies
        # the regularizer to the output.
        kwargs.setdefault("activity_regularizer", layer.activity_regularizer)
        super().__init__(layer, **kwargs)
        self.power_iterations = int(power_iterations)
        self.autocast = False
        self.supports_masking = layer.supports_masking
        if layer.built:
            _name_of_kernel(layer)

    def build(self, input_shape: tuple | None = None) -> None:
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

    def call(self, inputs, training: bool | None = None):
        kernel = backend.read(self._kernel())
        u, sigma = self._power_iteration(self._matrix(kernel))
        if training and self.trainable:
            self.u.assign(u)
        return self._call_with(kernel / sigma, inputs)

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        return self.layer.compute_output_shape(input_shape)

    def compute_output_spec(self, inputs, training: bool | None = None):
        return self.layer.compute_output_spec(inputs)

    def compute_mask(self, inputs, previous_mask=None):
        return self.layer.compute_mask(inputs, previous_mask)

    def get_config(self) -> dict:
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
        """The next `u`, and `sigma`, or 1 for a matrix of zeros."""
        constant = ops.stop_gradient(matrix)
        u = backend.read(self.u)
        for _ in range(self.power_iterations):
            v = ops.matmul(constant, u)
            v = v / ops.maximum(ops.norm(v), _SMALLEST)
            product = ops.matmul(v, constant)
            length = ops.norm(product)
            # A `u` of zeros would stay zeros in all later iterations.
            u = ops.where(
                length > _SMALLEST,
                product / ops.maximum(length, _SMALLEST),
                u,
            )
        u, v = ops.stop_gradient(u), ops.stop_gradient(v)
        sigma = ops.sum(v * ops.matmul(matrix, u))
        return u, ops.where(sigma > _SMALLEST, sigma, ops.ones_like(sigma))

    def _call_with(self, kernel, inputs):
        """Call the layer with another kernel, without assigning it.

        A `StatelessScope` hides an outer one. So it is given the current
        values of all variables, and what the call changes is assigned
        afterwards, in the outer scope.
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

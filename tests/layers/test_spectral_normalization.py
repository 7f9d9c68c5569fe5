"""Spectral normalisation against NumPy's singular values, and by hand."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN

numpy = ops.convert_to_numpy
ORDERS = ["alternating", "simultaneous"]


def wrapped(layer, input_shape, kernel=None, **kwargs):
    result = layers.SpectralNormalization(layer, **kwargs)
    result.build(input_shape)
    if kernel is not None:
        layer.weights[0].assign(np.asarray(kernel, "float32"))
    return result


def three_four():
    """The layer of the tests by hand: its singular value is 5."""
    dense = keras.layers.Dense(1, use_bias=False)
    return wrapped(dense, (None, 2), [[3.0], [4.0]])


def gradient(layer, x, training):
    """Of the sum of the outputs, through the package's own engine."""
    kernel = layer.layer.weights[0]
    _, gradients, (u,) = backend.gradients(
        lambda: ({"loss": ops.sum(layer(x, training=training))}, {}),
        {"loss": [kernel]},
        [(v, ops.copy(backend.read(v))) for v in layer.variables],
        [layer.u],
    )
    return numpy(gradients["loss"][0]), numpy(u)


def native_gradient(layer, x):
    """The same, the way a user of the framework would ask for it."""
    kernel = layer.layer.weights[0]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        with tf.GradientTape() as tape:
            y = ops.sum(layer(x, training=True))
        return numpy(tape.gradient(y, kernel.value))
    if keras.backend.backend() == "torch":
        ops.sum(layer(x, training=True)).backward()
        return numpy(kernel.value.grad)
    import jax

    def loss(values):
        state = [v.value for v in layer.non_trainable_variables]
        y, _ = layer.stateless_call(values, state, x, training=True)
        return ops.sum(y)

    values = [v.value for v in layer.trainable_variables]
    return numpy(jax.grad(loss)(values)[0])


@pytest.mark.parametrize("training", [True, False])
def test_gradient_by_hand(training):
    """With W = (3, 4) and x = (1, 1): sigma = 5, v = (0.6, 0.8),
    y = x W / 5 = 1.4 and dy/dW = x / 5 - y v / 5 = (0.032, -0.024)."""
    layer, x = three_four(), np.ones((1, 2), "float32")
    y = layer(x, training=training)
    np.testing.assert_allclose(numpy(y), [[1.4]], rtol=1e-6)
    actual, _ = gradient(layer, x, training)
    np.testing.assert_allclose(actual, [[0.032], [-0.024]], atol=1e-6)
    np.testing.assert_array_equal(layer.layer.get_weights()[0], [[3], [4]])


def test_gradient_outside_the_engine():
    """The numbers of `test_gradient_by_hand`."""
    layer = three_four()
    actual = native_gradient(layer, np.ones((1, 2), "float32"))
    np.testing.assert_allclose(actual, [[0.032], [-0.024]], atol=1e-6)
    np.testing.assert_array_equal(layer.layer.get_weights()[0], [[3], [4]])


def test_gradient_of_a_gradient_penalty():
    """|dy/dx|^2 = |W / sigma|^2 = 1 for a column W, so its gradient is 0; with
    sigma taken for a constant it would be 2 W / sigma^2 = (0.24, 0.32)."""
    layer = three_four()
    (kernel,) = layer.layer.weights

    def penalty():
        x = ops.ones((1, 2))
        inner = backend.input_gradient(lambda u: layer(u, training=True), x)
        return {"loss": ops.sum(ops.square(inner))}, {}

    values = [(v, ops.copy(backend.read(v))) for v in layer.variables]
    _, gradients, _ = backend.gradients(penalty, {"loss": [kernel]}, values, [])
    np.testing.assert_allclose(numpy(gradients["loss"][0]), 0, atol=1e-6)


def test_gradient_of_a_matrix():
    """y = sum(x W / s): dW = x^T 1 / s - sum(x W) / s^2 v u^T, and u, v
    from one iteration in NumPy."""
    rng = np.random.default_rng(0)
    kernel = rng.normal(size=(4, 3)).astype("float32")
    x = rng.normal(size=(5, 4)).astype("float32")
    layer = wrapped(
        keras.layers.Dense(3, use_bias=False), (None, 4), kernel=kernel
    )
    v = kernel @ numpy(layer.u)
    v /= np.linalg.norm(v)
    u = kernel.T @ v
    sigma = np.linalg.norm(u)
    u /= sigma
    rows = x.T @ np.ones((5, 3))
    expected = rows / sigma - (x @ kernel).sum() / sigma**2 * np.outer(v, u)
    actual, new_u = gradient(layer, x, True)
    np.testing.assert_allclose(actual, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(new_u, u, rtol=1e-5, atol=1e-6)


KINDS = {
    "dense": (keras.layers.Dense(6), (2, 4), lambda w: w),
    "convolution": (
        keras.layers.Conv2D(6, 3),
        (2, 5, 5, 4),
        lambda w: w.reshape(-1, 6),
    ),
    # (kernel, kernel, outputs, inputs), a column for each output.
    "transposed": (
        keras.layers.Conv2DTranspose(6, 3),
        (2, 5, 5, 4),
        lambda w: w.transpose(0, 1, 3, 2).reshape(-1, 6),
    ),
    "embedding": (keras.layers.Embedding(5, 6), (2, 4), lambda w: w),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_largest_singular_value_becomes_one(kind):
    """It computes what the plain layer does with W / max(svd(W))."""
    layer, shape, matrix = KINDS[kind]
    layer = type(layer).from_config(layer.get_config())
    rng = np.random.default_rng(1)
    x = rng.integers(0, 5, shape).astype("float32")
    wrapper = wrapped(layer, shape)
    kernel, *rest = layer.get_weights()
    kernel = rng.normal(size=kernel.shape).astype("float32")
    layer.set_weights([kernel, *rest])
    for _ in range(100):
        y = wrapper(x, training=True)
    sigma = np.linalg.svd(matrix(kernel), compute_uv=False)[0]
    np.testing.assert_array_equal(layer.get_weights()[0], kernel)
    layer.set_weights([kernel / sigma, *rest])
    np.testing.assert_allclose(numpy(y), numpy(layer(x)), atol=1e-3)


def test_more_iterations_in_one_call_are_as_many_calls():
    kernel = np.random.default_rng(2).normal(size=(4, 3))
    one = wrapped(keras.layers.Dense(3), (None, 4), kernel)
    five = wrapped(keras.layers.Dense(3), (None, 4), kernel, power_iterations=5)
    five.u.assign(one.u)
    x = np.ones((2, 4), "float32")
    for _ in range(5):
        y = one(x, training=True)
    np.testing.assert_allclose(
        numpy(y), numpy(five(x, training=True)), rtol=1e-5
    )
    np.testing.assert_allclose(numpy(one.u), numpy(five.u), rtol=1e-4)


def test_only_training_moves_on_and_both_modes_agree():
    layer = wrapped(keras.layers.Dense(3), (None, 4))
    x = np.ones((2, 4), "float32")
    start = numpy(layer.u).copy()
    at_inference = numpy(layer(x, training=False))
    np.testing.assert_array_equal(numpy(layer.u), start)
    np.testing.assert_array_equal(numpy(layer(x, training=True)), at_inference)
    updated = numpy(layer.u).copy()
    assert not np.array_equal(updated, start)
    layer.trainable = False
    layer(x, training=True)
    np.testing.assert_array_equal(numpy(layer.u), updated)


def test_a_kernel_of_zeros_stays_and_learns():
    """Nothing is divided by 0, and u is not lost: |u| = 0 forever else."""
    layer = wrapped(keras.layers.Dense(3), (None, 4), np.zeros((4, 3)))
    x = np.ones((2, 4), "float32")
    np.testing.assert_array_equal(numpy(layer(x, training=True)), 0)
    actual, u = gradient(layer, x, True)
    np.testing.assert_array_equal(actual, 2)
    assert np.linalg.norm(u) > 0.1


def test_inside_another_scope_it_sees_and_changes_that_scope_only():
    """b = 7 and W = (6, 8) in the scope: y = (6 + 8) / 10 + 7 = 8.4."""
    layer = wrapped(keras.layers.Dense(1), (None, 2), [[3.0], [4.0]])
    kernel, bias = layer.layer.weights
    start = layer.get_weights()
    mapping = [
        (kernel, ops.convert_to_tensor([[6.0], [8.0]])),
        (bias, ops.convert_to_tensor([7.0])),
        (layer.u, backend.read(layer.u) * 3.0),
    ]
    with keras.StatelessScope(mapping) as scope:
        y = layer(np.ones((1, 2), "float32"), training=True)
        u = scope.get_current_value(layer.u)
    np.testing.assert_allclose(numpy(y), [[8.4]], rtol=1e-6)
    np.testing.assert_allclose(np.abs(numpy(u)), [1], rtol=1e-6)
    for old, new in zip(start, layer.get_weights()):
        np.testing.assert_array_equal(old, new)


class NoisyDense(keras.layers.Dense):
    """A layer that changes a state of its own when it is called."""

    def build(self, input_shape):
        super().build(input_shape)
        self.noise = layers.GaussianNoise(1.0, seed=1)

    def call(self, inputs):
        return super().call(self.noise(inputs))


def test_what_the_wrapped_layer_remembers_is_kept():
    layer = wrapped(NoisyDense(3), (None, 4))
    x = np.ones((2, 4), "float32")
    layer(x, training=True)
    state = layer.layer.noise.generator.state
    np.testing.assert_array_equal(numpy(state), [1, 0, 1])


def test_penalties_are_counted_once():
    """Of the raw kernel, 3^2 + 4^2, and of the output, 1.4^2 for one sample."""
    dense = keras.layers.Dense(
        1,
        use_bias=False,
        kernel_regularizer=keras.regularizers.L2(1.0),
        activity_regularizer=keras.regularizers.L2(1.0),
    )
    layer = wrapped(dense, (None, 2), [[3.0], [4.0]])
    layer(np.ones((1, 2), "float32"), training=True)
    losses = sorted(float(numpy(x)) for x in layer.losses)
    np.testing.assert_allclose(losses, [1.96, 25.0], rtol=1e-6)
    config = layer.get_config()
    again = layers.SpectralNormalization.from_config(config)
    assert again.activity_regularizer.l2 == 1.0


def test_masks_pass():
    start = keras.Input((3,), dtype="int32")
    embedding = keras.layers.Embedding(5, 2, mask_zero=True)
    x = layers.SpectralNormalization(embedding)(start)
    y = keras.layers.GlobalAveragePooling1D()(x)
    model = keras.Model(start, y)
    one = model.predict(np.array([[2, 0, 0]]), verbose=0)
    all_three = model.predict(np.array([[2, 2, 2]]), verbose=0)
    np.testing.assert_allclose(one, all_three, rtol=1e-6)


def images():
    """An AEGAN whose discriminator is made of normalised layers."""
    normalized = layers.SpectralNormalization
    x = start = keras.Input((8, 8, 1))
    x = normalized(keras.layers.Conv2D(4, 3, strides=2, padding="same"))(x)
    x = keras.layers.LeakyReLU(0.2)(x)
    x = layers.SelfAttention(2, spectral_normalization=True)(x)
    x = keras.layers.Flatten()(layers.MinibatchStandardDeviation()(x))
    return with_critic((8, 8, 1), start, x)


def rows():
    """The same of few operations."""
    x = start = keras.Input((6,))
    x = layers.SpectralNormalization(keras.layers.Dense(4, "tanh"))(x)
    return with_critic((6,), start, layers.MinibatchDiscrimination(2)(x))


def with_critic(shape, start, x):
    # A relativistic loss has no use for a bias.
    dense = keras.layers.Dense(1, use_bias=False)
    critic = keras.Model(start, layers.SpectralNormalization(dense)(x))
    plain = AEGAN.for_shape(shape, latent_dim=2, width=2)
    return AEGAN(
        encoder=plain.encoder,
        generator=plain.generator,
        discriminator=critic,
        latent_discriminator=plain.latent_discriminator,
    )


@pytest.mark.parametrize("update", ORDERS)
def test_an_aegan_trains_compiled_as_eagerly(update):
    """20 samples leave a last batch of 4. PyTorch would warn, and fail here,
    if the step were not recorded."""
    model = rows()
    x = samples(model, 20)
    start, results = model.get_weights(), []
    for eager in (False, True):
        model.set_weights(start)
        model.compile(update=update, run_eagerly=eager)
        history = model.fit(x, batch_size=16, shuffle=False, verbose=0).history
        results.append([history[name] for name in sorted(history)])
    assert np.isfinite(results).all()
    np.testing.assert_allclose(*results, rtol=1e-3, atol=1e-5)
    for v, old, new in zip(model.weights, start, model.get_weights()):
        if v.path.split("/")[-1] in ("kernel", "u"):
            assert not np.array_equal(old, new), v.path


def test_plain_keras_trains_it():
    """By Keras' own trainer, to a gradient that sigma allows."""
    start = keras.Input((2,))
    layer = layers.SpectralNormalization(keras.layers.Dense(1))
    model = keras.Model(start, layer(start))
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    x = np.random.default_rng(0).normal(size=(320, 2)).astype("float32")
    y = x @ [[0.6], [0.8]] + 0.5
    model.fit(x, y, batch_size=32, epochs=10, verbose=0)
    np.testing.assert_allclose(model.predict(x, verbose=0), y, atol=0.05)


def test_jit_compiled():
    """In a GAN, whose step gives a compiler little else to do."""
    parts = images()
    model = GAN(generator=parts.generator, discriminator=parts.discriminator)
    model.compile(jit_compile=True)
    logs = model.fit(samples(model, 32), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()


def test_saved_with_a_model_it_goes_on(tmp_path):
    model = images()
    model.compile()
    x = samples(model, 32)
    options = {"batch_size": 16, "shuffle": False, "verbose": 0}
    model.fit(x, **options)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert len(loaded.weights) == len(model.weights)
    for a, b in zip(model.get_weights(), loaded.get_weights()):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_allclose(
        numpy(loaded.discriminator(x)), numpy(model.discriminator(x)), rtol=1e-5
    )
    expected, actual = (m.fit(x, **options).history for m in (model, loaded))
    for name, values in expected.items():
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-5, err_msg=name
        )


def test_mixed_precision_keeps_sigma_exact():
    """Half precision in the layer, 24 bits in u; 1.4 within bfloat16."""
    keras.config.set_dtype_policy("mixed_bfloat16")
    start = keras.Input((2,))
    layer = layers.SpectralNormalization(keras.layers.Dense(1, use_bias=False))
    model = keras.Model(start, layer(start))
    layer.layer.set_weights([np.array([[3.0], [4.0]])])
    y = model(np.ones((1, 2), "float32"), training=True)
    assert keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    assert model.outputs[0].dtype == "bfloat16"
    y = numpy(ops.cast(y, "float32"))
    np.testing.assert_allclose(y, [[1.4]], rtol=2**-7)
    np.testing.assert_allclose(np.abs(numpy(layer.u)), [1], rtol=1e-6)


def test_wrong_arguments():
    unbuilt = keras.layers.BatchNormalization()
    for wrong in (
        lambda: layers.SpectralNormalization("dense"),
        lambda: layers.SpectralNormalization(keras.layers.Dense(2), 0),
        lambda: layers.SpectralNormalization(keras.layers.Dense(2), 1.5),
        lambda: layers.SpectralNormalization(keras.layers.ReLU()),
        lambda: wrapped(unbuilt, (None, 2)),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

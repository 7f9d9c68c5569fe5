"""What each backend folder promises."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from keras_aegan import backend
from keras_aegan.backend import optimizer_copies
from keras_aegan.backend.keras_private import metric_direction
from keras_aegan.models import AEGAN
from keras_aegan.models import Autoencoder

ORDERS = ["alternating", "simultaneous"]


def test_keras_private_names_exist():
    """Checked with Keras 3.15.1."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])
    kinds = [type(layer).__name__ for layer in model._flatten_layers()]
    assert "Dense" in kinds
    assert hasattr(model.weights[0], "_value")
    adapter = ArrayDataAdapter(np.zeros((3, 1)), batch_size=2)
    assert [len(x) for x in adapter.get_numpy_iterator()] == [2, 1]
    assert hasattr(adapter, "get_tf_dataset")
    assert hasattr(adapter, "get_torch_dataloader")
    assert hasattr(adapter, "_inputs") and hasattr(adapter, "_num_samples")
    if keras.backend.backend() == "jax":
        # Without these a failing step would leave a model without weights.
        assert hasattr(model, "_purge_model_variables")
        assert hasattr(model, "_jax_state_synced")


class Mode(keras.layers.Layer):
    """Notes whether it trains, and calls a layer inside."""

    def __init__(self, inner=None):
        super().__init__()
        self.inner = inner
        self.seen = []
        # Keras would call it once more, to build it.
        self.built = True

    def call(self, x, training=None):
        self.seen.append(training)
        return x if self.inner is None else self.inner(x)


@pytest.mark.parametrize("trains", [True, False])
def test_an_explicit_training_ends_with_its_call(trains):
    """By Keras' `CallContext` it would hold for the calls that follow."""
    inner = Mode()
    outer, other = Mode(inner), Mode()
    x = ops.ones((1, 2))
    with backend.training_by_call(trains):
        for training in (not trains, None, trains):
            outer(x, training=training)
            other(x)
        outer(x)
    assert inner.seen == [not trains, trains, trains, trains]
    assert other.seen == [trains] * 3
    # Outside nothing has changed.
    other(x)
    assert not other.seen[-1]


def test_keras_private_names_of_metrics_and_optimizers_exist():
    """Checked with Keras 3.15.1."""
    assert metric_direction(keras.metrics.MeanSquaredError()) == "min"
    assert metric_direction(keras.metrics.BinaryAccuracy()) == "max"
    assert metric_direction(keras.metrics.Mean()) is None
    adam = keras.optimizers.AdamW(
        0.1, use_ema=True, gradient_accumulation_steps=2
    )
    adam.exclude_from_weight_decay(var_names=["bias"])
    adam.build([keras.Variable([0.0])])
    assert set(optimizer_copies.OWN) <= set(vars(adam))


def test_input_gradient_and_its_gradient():
    """d/dx sum(x^3) = 3 x^2, and d/dx sum(3 x^2) = 6 x."""
    x = ops.convert_to_tensor(np.array([1.0, -2.0], "float32"))
    first = backend.input_gradient(lambda u: u * u * u, x)
    np.testing.assert_allclose(ops.convert_to_numpy(first), [3, 12], rtol=1e-6)

    def slope(u):
        return backend.input_gradient(lambda v: v * v * v, u)

    second = backend.input_gradient(slope, x)
    np.testing.assert_allclose(
        ops.convert_to_numpy(second), [6, -12], rtol=1e-6
    )


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_gradients_against_finite_differences():
    """Of a player's loss, along its own gradient."""
    keras.utils.set_random_seed(0)
    model = AEGAN.for_shape((6,), latent_dim=2, width=2, normalization=None)
    rate = 1e-3
    sgd = keras.optimizers.SGD(rate)
    model.compile(optimizer=sgd, update="simultaneous")
    x = samples(model, 8)
    values = [v.copy() for v in model.get_weights()]

    def losses(weights):
        model.set_weights(weights)
        return model.fit(x, batch_size=8, shuffle=False, verbose=0).history

    start = losses(values)
    moved = model.get_weights()
    for player, networks in model.players().items():
        owned = {id(v) for n in networks for v in n.trainable_variables}
        step = [
            new if id(v) in owned else old
            for v, old, new in zip(model.weights, values, moved)
        ]
        squared = sum(
            float(np.sum((new - old) ** 2)) for old, new in zip(values, step)
        )
        # Descent by rate r lowers the loss by r |g|^2 = |step|^2 / r.
        key = f"{player}_loss"
        fall = start[key][0] - losses(step)[key][0]
        np.testing.assert_allclose(fall, squared / rate, rtol=0.05)


@pytest.mark.filterwarnings("ignore:.*takes no labels")
def test_each_batch_meets_the_step_of_its_shape_and_type():
    """Against steps that nothing compiles; the last batch is shorter."""
    x = np.random.default_rng(0).uniform(-1, 1, (20, 6)).astype("float32")
    results = []
    for eager in (False, True):
        keras.utils.set_random_seed(0)
        model = Autoencoder.for_shape((6,), latent_dim=2, width=2)
        model.compile(run_eagerly=eager)
        logs = []
        for data in ((x,), (x, np.zeros(20))):
            history = model.fit(
                *data, batch_size=8, epochs=2, shuffle=False, verbose=0
            ).history
            logs += [history[name] for name in sorted(history)]
        results.append(logs)
    np.testing.assert_allclose(*results, rtol=1e-4)


class Follow(keras.layers.Layer):
    """Counts its calls; a second variable is always one behind."""

    def build(self, shape):
        self.count, self.before = (
            self.add_weight(shape=(), initializer="zeros", trainable=False)
            for _ in range(2)
        )

    def call(self, x):
        self.before.assign(self.count)
        self.count.assign(self.count + 1.0)
        return x


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_variable_takes_the_value_that_another_one_had(run_eagerly):
    model = Autoencoder.for_shape((6,), latent_dim=2, width=2)
    start = keras.Input((6,))
    follow = Follow()
    encoder = keras.Model(start, keras.layers.Dense(2)(follow(start)))
    model = Autoencoder(encoder=encoder, generator=model.generator)
    model.compile(run_eagerly=run_eagerly)
    model.fit(samples(model, 24), batch_size=8, verbose=0)
    count, before = (ops.convert_to_numpy(v) for v in follow.variables)
    assert count >= 3
    assert before == count - 1


# TensorFlow has no such count.
if keras.backend.backend() != "tensorflow":

    def floating_point_operations(model, batch_size=16):
        """Those of one compiled step of `fit`."""
        x = samples(model, batch_size)
        if keras.backend.backend() == "torch":
            from torch.utils.flop_counter import FlopCounterMode

            model.fit(x, batch_size=batch_size, verbose=0)
            with FlopCounterMode(display=False) as counter:
                model.fit(x, batch_size=batch_size, verbose=0)
            return counter.get_total_flops()
        import jax

        state = model._get_jax_state(True, True, True, True)
        step = jax.jit(model.train_step).lower(state, (x,)).compile()
        return step.cost_analysis()["flops"]

    def dense(sizes):
        layers = [keras.layers.Dense(n) for n in sizes[1:]]
        return keras.Sequential([keras.Input((sizes[0],)), *layers])

    @pytest.mark.parametrize("update", ORDERS)
    def test_no_more_arithmetic_than_by_hand(update):
        """Products of matrices, counted on paper for the best loop there is.

        Sharing as in the rules R1 to R3 of any such loop: x_hat and x_tilde
        in one pass, real and fakes in one pass (which simultaneous players
        pull back whole), no generator twice.
        """
        batch, data, code, width = 128, 96, 64, 256
        encoder, decoder = [data, width, width, code], [code, width, data]
        judge, latent_judge = [data, width, 1], [code, width, 1]
        model = AEGAN(
            encoder=dense(encoder),
            generator=dense(decoder),
            discriminator=dense(judge),
            latent_discriminator=dense(latent_judge),
        )
        loss = dict.fromkeys(
            ["adversarial", "latent_adversarial"], "non_saturating"
        )
        model.compile(update=update, loss=loss)

        def forward(sizes, batches):
            pairs = zip(sizes, sizes[1:])
            return sum(2 * batches * batch * a * b for a, b in pairs)

        # Forward, gradients of weights, gradients of inputs.
        expected = 3 * forward(encoder, 2) + 3 * forward(decoder, 2)
        expected -= forward(encoder[:2], 1)  # x needs no gradient
        for sizes in (judge, latent_judge):
            alternating = update == "alternating"
            expected += forward(sizes, 3) + forward(sizes, 3)
            expected += forward(sizes[1:], 3)  # to the first layer's output
            expected += forward(sizes, 2 if alternating else 0)
            expected += forward(sizes, 2 if alternating else 3)  # to fakes
        counted = floating_point_operations(model, batch)
        assert 0.98 * expected <= counted <= 1.02 * expected

    def test_alternating_costs_only_a_second_look_more():
        """Nothing twice: counted by the compiler, with batch normalisation.

        Alternating judges both fakes once more by the new discriminators,
        forward only, since the passes back are the same: 2 of some 25 parts.
        """
        counts = {}
        for update in ORDERS:
            model = AEGAN.for_shape((16, 16, 1), latent_dim=4, width=8)
            model.compile(update=update, loss={"adversarial": "hinge"})
            counts[update] = floating_point_operations(model)
        assert counts["simultaneous"] <= 1.02 * counts["alternating"]
        assert counts["alternating"] <= 1.08 * counts["simultaneous"]


if keras.backend.backend() == "torch":
    import torch

    def test_a_recorded_step_equals_an_eager_one_to_the_last_bit():
        results = []
        for eager in (False, True):
            keras.utils.set_random_seed(0)
            model = AEGAN.for_shape(
                (8, 8, 1), latent_dim=4, width=4, noise=0.1, dropout=0.1
            )
            model.compile(run_eagerly=eager)
            model.fit(samples(model), batch_size=16, shuffle=False, verbose=0)
            results.append(model.get_weights())
        for a, b in zip(*results):
            np.testing.assert_array_equal(a, b)

    def test_a_step_that_cannot_be_recorded_says_so_and_trains():
        """Keras' own noise draws from a generator object of Python."""
        model = AEGAN.for_shape((6,), latent_dim=2, width=2)
        start = keras.Input((6,))
        x = keras.layers.GaussianNoise(0.5)(start)
        judge = keras.Model(start, keras.layers.Dense(1)(x))
        parts = {n: getattr(model, n) for n in model.part_names}
        model = AEGAN(**{**parts, "discriminator": judge})
        model.compile()
        before = judge.get_weights()[0]
        with pytest.warns(UserWarning, match="cannot be recorded"):
            model.fit(samples(model, 16), batch_size=8, verbose=0)
        assert not np.array_equal(judge.get_weights()[0], before)

    def test_a_weight_that_keras_does_not_know_is_not_recorded():
        class Stray(keras.layers.Layer):
            def call(self, x):
                return x * hidden[0]

        hidden = [torch.nn.Parameter(torch.ones(()))]
        model = AEGAN.for_shape((6,), latent_dim=2, width=2)
        start = keras.Input((6,))
        judge = keras.Model(start, keras.layers.Dense(1)(Stray()(start)))
        parts = {n: getattr(model, n) for n in model.part_names}
        model = AEGAN(**{**parts, "discriminator": judge})
        model.compile()
        with pytest.warns(UserWarning, match="no Keras layer tracks"):
            model.fit(samples(model, 16), batch_size=8, verbose=0)

    def test_compiled_by_inductor():
        results = []
        for jit_compile in (True, False):
            keras.utils.set_random_seed(0)
            model = AEGAN.for_shape((6,), latent_dim=2, width=2, dropout=0.1)
            model.compile(jit_compile=jit_compile)
            logs = model.fit(
                samples(model, 32),
                batch_size=16,
                epochs=3,
                shuffle=False,
                verbose=0,
            ).history
            results.append([logs[name] for name in sorted(logs)])
        np.testing.assert_allclose(*results, rtol=1e-4, atol=1e-5)


if keras.backend.backend() == "jax":
    import jax

    from keras_aegan.backend.jax.common_subexpressions import compute_once

    def test_equal_operations_are_merged_and_results_kept():
        def function(x, w):
            def loss(w):
                y = jax.nn.relu(x @ w)
                return (y - y.mean(0))[0] @ (1 / (1e-3 + y.var(0)))

            return loss(w), jax.value_and_grad(loss)(w)

        x = np.random.default_rng(0).normal(size=(8, 4)).astype("float32")
        w = np.eye(4, dtype="float32")
        plain, (value, slope) = jax.jit(compute_once(function, set()))(x, w)
        expected, (_, expected_slope) = function(x, w)
        np.testing.assert_allclose(plain, expected, rtol=1e-5)
        np.testing.assert_allclose(value, expected, rtol=1e-5)
        np.testing.assert_allclose(slope, expected_slope, rtol=1e-4)

        def products(function):
            return str(jax.make_jaxpr(function)(x, w)).count("dot_general")

        def gradient_alone(x, w):
            return function(x, w)[1]

        alone = products(compute_once(gradient_alone, set()))
        assert products(compute_once(function, set())) == alone
        assert products(function) > alone


@pytest.mark.parametrize("eager", [False, True])
def test_arrays_are_shuffled_alike_on_every_backend(eager):
    """A function of the optimizer's seed and of the steps done."""
    x = np.arange(10, dtype="float32")[:, None] / 10
    model = Autoencoder.for_shape((1,), latent_dim=1, width=2)
    seen = []
    play = model.play

    places = ops.convert_to_tensor(np.arange(1, 6, dtype="float32")[:, None])

    def looked_at(x, y=None):
        terms = play(x, y)
        rebuilt = terms["reconstruction"]
        terms["reconstruction"] = ops.sum(x * places) + 0 * rebuilt
        return terms

    model.play = looked_at
    model.compile(run_eagerly=eager)
    keep = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: seen.append(
            float(logs["reconstruction"])
        )
    )
    model.optimizer.order_seed.assign(5)
    model.fit(x, batch_size=5, epochs=2, callbacks=[keep], verbose=0)
    # Two steps to an epoch.
    orders = [np.random.default_rng([5, steps, 0]) for steps in (0, 2)]
    epochs = [order.permutation(10).reshape(2, 5) / 10 for order in orders]
    first, second = (e @ np.arange(1, 6) for e in epochs)
    # Logs are means since the epoch began.
    expected = [first[0], first.mean(), second[0], second.mean()]
    np.testing.assert_allclose(seen, expected, rtol=1e-5)

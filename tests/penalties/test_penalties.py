"""Penalties on linear discriminators, and second order under compilation."""

import keras
import numpy as np
import pytest
from catalogue import PENALTIES
from catalogue import samples
from keras import ops

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import penalties
from keras_aegan.engine.discrimination import Discrimination
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN

GRADIENT = np.array([[0.6], [-0.8], [1.0]], "float32")
X = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 5.0]], "float32")
FAKE = np.array([[4.0, 0.0, 1.0], [2.0, 2.0, 2.0]], "float32")


def discrimination(gradient=GRADIENT):
    """Of the discriminator `D(x) = a x`, whose gradient is `a` everywhere."""
    dense = keras.layers.Dense(1, use_bias=False)
    network = keras.Sequential([keras.Input((len(gradient),)), dense])
    dense.kernel.assign(gradient)
    real, fake = ops.convert_to_tensor(X), ops.convert_to_tensor(FAKE)
    return Discrimination(losses.NonSaturating(), network, real, [fake])


def value(penalty, gradient=GRADIENT):
    return number(penalty(discriminations=[discrimination(gradient)]))


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


def test_gradients_of_a_linear_discriminator():
    """|a|^2 = 0.36 + 0.64 + 1 = 2 everywhere."""
    assert value(penalties.R1(3.0)) == pytest.approx(3.0)
    assert value(penalties.R2(3.0)) == pytest.approx(3.0)
    missed = (np.sqrt(2) - 1) ** 2
    assert value(penalties.GradientPenalty(10.0)) == pytest.approx(10 * missed)
    assert value(penalties.GradientPenalty(1.0, target=0.0)) == pytest.approx(2)
    assert value(penalties.DRAGAN(10.0)) == pytest.approx(10 * missed)


def test_a_weight_may_follow_a_schedule(tmp_path):
    """3 halved every step, from `fit` and after saving, times |a|^2 / 2 = 1.

    The discriminator does not move, so only the weight changes.
    """
    decay = keras.optimizers.schedules.ExponentialDecay(3.0, 1, 0.5)
    dense = keras.layers.Dense(1, use_bias=False)
    same = keras.layers.Identity()  # The layer of features.
    network = keras.Sequential([keras.Input((3,)), same, dense])
    model = GAN.for_shape((3,), latent_dim=2, width=2, discriminator=network)
    dense.kernel.assign(GRADIENT)
    still = keras.optimizers.Adam(0.0)
    model.compile(still, penalties={"discriminator": penalties.R1(decay)})
    x = np.concatenate([X, X])
    options = {"batch_size": 2, "shuffle": False, "verbose": 0}
    logged = model.fit(x, **options).history["discriminator_r1"]
    assert logged == pytest.approx([(3.0 + 1.5) / 2])
    model.save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    logged = model.fit(x, **options).history["discriminator_r1"]
    assert logged == pytest.approx([(0.75 + 0.375) / 2])


def test_a_gradient_of_norm_1_costs_nothing_and_one_of_0_is_finite():
    unit = GRADIENT / np.sqrt(2)
    assert value(penalties.GradientPenalty(10.0), unit) == pytest.approx(0)
    flat = np.zeros_like(GRADIENT)
    assert value(penalties.GradientPenalty(10.0), flat) == pytest.approx(
        10, rel=1e-4
    )


def test_interpolations_lie_between():
    """`D(u) = |u|^2 / 2` has the gradient `u`: so it shows where `u` was."""

    class Bowl(keras.layers.Layer):
        def call(self, x):
            return ops.sum(ops.square(x), axis=-1, keepdims=True) / 2

    zeros, ones = (np.full((8192, 4), v, "float32") for v in (0, 1))
    between = Discrimination(
        losses.NonSaturating(),
        keras.Sequential([keras.Input((4,)), Bowl()]),
        ops.convert_to_tensor(ones),
        [ops.convert_to_tensor(zeros)],
    )
    penalty = penalties.GradientPenalty(1.0, target=0.0, seed=0)
    # u = a (1, 1, 1, 1), |u|^2 = 4 a^2, whose mean over a in [0, 1) is 4/3.
    assert number(penalty(discriminations=[between])) == pytest.approx(
        4 / 3, rel=0.05
    )


def test_lecam_against_its_formula():
    """D(x) = (2, 4.2), D(x_hat) = (3.4, 1.6), computed by hand."""
    real, fake = X @ GRADIENT, FAKE @ GRADIENT
    penalty = penalties.LeCam(1.0, decay=0.5)
    a_r, a_f = real.mean(), fake.mean()
    for _ in range(2):  # the same batch leaves the averages where they are
        expected = np.mean(np.maximum(real - a_f, 0) ** 2) + np.mean(
            np.maximum(a_r - fake, 0) ** 2
        )
        assert value(penalty) == pytest.approx(float(expected), rel=1e-5)
    value(penalty, 3 * GRADIENT)
    np.testing.assert_allclose(
        ops.convert_to_numpy(penalty.averages), [2 * a_r, 2 * a_f, 1], rtol=1e-5
    )


def test_consistency_against_its_formula():
    """T(x) = x + 1 moves a linear logit by the sum of the gradient, 0.8."""
    shift = keras.layers.Rescaling(1.0, offset=1.0)
    assert value(penalties.Consistency(shift, 1.0)) == pytest.approx(0.64)
    both = penalties.Consistency(shift, 1.0, balanced=True)
    assert value(both) == pytest.approx(1.28)


def test_r1_and_its_gradient_against_finite_differences():
    """What R1 adds to a step of gradient descent, on a curved network."""
    keras.utils.set_random_seed(0)
    start = keras.Input((3,))
    hidden = keras.layers.Dense(5, activation="tanh")
    critic = keras.Model(start, keras.layers.Dense(1)(hidden(start)))
    fake = ops.convert_to_tensor(FAKE)

    def r1(kernel):
        hidden.kernel.assign(kernel)
        real = ops.convert_to_tensor(X)
        game = Discrimination(losses.NonSaturating(), critic, real, [fake])
        return number(penalties.R1(1.0)(discriminations=[game]))

    # With D = w2 tanh(W x + b): d R1 / d W by the chain rule, in NumPy.
    kernel = ops.convert_to_numpy(hidden.kernel).astype("float64")
    w2 = ops.convert_to_numpy(critic.layers[-1].kernel)[:, 0].astype("float64")
    direction = np.random.default_rng(0).normal(size=kernel.shape)

    def by_hand(kernel):
        h = np.tanh(X.astype("float64") @ kernel)
        gradient = ((1 - h**2) * w2) @ kernel.T
        return 0.5 * np.mean(np.sum(gradient**2, axis=1))

    assert r1(kernel) == pytest.approx(by_hand(kernel), rel=1e-4)
    step = 0.05 * direction
    assert r1(kernel + step) == pytest.approx(by_hand(kernel + step), rel=1e-4)


CASES = [((6,), make) for make in PENALTIES.values()]
CASES.append(((8, 8, 1), PENALTIES[penalties.R1]))


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "shape, make", CASES, ids=lambda c: c().label if callable(c) else str(c)
)
def test_penalties_train_compiled_and_eager_alike(shape, make):
    """Second order through compiled and recorded steps."""
    results = []
    for eager in (False, True):
        keras.utils.set_random_seed(0)
        model = AEGAN.for_shape(shape, latent_dim=2, width=2)
        model.compile(
            run_eagerly=eager,
            penalties={
                "discriminator": [make()],
                "latent_discriminator": penalties.R1(1.0),
            },
        )
        history = model.fit(
            samples(model, 32),
            batch_size=16,
            epochs=2,
            shuffle=False,
            verbose=0,
        ).history
        assert f"discriminator_{make().label}" in history
        assert "latent_discriminator_r1" in history
        results.append([history[name] for name in sorted(history)])
    assert np.isfinite(results).all()
    np.testing.assert_allclose(*results, rtol=2e-3, atol=1e-4)


def test_a_strong_penalty_flattens_the_discriminator():
    model = AEGAN.for_shape((6,), latent_dim=2, width=4)
    x = samples(model)

    def steepness(weight):
        keras.utils.set_random_seed(0)
        model = AEGAN.for_shape((6,), latent_dim=2, width=4)
        model.compile(penalties={"discriminator": penalties.R1(weight)})
        logs = model.fit(x, batch_size=16, epochs=8, verbose=0).history
        return logs["discriminator_r1"][-1] / weight

    assert steepness(100.0) < 0.5 * steepness(0.01)


def test_penalties_are_saved_with_the_model(tmp_path):
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    given = [
        penalties.LeCam(),
        penalties.Consistency(layers.GaussianNoise(0.1)),
    ]
    model.compile(penalties={"discriminator": given})
    x = samples(model)
    model.fit(x, batch_size=16, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    expected, actual = (
        m.fit(x, batch_size=16, shuffle=False, verbose=0).history
        for m in (model, loaded)
    )
    for name, values in expected.items():
        np.testing.assert_allclose(actual[name], values, rtol=1e-5)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_what_a_penalty_remembers_moves_with_its_player(update):
    """Two steps of two turns draw four times; averages are not 0."""
    draws, averages = penalties.GradientPenalty(1.0), penalties.LeCam(0.1)
    model = GAN.for_shape((6,), latent_dim=2, width=2)
    model.compile(
        update=update,
        turns={"discriminator": 2},
        penalties={"discriminator": [draws, averages]},
    )
    model.fit(samples(model, 32), batch_size=16, verbose=0)
    state = ops.convert_to_numpy(draws.generator.state)
    assert state[2] == 4
    assert (ops.convert_to_numpy(averages.averages) != 0).all()


BAD = {
    "unknown player": {"referee": [penalties.R1()]},
    "not a penalty": {"discriminator": ["r1"]},
    "two of a kind": {"discriminator": [penalties.R1(), penalties.R1()]},
}


@pytest.mark.parametrize("penalties", BAD.values(), ids=BAD)
def test_wrong_penalties_are_refused(penalties):
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    with pytest.raises(ValueError, match="Received"):
        model.compile(penalties=penalties)


def test_wrong_arguments():
    for make in (
        lambda: penalties.R1(-1.0),
        lambda: penalties.GradientPenalty(target=-1.0),
        lambda: penalties.DRAGAN(scale=0.0),
        lambda: penalties.LeCam(decay=1.0),
        lambda: penalties.Consistency("flip"),
    ):
        with pytest.raises(ValueError, match="Received"):
            make()

"""Turns, gates, shares of a batch and discriminations, on hand-made games."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_aegan
from keras_aegan.engine import call_stacked
from keras_aegan.engine import call_without_statistics
from keras_aegan.engine.batches import split_batch
from keras_aegan.engine.compile_arguments import groups_for
from keras_aegan.engine.compile_arguments import plan_turns
from keras_aegan.engine.discrimination import Discrimination
from keras_aegan.losses import Relativistic
from keras_aegan.losses import Wasserstein

# Keras' SGD, whose steps can be computed by hand, cannot be recorded.
pytestmark = pytest.mark.filterwarnings("ignore:This step cannot be recorded")


def linear(name, start=0.0):
    """`w x`, with one weight."""
    x = keras.Input((1,))
    layer = keras.layers.Dense(
        1,
        use_bias=False,
        kernel_initializer=keras.initializers.Constant(start),
    )
    return keras.Model(x, layer(x), name=name)


class Tug(keras_aegan.AdversarialModel):
    """Each player pulls its weight; `right` also sees what `left` did.

    `left` minimises `(a - 1)^2`, `right` minimises `(b - a)^2`, so that after
    one step of plain gradient descent each number can be computed by hand.
    """

    open_gates = None

    def __init__(self, left, right, name=None):
        super().__init__(left=left, right=right, name=name)
        self.generator = left
        self.encoder = left

    def players(self):
        return {"left": [self.left], "right": [self.right]}

    def terms(self):
        return {"left": {"pull": 1.0}, "right": {"follow": 1.0}}

    def default_settings(self):
        sgd = keras.optimizers.SGD(0.25)
        return {"optimizer": dict.fromkeys(self.players(), sgd)}

    def play(self, x, y=None):
        a, b = self.left(x), self.right(x)
        return {
            "pull": ops.mean(ops.square(a - 1.0)),
            "follow": lambda: ops.mean(ops.square(b - a)),
        }

    def gates(self, results):
        if self.open_gates is None:
            return {}
        return {"left": results["pull"] > self.open_gates}


def tug(**arguments):
    model = Tug(linear("left"), linear("right", 2.0))
    model.compile(**{"decay": "constant", **arguments})
    return model


def weights(model):
    return [float(v[0, 0]) for v in model.get_weights()]


X = np.ones((6, 1), "float32")


@pytest.mark.parametrize(
    "arguments, expected",
    [
        # left: 0 - .25 * 2 (0 - 1) = .5. right at a = 0: 2 - .25 * 2 * 2 = 1;
        # at the new a = .5: 2 - .25 * 2 * 1.5 = 1.25.
        ({"update": "simultaneous"}, [0.5, 1.0]),
        ({"update": "alternating"}, [0.5, 1.25]),
        ({"update": [["right"], ["left"]]}, [0.5, 1.0]),
        # Two turns of left: .5, then .5 + .25 = .75; right at .75.
        ({"turns": {"left": 2}}, [0.75, 2 - 0.5 * (2 - 0.75)]),
        # In one group right joins the last turn, where a is still .5.
        (
            {"turns": {"left": 2}, "update": "simultaneous"},
            [0.75, 2 - 0.5 * (2 - 0.5)],
        ),
        ({"loss_weights": {"pull": 0.5}}, [0.25, 2 - 0.5 * 1.75]),
        ({"loss_weights": {"pull": 0.0}}, [0.0, 1.0]),
    ],
)
def test_one_step_by_hand(arguments, expected):
    model = tug(**arguments)
    model.fit(X, batch_size=6, verbose=0)
    np.testing.assert_allclose(weights(model), expected, atol=1e-6)


def test_the_logs_are_means_over_samples():
    """Two batches, of 4 and 2 samples: pull is 1, then (.5 - 1)^2."""
    model = tug(update="simultaneous")
    logs = model.fit(X, batch_size=4, shuffle=False, verbose=0).history
    expected = (4 * 1.0 + 2 * 0.25) / 6
    np.testing.assert_allclose(logs["pull"][0], expected, rtol=1e-6)
    np.testing.assert_allclose(logs["left_loss"][0], expected, rtol=1e-6)


def test_a_weight_may_follow_the_step():
    """Weight 1 at step 0, .5 at step 1: a is .5, then .5 + .125."""
    decay = keras.optimizers.schedules.ExponentialDecay(1.0, 1, 0.5)
    model = tug(loss_weights={"pull": decay})
    model.fit(X, batch_size=6, epochs=2, verbose=0)
    np.testing.assert_allclose(weights(model)[0], 0.625, atol=1e-6)


def test_a_closed_gate_keeps_weights_and_optimizer():
    """Adam goes on by its momentum even where the gradient is 0."""
    model = tug(optimizer=keras.optimizers.Adam(0.25), update="simultaneous")
    model.fit(X, batch_size=6, verbose=0)
    inner = model.optimizer.of("left").variables
    before = [np.array(ops.convert_to_numpy(v)) for v in inner]
    start = weights(model)
    model.open_gates = 1e9
    model.compile(optimizer=model.optimizer, update="simultaneous")
    model.fit(X, batch_size=6, verbose=0)
    end = weights(model)
    assert end[0] == start[0]
    assert end[1] != start[1]
    for a, v in zip(before, model.optimizer.of("left").variables):
        np.testing.assert_array_equal(a, ops.convert_to_numpy(v))
    model.open_gates = -1.0
    model.compile(optimizer=model.optimizer, update="simultaneous")
    model.fit(X, batch_size=6, verbose=0)
    assert weights(model)[0] != start[0]


def test_a_batch_may_be_divided_among_turns():
    """left sees 1s in its first turn and 3s in its second."""
    x = np.array([[1.0], [1.0], [3.0], [3.0]], "float32")
    model = tug(turns={"left": 2}, update="simultaneous", fresh_batches=True)
    model.fit(x, batch_size=4, shuffle=False, verbose=0)
    # a = 0 + .5 * (1 - 0) = .5; then on 3s: .5 - .25 * 2 * 3 (3 * .5 - 1).
    np.testing.assert_allclose(weights(model)[0], 0.5 - 1.5 * 0.5, atol=1e-6)


def test_a_turn_without_samples_sees_the_whole_batch():
    """3 samples in 4 turns: none for the first, then one for each."""

    def parts(x):
        return [part for part, _ in split_batch(x, None, 4)]

    x = ops.convert_to_tensor([[1.0], [2.0], [3.0]])
    functions = [parts]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        # Of a batch of any size, as `tf.data` gives it.
        any_size = [tf.TensorSpec((None, 1))]
        functions.append(tf.function(parts, input_signature=any_size))
    for function in functions:
        seen = [ops.convert_to_numpy(part).ravel() for part in function(x)]
        assert [p.tolist() for p in seen] == [[1, 2, 3], [1], [2], [3]]


def test_a_small_last_batch_is_divided_as_far_as_it_goes():
    """The second batch has one sample for five turns."""
    model = keras_aegan.models.GAN.for_shape((6,), latent_dim=2, width=2)
    model.compile(turns={"discriminator": 4}, fresh_batches=True)
    x = np.random.default_rng(0).normal(size=(17, 6)).astype("float32")
    logs = model.fit(x, batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert all(np.isfinite(w).all() for w in model.get_weights())


def test_plans():
    turns = {"a": 1, "b": 2, "c": 1}
    assert plan_turns([["a", "b"], ["c"]], turns) == [
        (["b"], False),
        (["a", "b"], True),
        (["c"], False),
    ]


def test_alternating_players_move_one_after_the_other():
    """In the model's groups if there are several, otherwise each alone."""
    players, groups = ["a", "b", "c"], [["a", "b"], ["c"]]
    each = [["a"], ["b"], ["c"]]
    assert groups_for(players, "alternating") == each
    assert groups_for(players, "alternating", "simultaneous") == each
    assert groups_for(players, "alternating", groups) == groups
    assert groups_for(players, None, groups) == groups
    assert groups_for(players, None, "simultaneous") == [players]
    assert groups_for(players, "simultaneous", groups) == [players]


def test_what_belongs_in_play_says_so_outside():
    model = tug()
    with pytest.raises(RuntimeError, match="belong in `play`.*Received"):
        model.compare("pull", X, X)


def test_terms_that_play_does_not_return_are_reported():
    class Silent(Tug):
        def play(self, x, y=None):
            return {"pull": ops.mean(self.left(x))}

    model = Silent(linear("left"), linear("right"))
    model.compile()
    with pytest.raises(ValueError, match="follow.*Received"):
        model.fit(X, verbose=0)


def test_regularisers_belong_to_their_owner():
    """L2 of .1 on left's only weight of 2 adds .1 * 4 to its loss."""
    left = linear("left", 2.0)
    left.layers[-1].kernel.regularizer = keras.regularizers.L2(0.1)
    model = Tug(left, linear("right", 2.0))
    model.compile(update="simultaneous")
    logs = model.fit(X, batch_size=6, verbose=0).history
    np.testing.assert_allclose(logs["left_loss"][0], 1.4, rtol=1e-6)
    np.testing.assert_allclose(logs["pull"][0], 1.0, rtol=1e-6)
    np.testing.assert_allclose(logs["right_loss"][0], 0.0, atol=1e-6)


class TwoModes(keras_aegan.AdversarialModel):
    """Calls one network for inference, or for training, before another."""

    fixed_mode = False

    def __init__(self, encoder, generator, name=None):
        super().__init__(encoder=encoder, generator=generator, name=name)

    def players(self):
        return {"generator": [self.generator], "encoder": [self.encoder]}

    def terms(self):
        return {"generator": {"size": 1.0}, "encoder": {"code_size": 1.0}}

    def play(self, x, y=None):
        z = self.encoder(x, training=self.fixed_mode)
        return {
            "size": ops.mean(ops.square(self.generator(x) - 1.0)),
            "code_size": ops.mean(ops.square(z - 1.0)),
        }


def normalized(name):
    return keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(2),
            keras.layers.BatchNormalization(),
        ],
        name=name,
    )


def test_training_given_to_one_call_is_not_that_of_the_next():
    model = TwoModes(normalized("encoder"), normalized("generator"))
    model.compile()
    x = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")

    def means():
        norms = (model.encoder.layers[-1], model.generator.layers[-1])
        return [ops.convert_to_numpy(norm.moving_mean) for norm in norms]

    before = means()
    model.fit(x, batch_size=8, verbose=0)
    is_same = [np.array_equal(a, b) for a, b in zip(before, means())]
    assert is_same == [True, False]
    # In validation the generator infers, whatever the encoder does.
    logs = model.evaluate(x, verbose=0, return_dict=True)
    model.fixed_mode = True
    model.compile()
    other = model.evaluate(x, verbose=0, return_dict=True)
    assert logs["size"] == pytest.approx(other["size"], rel=1e-6)
    assert logs["code_size"] != pytest.approx(other["code_size"], rel=1e-3)


class Counting:
    """A discriminator that notes the batches that it is asked about."""

    layers = ()

    def __init__(self):
        self.network = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(1)]
        )
        self.seen = []

    def _flatten_layers(self):
        return self.network._flatten_layers()

    def __call__(self, x):
        self.seen.append(int(x.shape[0]))
        return self.network(x)


@pytest.mark.parametrize(
    "loss, turn, seen",
    [
        (Wasserstein(), ["discriminator_loss", "generator_loss"], [6]),
        (Wasserstein(), ["generator_loss"], [4]),
        (Relativistic(), ["generator_loss"], [2, 4]),
        (Wasserstein(fake_weights=(1, 0)), ["discriminator_loss"], [4]),
        (Wasserstein(), ["generator_loss", "discriminator_loss"], [4, 2]),
    ],
)
def test_no_sample_is_judged_twice_or_without_need(loss, turn, seen):
    judge = Counting()
    batch = np.ones((2, 1), "float32")
    discrimination = Discrimination(loss, judge, batch, [batch, batch])
    for side in turn:
        getattr(discrimination, side)()
    assert judge.seen == seen


def test_calls_are_stacked_only_where_samples_do_not_mix():
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    start = keras.Input((3,))
    plain = keras.Model(start, keras.layers.Dense(2)(start))
    a, b = call_stacked(plain, x, 2 * x)
    np.testing.assert_allclose(
        ops.convert_to_numpy(b), ops.convert_to_numpy(plain(2 * x)), atol=1e-6
    )
    normal = keras.layers.BatchNormalization()
    inner = keras.Sequential([keras.Input((3,)), normal])
    mixing = keras.Model(start, inner(start))
    seen = []
    call = normal.call
    normal.call = lambda u, **kw: seen.append(u.shape[0]) or call(u, **kw)
    call_stacked(mixing, x, 2 * x)
    assert seen == [4, 4]


def test_a_call_without_statistics_leaves_averages_and_moves_noise_on():
    start = keras.Input((3,))
    x = keras_aegan.layers.GaussianNoise(0.1, seed=0)(start)
    network = keras.Model(start, keras.layers.BatchNormalization()(x))
    batch = np.ones((4, 3), "float32")

    class Caller(keras.layers.Layer):
        def call(self, x, training=None):
            return call_without_statistics(network, x)

    before = network.get_weights()
    outputs = [
        ops.convert_to_numpy(Caller()(batch, training=True)) for _ in range(2)
    ]
    assert not np.array_equal(*outputs)
    names = [v.name for v in network.weights]
    for name, a, b in zip(names, before, network.get_weights()):
        assert np.array_equal(a, b) == (name != "state"), name

"""Weights that follow gradients, against gradients computed by hand."""

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples
from keras import ops

from keras_aegan import AdversarialModel
from keras_aegan import models
from keras_aegan.engine.standard_parts import GENERATOR
from keras_aegan.penalties import GradientRatio

FIT = {"batch_size": 16, "shuffle": False, "verbose": 0}


class Line(AdversarialModel):
    """Two lines through 0, at 1: `step` returns their weights.

    The terms' gradients for them are (2, 0), (3, 4) and (0, 1).
    """

    parts = (GENERATOR,)

    def players(self):
        return {"generator": [self.generator]}

    def terms(self):
        return {"generator": {"rest": 1.0, "long": 1.0, "other": 0.0}}

    def play(self, x, y=None):
        first, second = ops.unstack(ops.mean(self.generator(x), axis=0), 2)
        return {
            "rest": 2.0 * first,
            "long": 3.0 * first + 4.0 * second,
            "other": second,
        }


def line():
    x = keras.Input((2,))
    layer = keras.layers.Dense(2, use_bias=False, kernel_initializer="zeros")
    return Line(generator=keras.Model(x, layer(x)))


ONES = np.tile(np.float32([1, 0]), (4, 1))


def step(model):
    """Where one step of descent at rate 1 takes the weights from 0."""
    logs = model.fit(ONES, verbose=0).history
    return ops.convert_to_numpy(model.generator.weights[0])[0], logs


def compiled(model, **weights):
    # PyTorch cannot record this optimizer, whose steps show the gradient.
    model.compile(
        keras.optimizers.SGD(1.0), loss_weights=weights, run_eagerly=True
    )
    return model


def test_the_gradient_has_the_given_length():
    """|g_rest| = 2 and |g| = 5: a ratio of 1/2 makes the weight 1/5."""
    model = compiled(line(), long=GradientRatio(0.5))
    weights, logs = step(model)
    np.testing.assert_allclose(weights, [-2 - 3 / 5, -4 / 5], rtol=1e-5)
    assert logs["long_weight"][0] == pytest.approx(0.2)
    # At weights of 0 all terms are 0; now they count with that weight.
    logs = model.evaluate(ONES, verbose=0, return_dict=True)
    rest, long = 2 * weights[0], 3 * weights[0] + 4 * weights[1]
    assert logs["long_weight"] == pytest.approx(0.2)
    assert logs["generator_loss"] == pytest.approx(rest + 0.2 * long, rel=1e-5)


def test_two_terms_are_each_weighed_against_what_is_not():
    model = compiled(line(), long=GradientRatio(0.5), other=GradientRatio(3.0))
    weights, logs = step(model)
    np.testing.assert_allclose(weights, [-2.6, -0.8 - 6.0], rtol=1e-5)
    assert logs["other_weight"][0] == pytest.approx(6.0)


def test_the_logarithm_of_the_weight_is_averaged():
    """Lengths of 2 and 32 over 1: log 2 + (log 32 - log 2) / 4 = log 4."""
    layer = GradientRatio(1.0, decay=0.75)
    layer.move([ops.ones((4,))], [ops.ones((1,))])
    weight = layer.move([ops.ones((4,)) * 16], [ops.ones((1,))])
    assert float(ops.convert_to_numpy(weight)) == pytest.approx(2 * 2)


def test_the_weight_keeps_to_its_limit_and_survives_what_overflows():
    layer = GradientRatio(1.0, limit=10.0)
    one, none = [ops.ones((1,))], [ops.zeros((1,))]
    assert float(ops.convert_to_numpy(layer.move(one, none))) == (
        pytest.approx(10.0)
    )
    assert float(ops.convert_to_numpy(layer.move(none, one))) == (
        pytest.approx(0.1)
    )
    infinite = [ops.full((1,), np.inf)]
    assert float(ops.convert_to_numpy(layer.move(infinite, infinite))) == (
        pytest.approx(0.1)
    )


@pytest.mark.parametrize("update", ["simultaneous", "alternating"])
def test_a_model_trains_with_it_and_goes_on_from_a_file(update, tmp_path):
    model = MODELS[models.VAEGAN]()
    model.compile(
        loss_weights={"adversarial": GradientRatio(0.3, decay=0.9)},
        update=update,
    )
    x = samples(model, 32)
    logs = model.fit(x, validation_data=x, epochs=2, **FIT).history
    # The mean over an epoch; evaluation has what the last step left.
    layer = model.game.rules.terms.weights["adversarial"]
    state = float(ops.convert_to_numpy(layer.weight()))
    assert logs["val_adversarial_weight"][-1] == pytest.approx(state)
    assert state != 1.0
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = loaded.game.rules.terms.weights["adversarial"]
    assert again is not layer
    assert again.get_config() == layer.get_config()
    expected, actual = (m.fit(x, **FIT).history for m in (model, loaded))
    for name, values in expected.items():
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-4, atol=1e-6, err_msg=name
        )


def test_compiled_as_eager():
    histories = []
    for eager in (False, True):
        keras.utils.set_random_seed(0)
        model = MODELS[models.AEGAN]()
        ratio = GradientRatio(0.5, decay=0.5)
        model.compile(loss_weights={"adversarial": ratio}, run_eagerly=eager)
        histories.append(model.fit(samples(model, 32), **FIT).history)
    for name, values in histories[0].items():
        np.testing.assert_allclose(
            histories[1][name], values, rtol=1e-3, err_msg=name
        )


@pytest.mark.parametrize(
    "arguments", [{"ratio": 0.0}, {"decay": 1.0}, {"limit": 0.5}], ids=str
)
def test_wrong_arguments_are_refused(arguments):
    with pytest.raises(ValueError, match="Received"):
        GradientRatio(**arguments)


def test_there_must_be_something_to_weigh_against():
    with pytest.raises(ValueError, match="at least one.*Received"):
        compiled(line(), long=GradientRatio(), rest=GradientRatio())
    one = GradientRatio()
    with pytest.raises(ValueError, match="of its own.*Received"):
        compiled(line(), long=one, other=one)

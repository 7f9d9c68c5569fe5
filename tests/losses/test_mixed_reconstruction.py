"""The loss of rows with numbers and categories."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import models

SIZES = [1, 3, 1, 2]


def pair():
    rng = np.random.default_rng(0)
    y = rng.normal(size=(6, 7))
    x = rng.normal(size=(6, 7))
    for start, size in ((1, 3), (5, 2)):
        block = slice(start, start + size)
        y[:, block] = rng.dirichlet(np.ones(size), 6)
        x[:, block] = np.eye(size)[rng.integers(size, size=6)]
    return x.astype("float32"), y.astype("float32")


def by_hand(x, y):
    """One number of loss for each row."""
    squares = (x[:, 0] - y[:, 0]) ** 2 + (x[:, 4] - y[:, 4]) ** 2
    likelihood = [
        np.log(row[1:4][hot[1:4].argmax()] * row[5:7][hot[5:7].argmax()])
        for hot, row in zip(x, y)
    ]
    return (squares - likelihood) / 4


def test_by_hand():
    x, y = pair()
    loss = losses.MixedReconstruction(SIZES)
    np.testing.assert_allclose(
        ops.convert_to_numpy(loss.call(x, y)), by_hand(x, y), rtol=1e-5
    )
    np.testing.assert_allclose(
        float(loss(x, y)), by_hand(x, y).mean(), rtol=1e-5
    )


def test_categories_are_keras_cross_entropy():
    x, y = pair()
    expected = keras.losses.CategoricalCrossentropy()(x[:, 1:4], y[:, 1:4])
    loss = losses.MixedReconstruction([3])(x[:, 1:4], y[:, 1:4])
    np.testing.assert_allclose(float(loss), float(expected), rtol=1e-5)


def test_a_column_counts_once_whatever_it_is():
    """Who knows nothing pays 1 for a number of deviation 1, and log 2, the
    entropy, for a fair coin."""
    x = np.random.default_rng(0).normal(size=(100_000, 1)).astype("float32")
    number = losses.MixedReconstruction([1])(x, 0 * x)
    assert abs(float(number) - 1) < 0.02
    coin = losses.MixedReconstruction([2])(np.eye(2), np.full((2, 2), 0.5))
    np.testing.assert_allclose(float(coin), np.log(2), rtol=1e-6)
    both = losses.MixedReconstruction([1, 2])(
        np.array([[1.0, 1.0, 0.0]]), np.array([[0.0, 0.5, 0.5]])
    )
    np.testing.assert_allclose(float(both), (1 + np.log(2)) / 2, rtol=1e-6)


def test_a_wrong_certainty_still_has_a_gradient():
    """One step of 1 on the logits 0 and 40: the gradient is 1 and -1."""
    head = layers.CategorySoftmax([2])
    start = keras.Input((2,))
    bias = keras.layers.Dense(
        2, kernel_initializer="zeros", bias_initializer="zeros"
    )
    model = keras.Model(start, head(keras.layers.Add()([bias(start), start])))
    model.compile(keras.optimizers.SGD(1.0), losses.MixedReconstruction([2]))
    x = np.array([[0.0, 40.0]], "float32")
    model.fit(x, np.array([[1.0, 0.0]], "float32"), verbose=0)
    np.testing.assert_allclose(bias.get_weights()[1], [1, -1], rtol=1e-5)


def test_shapes_and_sizes_that_do_not_fit():
    x, y = pair()
    loss = losses.MixedReconstruction(SIZES)
    for wrong in (
        lambda: loss(x[:, :1], y),
        lambda: losses.MixedReconstruction([1, 2])(x, y),
        lambda: losses.MixedReconstruction([]),
        lambda: losses.MixedReconstruction([0]),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()


def test_config():
    x, y = pair()
    loss = losses.MixedReconstruction(SIZES)
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    np.testing.assert_array_equal(float(again(x, y)), float(loss(x, y)))


# === Models that train with it ===


def compiled(model, num_classes=None, **arguments):
    model = model.for_shape(
        (7,),
        latent_dim=2,
        width=2,
        activation=layers.CategorySoftmax(SIZES),
        num_classes=num_classes,
    )
    model.compile(**arguments)
    return model


@pytest.mark.parametrize(
    "model, num_classes",
    [
        (models.Autoencoder, None),
        (models.AEGAN, None),
        (models.AEGAN, 2),
        # Its default is the absolute error.
        (models.GANomaly, None),
    ],
)
def test_it_is_the_default_of_models_that_end_in_categories(
    model, num_classes, tmp_path
):
    x, _ = pair()
    labels = None if num_classes is None else np.arange(6) % 2
    model = compiled(model, num_classes)
    y = model.reconstruct(x, labels=labels)
    expected = by_hand(x, y).mean()
    logs = model.evaluate(x, labels, verbose=0, return_dict=True)
    np.testing.assert_allclose(logs["reconstruction"], expected, rtol=1e-4)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    again = loaded.evaluate(x, labels, verbose=0, return_dict=True)
    np.testing.assert_allclose(again["reconstruction"], expected, rtol=1e-4)


def test_another_loss_goes_before():
    x, _ = pair()
    model = compiled(models.AEGAN, loss={"reconstruction": "mse"})
    logs = model.evaluate(x, verbose=0, return_dict=True)
    expected = ((x - model.reconstruct(x)) ** 2).mean()
    np.testing.assert_allclose(logs["reconstruction"], expected, rtol=1e-4)

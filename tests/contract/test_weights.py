"""Weights of samples: as in Keras where it has them, by hand elsewhere."""

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples
from keras import ops

from keras_aegan import losses
from keras_aegan import models
from keras_aegan.engine.batches import split_batch
from keras_aegan.engine.discrimination import Discrimination
from keras_aegan.losses import masked_cross_entropy

WEIGHTS = np.array([0.0, 2.0, 0.5, 1.0, 0.0, 3.0, 1.0, 0.25], "float32")
X = np.random.default_rng(0).normal(size=(8, 6)).astype("float32")
LABELS = np.arange(8) % 3
CLASS_WEIGHT = {0: 0.0, 2: 2.5}
OF_LABELS = np.array([0, 1, 2.5, 0, 1, 2.5, 0, 1], "float32")


def tiny(model, **arguments):
    return model.for_shape((6,), latent_dim=2, width=2, **arguments)


def plain_keras_and_ours():
    """The same autoencoder as a plain Keras model and as ours."""
    ours = tiny(models.Autoencoder, normalization=None)
    start = keras.Input((6,))
    parts = [
        keras.models.clone_model(network)
        for network in (ours.encoder, ours.generator)
    ]
    plain = keras.Model(start, parts[1](parts[0](start)))
    for part, network in zip(parts, (ours.encoder, ours.generator)):
        part.set_weights(network.get_weights())
    for model, loss in ((plain, "mse"), (ours, None)):
        model.compile(
            keras.optimizers.Adam(0.01),
            loss,
            metrics=["mae"],
            weighted_metrics=["mae"],
        )
    return plain, ours


@pytest.mark.parametrize(
    "ours, plain",
    [
        ({"sample_weight": WEIGHTS}, WEIGHTS),
        ({"sample_weight": WEIGHTS[:, None]}, WEIGHTS),
        ({"y": LABELS, "class_weight": CLASS_WEIGHT}, OF_LABELS),
        ({"y": np.eye(3)[LABELS], "class_weight": CLASS_WEIGHT}, OF_LABELS),
    ],
    ids=["samples", "column", "classes", "one-hot"],
)
def test_weights_mean_what_they_mean_in_keras(ours, plain):
    """Three steps of 3, 3 and 2 samples; then `evaluate`."""
    keras_model, model = plain_keras_and_ours()
    run = {"batch_size": 3, "shuffle": False, "verbose": 0}
    expected = keras_model.fit(
        X, X, sample_weight=plain, validation_data=(X, X, plain), **run
    ).history
    labels = ours.get("y")
    logs = model.fit(X, validation_data=(X, labels, plain), **ours, **run)
    for name in expected:
        np.testing.assert_allclose(
            logs.history[name], expected[name], rtol=2e-5, err_msg=name
        )
    np.testing.assert_allclose(
        model.predict(X, verbose=0), keras_model.predict(X, verbose=0), 1e-4
    )


def test_a_batch_by_itself_has_weights_too():
    model = tiny(models.Autoencoder)
    model.compile(keras.optimizers.SGD(0.0))
    errors = np.mean((model.predict(X, verbose=0) - X) ** 2, axis=-1)
    expected = np.mean(WEIGHTS * errors)
    tested = model.test_on_batch(X, sample_weight=WEIGHTS, return_dict=True)
    assert tested["loss"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_classes_weigh_one_training_step():
    model = tiny(models.Autoencoder, normalization=None)
    model.compile(keras.optimizers.SGD(0.0))
    first = model.train_on_batch(
        X, LABELS, class_weight=CLASS_WEIGHT, return_dict=True
    )
    model.reset_metrics()
    second = model.train_on_batch(X, sample_weight=OF_LABELS, return_dict=True)
    assert first["loss"] == pytest.approx(second["loss"], rel=1e-6)


def batches(labels):
    for start in (0, 4):
        rows = slice(start, start + 4)
        yield X[rows], labels if labels is None else labels[rows], WEIGHTS[rows]


@pytest.mark.filterwarnings("ignore:Autoencoder takes no labels")
@pytest.mark.parametrize("labels", [LABELS, None], ids=["labels", "none"])
def test_the_third_part_of_a_batch_is_weights(labels):
    model = tiny(models.Autoencoder)
    model.compile(metrics=["mae"], weighted_metrics=["mse"])
    result = model.evaluate(batches(labels), steps=2, verbose=0)
    whole = {"batch_size": 4, "verbose": 0}
    expected = model.evaluate(X, sample_weight=WEIGHTS, **whole)
    np.testing.assert_allclose(result, expected, rtol=1e-5)
    assert abs(result[0] - model.evaluate(X, **whole)[0]) > 1e-3


def test_several_steps_to_an_execution():
    """Without labels: `None` comes before the weights."""
    model = tiny(models.Autoencoder)
    model.compile(steps_per_execution=2)
    whole = {"batch_size": 4, "verbose": 0, "return_dict": True}
    result = model.evaluate(X, sample_weight=WEIGHTS, **whole)
    model.compile()
    expected = model.evaluate(X, sample_weight=WEIGHTS, **whole)
    assert result["loss"] == pytest.approx(expected["loss"], rel=1e-5)


# === Terms ===


def mean_squares(a, b):
    return np.mean(np.square(a - b), axis=tuple(range(1, a.ndim)))


def encoded_and_reconstructed(model, x):
    encoded = ops.convert_to_numpy(model.encoder(x, training=False))
    codes = encoded[:, : encoded.shape[1] // 2]
    z = codes if model.is_variational else encoded
    return encoded, ops.convert_to_numpy(model.generator(z, training=False))


@pytest.mark.parametrize(
    "model", [models.AEGAN, models.AdversarialAutoencoder, models.WAE]
)
def test_a_reconstruction_of_weight_0_is_as_if_it_were_not_there(model):
    """By hand; in evaluation, where nothing is drawn between code and x."""
    model = tiny(model)
    model.compile()
    logs = model.test_on_batch(X, sample_weight=WEIGHTS, return_dict=True)
    _, x_tilde = encoded_and_reconstructed(model, X)
    size = 6 if isinstance(model, models.WAE) else 1
    expected = np.mean(WEIGHTS * mean_squares(X, x_tilde)) * size
    assert logs["reconstruction"] == pytest.approx(expected, rel=1e-4)


def test_divergences_are_weighed():
    model = tiny(models.VAE)
    model.compile()
    logs = model.test_on_batch(X, sample_weight=WEIGHTS, return_dict=True)
    encoded, _ = encoded_and_reconstructed(model, X)
    m, lv = encoded[:, :2], encoded[:, 2:]
    divergences = np.sum(m**2 + np.exp(lv) - 1 - lv, axis=-1) / 2
    expected = np.mean(WEIGHTS * divergences) / 6
    assert logs["divergence"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    "build",
    [
        models.AEGAN,
        models.EBGAN,
        models.VAEGAN,
        models.VEEGAN,
        models.BEGAN,
        models.ALAD,
        models.StagedAEGAN,
    ],
)
def test_of_a_batch_of_weight_0_only_fakes_and_priors_are_left(build):
    """What is of the prior stays as it is; no term is larger than before."""
    model = MODELS[build]()
    model.compile()
    x = samples(model, 8)
    logs = [
        {
            name: float(value)
            for name, value in model.test_on_batch(
                x, sample_weight=weights, return_dict=True
            ).items()
        }
        for weights in (None, np.ones(8), np.zeros(8))
        if model.reset_metrics() is None
    ]
    unweighted, ones, zeros = logs
    for name, value in unweighted.items():
        assert ones[name] == pytest.approx(value, rel=1e-5, abs=1e-6), name
    for name in ("reconstruction", "features", "divergence"):
        assert zeros.get(name, 0.0) == 0.0
    assert zeros["discrimination"] != pytest.approx(
        unweighted["discrimination"], rel=1e-4
    )
    for name in ("latent_discrimination", "latent_reconstruction"):
        if name in zeros:
            assert zeros[name] == pytest.approx(unweighted[name], rel=1e-5)


def test_weights_of_1_train_as_none_do():
    results = []
    for weights in (None, np.ones(8)):
        keras.utils.set_random_seed(1)
        model = tiny(models.AEGAN)
        # A small epsilon makes whole steps of gradients that are rounding.
        model.compile(keras.optimizers.Adam(1e-3, epsilon=0.1))
        model.fit(X, sample_weight=weights, epochs=2, batch_size=4, verbose=0)
        results.append(model.get_weights())
    for a, b in zip(*results):
        np.testing.assert_allclose(a, b, atol=1e-6)


REAL = np.array([[0.5], [-1.0], [2.0]], "float32")
FAKE = np.array([[1.0], [0.25], [-2.0]], "float32")
OF_THREE = np.array([0.0, 2.0, 0.5], "float32")


def softplus(u):
    return np.log1p(np.exp(u))


@pytest.mark.parametrize(
    "loss, real, fake",
    [
        ("non_saturating", softplus(-REAL), softplus(FAKE)),
        ("minimax", softplus(-REAL), softplus(FAKE)),
        ("hybrid", softplus(-REAL), softplus(FAKE)),
        ("hinge", np.maximum(1 - REAL, 0), np.maximum(1 + FAKE, 0)),
        ("least_squares", (REAL - 1) ** 2 / 2, FAKE**2 / 2),
        ("wasserstein", -REAL, FAKE),
        ("relativistic", softplus(FAKE - REAL), None),
    ],
)
def test_the_real_side_of_a_discriminator_is_weighed(loss, real, fake):
    """Of fakes nothing, but a pair has the weight of its real sample."""
    loss = losses.get(loss)
    expected = np.mean(OF_THREE[:, None] * real)
    expected += 0.0 if fake is None else np.mean(fake)
    data = Discrimination(
        *(loss, keras.layers.Identity(), ops.convert_to_tensor(REAL)),
        [ops.convert_to_tensor(FAKE)],
        sample_weight=ops.convert_to_tensor(OF_THREE),
    )
    value = float(ops.convert_to_numpy(data.discriminator_loss()))
    assert value == pytest.approx(expected, rel=1e-5)
    generator = float(ops.convert_to_numpy(data.generator_loss()))
    if loss.compares:
        pairs = softplus(REAL - FAKE)
        expected = np.mean(OF_THREE[:, None] * pairs)
    else:
        expected = float(ops.convert_to_numpy(loss.generator_loss([FAKE])))
    assert generator == pytest.approx(expected, rel=1e-5)


def test_the_cross_entropy_of_known_labels_is_weighed():
    logits = np.zeros((3, 4), "float32")
    value = masked_cross_entropy([1, -1, 0], logits, np.array([3.0, 5.0, 0.5]))
    assert float(ops.convert_to_numpy(value)) == pytest.approx(
        np.log(4) * 3.5 / 2, rel=1e-5
    )


def test_weights_are_divided_along_with_a_batch():
    x = ops.convert_to_tensor(X)
    weights = ops.convert_to_tensor(WEIGHTS)
    parts = split_batch(x, (None, weights), 2)
    for (part, (labels, own)), rows in zip(parts, (slice(4), slice(4, 8))):
        assert labels is None
        np.testing.assert_array_equal(ops.convert_to_numpy(part), X[rows])
        np.testing.assert_array_equal(ops.convert_to_numpy(own), WEIGHTS[rows])


# === Metrics, files and errors ===


def test_weighted_metrics_are_saved(tmp_path):
    model = tiny(models.Autoencoder)
    model.compile(weighted_metrics=["mae"], metrics=["mae", "mse"])
    assert model.metrics_names[1:4] == ["mae", "mse", "weighted_mae"]
    path = tmp_path / "model.keras"
    model.save(path)
    loaded = keras.saving.load_model(path)
    results = [
        m.evaluate(X, sample_weight=WEIGHTS, verbose=0, return_dict=True)
        for m in (model, loaded)
    ]
    assert results[0] == pytest.approx(results[1], rel=1e-5)
    assert results[0]["mae"] != pytest.approx(results[0]["weighted_mae"])
    with pytest.raises(ValueError, match="`weighted_metrics` must be a list"):
        model.compile(weighted_metrics="mae")


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"sample_weight": WEIGHTS[:3]}, "one non-negative number.*Received"),
        ({"sample_weight": -WEIGHTS}, "one non-negative number.*Received"),
        ({"sample_weight": WEIGHTS * np.nan}, "finite.*Received"),
        ({"class_weight": {0: 1.0}}, "needs `y`.*Received.*y=None"),
        ({"class_weight": [1.0], "y": LABELS}, "a dict from label.*Received"),
        ({"class_weight": {0: -1.0}, "y": LABELS}, "class_weight.*Received"),
        ({"class_weight": {0.5: 1.0}, "y": LABELS}, "class_weight.*Received"),
        ({"class_weight": {0: 1.0}, "y": LABELS[:3]}, "8 labels.*Received"),
        (
            {"class_weight": {0: 1.0}, "y": LABELS, "sample_weight": WEIGHTS},
            "Received: both",
        ),
    ],
)
def test_unfit_weights_are_refused_before_any_step(arguments, message):
    model = tiny(models.Autoencoder)
    model.compile()
    for call in (model.fit, model.train_on_batch):
        with pytest.raises(ValueError, match=message):
            call(X, **arguments)
    assert int(model.optimizer.iterations) == 0


def whole_batch(target, prediction):
    return ops.sum(ops.square(target - prediction))


def test_a_loss_of_a_whole_batch_cannot_weigh_samples():
    model = tiny(models.Autoencoder)
    model.compile(loss={"reconstruction": whole_batch}, run_eagerly=True)
    with pytest.raises(ValueError, match="'reconstruction' cannot weigh"):
        model.train_on_batch(X, sample_weight=WEIGHTS)


class OneFormula(losses.AdversarialLoss):
    """Which no one can divide into a real and a fake side."""

    def discriminator(self, real, fake):
        return ops.square(real - 1.0) * ops.square(fake + 1.0)

    def generator(self, fake, real):
        return -fake


def test_an_adversarial_loss_of_one_formula_says_so():
    with pytest.raises(ValueError, match="OneFormula cannot weigh.*Received"):
        OneFormula().discriminator_loss(REAL, [FAKE], OF_THREE)

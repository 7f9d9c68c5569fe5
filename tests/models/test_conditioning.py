"""Models that are conditioned on a label, or a vector, of each sample."""

import catalogue
import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers
from keras_aegan import models
from keras_aegan import networks
from keras_aegan.callbacks import SampleGrid
from keras_aegan.layers.conditional import condition_scope

LABELS = np.arange(32) % 2
# Networks of tokens take no condition; with `num_classes` the other one has a
# classifier in place of a condition.
OTHERS = {models.ARAE, models.Autoencoder}
CONDITIONAL = [model for model in catalogue.MODELS if model not in OTHERS]
# Models that classify have a condition, too, if they are asked for one.
AS_WELL = {
    models.SemiSupervisedAAE: {"conditional": True},
    models.SemiSupervisedGAN: {"conditional": True},
}


def tiny(model, **kwargs):
    return model.for_shape((6,), latent_dim=4, width=2, **kwargs)


def rows(labels, seed=0):
    """Rows around 0.7 for label 1 and around -0.7 for label 0."""
    noise = np.random.default_rng(seed).normal(size=(len(labels), 6))
    centre = np.where(np.asarray(labels)[:, None] == 1, 0.7, -0.7)
    return (centre + 0.05 * noise).astype("float32")


@pytest.mark.in_turn
@pytest.mark.parametrize("model", CONDITIONAL, ids=lambda m: m.__name__)
def test_every_model_takes_labels(model, tmp_path):
    if model is models.InfoGAN:
        # Its categories are not labels: its condition is a vector.
        _check_vectors(model)
        return
    conditional = tiny(model, num_classes=2, **AS_WELL.get(model, {}))
    conditional.compile(run_eagerly=True)
    x = rows(LABELS)
    logs = conditional.train_on_batch(x, LABELS, return_dict=True)
    assert all(np.isfinite(float(value)) for value in logs.values())
    assert any(
        isinstance(getattr(conditional, name), layers.Conditional)
        for name in conditional.part_names
    )
    loaded = keras.saving.load_model(
        _saved(conditional, tmp_path / "model.keras")
    )
    if hasattr(conditional, "prior"):
        one = conditional.generate(labels=[1, 1, 0], seed=3)
        other = conditional.generate(labels=[0, 1, 0], seed=3)
        assert np.abs(one[0] - other[0]).max() > 1e-6
        np.testing.assert_allclose(one[1:], other[1:], atol=1e-6)
        np.testing.assert_allclose(
            loaded.generate(labels=[1, 1, 0], seed=3), one, atol=1e-5
        )
    elif hasattr(conditional, "encoder"):
        one = conditional.reconstruct(x, labels=LABELS)
        np.testing.assert_allclose(
            loaded.reconstruct(x, labels=LABELS), one, atol=1e-5
        )


def _check_vectors(model):
    conditional = tiny(model, condition_size=1)
    conditional.compile(run_eagerly=True)
    vectors = LABELS[:, None] * 2.0 - 1.0
    logs = conditional.train_on_batch(rows(LABELS), vectors, return_dict=True)
    assert all(np.isfinite(float(value)) for value in logs.values())
    one, other = (
        conditional.generate(labels=[[first], [1.0]], seed=3)
        for first in (1.0, -1.0)
    )
    assert np.abs(one[0] - other[0]).max() > 1e-6
    np.testing.assert_allclose(one[1], other[1], atol=1e-6)


def _saved(model, path):
    model.save(path)
    return path


@pytest.mark.parametrize("kind", ["label", "vector"])
def test_a_conditional_vae_generates_what_it_is_asked_for(kind):
    """The classes' means are +-0.7 by construction."""
    keras.utils.set_random_seed(0)
    labels = np.arange(512) % 2
    condition = {"num_classes": 2} if kind == "label" else {"condition_size": 1}
    conditions = labels if kind == "label" else labels[:, None] * 2.0 - 1.0
    model = models.VAE.for_shape(
        (6,), latent_dim=2, width=8, beta=1.0, **condition
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2))
    x = rows(labels)
    model.fit(x, conditions, epochs=12, batch_size=32, verbose=0)
    new = model.generate(labels=conditions[:64], seed=0)
    means = [new[labels[:64] == k].mean() for k in (0, 1)]
    np.testing.assert_allclose(means, [-0.7, 0.7], atol=0.15)
    rebuilt = model.reconstruct(x[:64], labels=conditions[:64])
    np.testing.assert_allclose(rebuilt.mean(1), x[:64].mean(1), atol=0.2)
    way = model.interpolate(x[:2], x[2:4], 3, labels=conditions[:2])
    assert way.shape == (2, 3, 6)
    given = model.predict([x[:4], conditions[:4]], verbose=0)
    np.testing.assert_allclose(given, rebuilt[:4], atol=1e-5)


def test_the_condition_of_a_step_reaches_stacked_batches():
    inner = networks.dense_network(3 + 2, 4, 8, depth=0)
    network = networks.condition_codes(inner, 2, num_classes=2)
    z = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    labels = np.array([0, 1, 1])
    with condition_scope(labels):
        stacked = network(z)
    kernel, bias = inner.get_weights()
    one_hot = np.eye(2)[np.concatenate([labels, labels])]
    expected = np.concatenate([z, one_hot], 1) @ kernel + bias
    np.testing.assert_allclose(
        ops.convert_to_numpy(stacked), expected, rtol=1e-4, atol=1e-5
    )


def test_projection_by_hand():
    generator = np.random.default_rng(0)
    condition = np.eye(3, dtype="float32")[[2, 0]]
    features = generator.normal(size=(2, 5)).astype("float32")
    layer = layers.Projection()
    result = layer([condition, features])
    kernel, bias, embedding = layer.get_weights()
    rows_of = embedding[[2, 0]]
    expected = features @ kernel + bias
    expected += np.sum(rows_of * features, axis=1, keepdims=True)
    np.testing.assert_allclose(
        ops.convert_to_numpy(result), expected, rtol=1e-5, atol=1e-5
    )


def test_class_prior_has_the_means_and_the_spread_it_is_given():
    """Errors of 4000 draws: 0.5 / sqrt(4000) = 0.008 of a mean."""
    prior = layers.ClassPrior(2, [[0, 4], [-4, 1]], scale=0.5, seed=0)
    labels = np.arange(8000) % 2
    with condition_scope(labels):
        z = ops.convert_to_numpy(prior.sample(8000))
    for k, mean in enumerate([[0, 4], [-4, 1]]):
        np.testing.assert_allclose(z[labels == k].mean(0), mean, atol=0.04)
        np.testing.assert_allclose(z[labels == k].std(0), 0.5, atol=0.03)
    model = tiny(models.GAN, num_classes=2, prior=_wide(prior))
    model.compile()
    model.fit(rows(LABELS), LABELS, verbose=0)
    assert model.generate(5, seed=1).shape == (5, 6)


def _wide(prior):
    return layers.ClassPrior(4, np.tile(prior.means, 2), seed=0)


def test_compiled_training_with_labels_moves_the_embedding():
    model = tiny(models.AEGAN, num_classes=2)
    model.compile()
    projection = model.discriminator.network.layers[-1]
    before = ops.convert_to_numpy(projection.embedding)
    history = model.fit(
        rows(LABELS),
        LABELS,
        validation_data=(rows(LABELS, 1), LABELS),
        verbose=0,
    )
    assert np.isfinite(history.history["val_reconstruction"]).all()
    moved = ops.convert_to_numpy(projection.embedding) - before
    assert (np.abs(moved).max(axis=1) > 0).all()


@pytest.mark.parametrize(
    "model", [models.ALAD, models.GANomaly, models.FAnoGAN]
)
def test_anomalies_are_scored_given_their_labels(model):
    conditional = tiny(model, num_classes=2)
    score = conditional.anomaly_score(X, labels=LABELS)
    other = conditional.anomaly_score(X, labels=1 - LABELS)
    assert score.shape == (len(X),) and np.abs(score - other).max() > 1e-6
    with pytest.raises(ValueError, match="Received: none"):
        conditional.anomaly_score(X)


def test_a_sample_grid_shows_a_conditional_model(tmp_path):
    model = tiny(models.AEGAN, num_classes=2)
    model.compile()
    grid = SampleGrid(tmp_path, x=X[:4], labels=LABELS[:4], num_samples=4)
    model.fit(X, LABELS, verbose=0, callbacks=[grid])
    assert (tmp_path / "epoch_0001.png").stat().st_size > 1000


def vae():
    model = tiny(models.VAE, num_classes=2)
    model.compile()
    return model


def plain():
    model = tiny(models.GAN)
    model.compile()
    return model


X = rows(LABELS)
BAD = {
    "no labels in fit": (lambda: vae().fit(X, verbose=0), "Received: none"),
    "label 2 of 2": (
        lambda: vae().fit(X, LABELS + 1, verbose=0),
        "32 labels, integers in \\[0, 2\\)",
    ),
    "negative": (lambda: vae().fit(X, LABELS - 1, verbose=0), "-1 to 0"),
    "half a label": (lambda: vae().fit(X, LABELS / 2, verbose=0), "0 to 0.5"),
    "too few": (lambda: vae().encode(X, labels=LABELS[:3]), "\\(3,\\)"),
    "unlabelled": (lambda: vae().reconstruct(X), "Received: none"),
    "n against labels": (
        lambda: vae().generate(4, labels=[0, 1]),
        "4 labels",
    ),
    "a vector beside labels": (
        lambda: tiny(models.SemiSupervisedGAN, condition_size=3),
        "conditional=True.*condition_size=3",
    ),
    "neither": (lambda: vae().generate(), "num_samples=None"),
    "not conditional": (
        lambda: plain().generate(4, labels=[0, 1, 0, 1]),
        "num_classes",
    ),
    "prior without labels": (
        lambda: layers.ClassPrior(1, [[0], [1]]).sample(2),
        "Received: no labels",
    ),
    "means": (lambda: layers.ClassPrior(2, [[0], [1]]), "\\(2, 1\\)"),
    "one input": (
        lambda: layers.Conditional(networks.dense_network(2, 2, 2)),
        "last input",
    ),
    "no condition": (
        lambda: vae().generator(np.zeros((2, 4))),
        "Received: none",
    ),
    "unlabelled batches": (
        lambda: vae().train_on_batch(X),
        "Received: none",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_wrong_conditions_are_refused(bad):
    act, message = bad
    with pytest.raises(ValueError, match=message):
        act()

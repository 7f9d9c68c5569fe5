"""Exported models, loaded by the framework alone, compute the same."""

import keras
import numpy as np
import pytest

from keras_aegan import models

BACKEND = keras.backend.backend()
FORMATS = {"tensorflow": "tf_saved_model", "torch": "torch"}
X = np.random.default_rng(0).uniform(-1, 1, (8, 6)).astype("float32")
LABELS = np.arange(8, dtype="int32") % 3

pytestmark = pytest.mark.skipif(
    BACKEND not in FORMATS, reason="JAX exports with TensorFlow's help only"
)


def tiny(**kwargs):
    return models.VAE.for_shape((6,), latent_dim=2, width=2, **kwargs)


@pytest.fixture
def run(tmp_path):
    """Export a network, load the artifact, and run it on one sample."""

    def export_and_run(network, inputs):
        path = tmp_path / "model.pt2"
        network.export(path, format=FORMATS[BACKEND], verbose=False)
        first = keras.tree.map_structure(lambda x: x[:1], inputs)
        if BACKEND == "tensorflow":
            import tensorflow

            loaded = tensorflow.saved_model.load(str(path))
            return np.asarray(loaded.serve(first))
        import torch

        first = keras.tree.map_structure(torch.tensor, first)
        return torch.export.load(path).module()(first).numpy(force=True)

    return export_and_run


def test_a_loaded_model_that_was_never_called(run, tmp_path):
    model = tiny()
    model.save(tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    exported = run(model, X)
    np.testing.assert_allclose(exported, model.predict(X[:1]), atol=1e-5)


@pytest.mark.parametrize("part", ["encoder", "generator"])
def test_parts_that_were_never_called(part, run):
    network = getattr(tiny(), part)
    x = X[:, :2] if part == "generator" else X
    exported = run(network, x)
    np.testing.assert_allclose(exported, network.predict(x[:1]), atol=1e-5)


def test_averaged_weights_are_exported_as_predict_uses_them(run):
    model = tiny()
    model.compile(optimizer="sgd", average=0.9, run_eagerly=True)
    model.fit(X, verbose=0)
    averaged = model.predict(X[:1], verbose=0)
    weights = model.get_weights()
    np.testing.assert_allclose(run(model, X), averaged, atol=1e-5)
    for a, b in zip(weights, model.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_conditions_are_inputs(run):
    model = tiny(num_classes=3)
    np.testing.assert_allclose(
        run(model, [X, LABELS]),
        model.reconstruct(X[:1], labels=LABELS[:1]),
        atol=1e-5,
    )
    np.testing.assert_allclose(
        run(model.generator, [X[:, :2], LABELS]),
        model.decode(X[:1, :2], labels=LABELS[:1]),
        atol=1e-5,
    )


def test_vectors_are_inputs(run):
    model = tiny(condition_size=2)
    vectors = X[:, 2:4]
    np.testing.assert_allclose(
        run(model, [X, vectors]),
        model.reconstruct(X[:1], labels=vectors[:1]),
        atol=1e-5,
    )


def test_what_a_model_cannot_export_is_said(tmp_path):
    model = models.GAN.for_shape((6,), latent_dim=2, width=2)
    with pytest.raises(ValueError, match=r"model\.generator\.export"):
        model.export(tmp_path / "model")
    with pytest.raises(ValueError, match="Unrecognized format"):
        tiny().export(tmp_path / "model", format="paper")


def test_a_failing_converter_is_one_sentence(monkeypatch, tmp_path):
    def fail(*args, **kwargs):
        raise RuntimeError("pages of a graph")

    monkeypatch.setattr(keras.Model, "export", fail)
    with pytest.raises(ValueError, match="cannot convert.*Received"):
        tiny().export(tmp_path / "model")

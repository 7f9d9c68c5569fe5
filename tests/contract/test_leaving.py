"""Parts of a trained model, used where this package is not installed."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from catalogue import MODELS

from keras_aegan import models

BACKEND = keras.backend.backend()
ARGUMENTS = {
    models.ARAE: {"vocabulary_size": 5},
    models.SemiSupervisedGAN: {"num_classes": 3},
}
# Trained without noise, these would fail at what they are for.
STAY = {(models.ARAE, "generator"): {"GaussianNoise"}}
# What one hands out; discriminators stay at home.
PARTS = ("encoder", "mapping", "generator", "code_head", "trunk_network")

ELSEWHERE = """
import sys

sys.modules["keras_aegan"] = None
folder = sys.argv[1]
import numpy as np

inputs = np.load(folder + "/inputs.npz")
outputs = {}
if sys.argv[2] == "files":
    import keras

    for part in ("encoder", "generator"):
        network = keras.saving.load_model(f"{folder}/{part}.keras")
        outputs[part] = network.predict(inputs[part], verbose=0)
elif sys.argv[2] == "tensorflow":
    import tensorflow

    network = tensorflow.saved_model.load(folder + "/generator")
    outputs["generator"] = network.serve(inputs["generator"][:1])
else:
    import torch

    network = torch.export.load(folder + "/generator.pt2").module()
    z = torch.tensor(inputs["generator"][:1])
    outputs["generator"] = network(z).numpy(force=True)
assert not any(name.startswith("keras_aegan.") for name in sys.modules)
np.savez(folder + "/outputs.npz", **outputs)
"""


def names_of_ours(config):
    """Classes of this package that a configuration asks for."""
    if isinstance(config, (list, tuple)):
        return set().union(*map(names_of_ours, config))
    if not isinstance(config, dict):
        return set()
    found = names_of_ours(list(config.values()))
    origin = f"{config.get('module')} {config.get('registered_name')}"
    return found | {config["class_name"]} if "keras_aegan" in origin else found


def elsewhere(folder, kind, **inputs):
    """What a process computes that cannot import the package."""
    np.savez(folder / "inputs.npz", **inputs)
    run = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, folder, kind],
        env=os.environ | {"KERAS_BACKEND": BACKEND},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return np.load(folder / "outputs.npz")


@pytest.fixture
def trained():
    """A model whose last weights are not the averaged ones."""
    model = models.AEGAN.for_shape((8, 8, 1), latent_dim=4, width=4)
    model.compile(average=0.9, run_eagerly=True)
    x = np.random.default_rng(0).uniform(-1, 1, (16, 8, 8, 1))
    model.fit(x, batch_size=16, verbose=0)
    return model, x.astype("float32")


def test_files_of_encoder_and_generator(trained, tmp_path):
    model, x = trained
    averaged = model.averaged()
    averaged.encoder.save(tmp_path / "encoder.keras")
    averaged.generator.save(tmp_path / "generator.keras")
    z = model.encode(x)
    got = elsewhere(tmp_path, "files", encoder=x, generator=z)
    np.testing.assert_allclose(got["encoder"], z, atol=1e-5)
    np.testing.assert_allclose(got["generator"], model.decode(z), atol=1e-5)


@pytest.mark.skipif(
    BACKEND == "jax", reason="JAX exports with TensorFlow's help only."
)
def test_an_exported_generator(tmp_path):
    model = models.GAN.for_shape((6,), latent_dim=4, width=2)
    form, name = {
        "tensorflow": ("tf_saved_model", "generator"),
        "torch": ("torch", "generator.pt2"),
    }[BACKEND]
    model.generator.export(str(tmp_path / name), format=form, verbose=False)
    z = np.ones((1, 4), "float32")
    got = elsewhere(tmp_path, BACKEND, generator=z)["generator"]
    np.testing.assert_allclose(got, model.decode(z), atol=1e-5)


@pytest.mark.parametrize("cls", MODELS)
@pytest.mark.parametrize("shape", [(6,), (16, 2), (8, 8, 1)], ids=str)
def test_default_parts_ask_for_nothing_of_ours(cls, shape):
    if cls is models.ARAE and len(shape) > 1:
        pytest.skip("ARAE is for tokens.")
    arguments = ARGUMENTS.get(cls, {})
    model = cls.for_shape(shape, latent_dim=4, width=2, **arguments)
    for part in set(PARTS) & {*model.part_names}:
        network = getattr(model, part)
        # Of a network with labels what it wraps can leave.
        network = getattr(network, "network", network)
        config = keras.saving.serialize_keras_object(network)
        assert names_of_ours(config) == STAY.get((cls, part), set()), part


@pytest.mark.parametrize("shape", [(6,), (16, 2), (8, 8, 1)], ids=str)
def test_networks_of_a_configuration_begin_with_the_same_weights(shape):
    def new():
        keras.utils.set_random_seed(1)
        return models.VAE.for_shape(shape, latent_dim=2, width=2)

    config = new().get_config()
    keras.utils.set_random_seed(1)
    again = models.VAE.from_config(config)
    for part in ("encoder", "generator"):
        first = getattr(new(), part).get_weights()
        for a, b in zip(first, getattr(again, part).get_weights()):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("shape", [(16, 2), (8, 6, 1)], ids=str)
def test_layers_of_keras_do_what_depth_to_space_does(shape):
    from keras_aegan import layers
    from keras_aegan.networks import blocks

    channels = shape[-1] * 2 ** (len(shape) - 1)
    start = keras.Input((*shape[:-1], channels))
    network = keras.Model(start, blocks.depth_to_space(start))
    x = np.random.default_rng(0).normal(size=(3, *start.shape[1:]))
    np.testing.assert_array_equal(
        network.predict(x, verbose=0),
        keras.ops.convert_to_numpy(layers.DepthToSpace(2)(x)),
    )

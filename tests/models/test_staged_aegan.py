"""StagedAEGAN: who moves when, the bridges, the anchor, and going on."""

import keras
import numpy as np
import pytest
from keras import ops

import keras_aegan
from keras_aegan import layers
from keras_aegan.engine import feature_extractor
from keras_aegan.models import StagedAEGAN
from keras_aegan.models.staged_aegan.trunk import copy_trunk

X = np.random.default_rng(0).normal(size=(8, 2)).astype("float32")
# One batch an epoch, so that epochs count steps.
FIT = {"batch_size": 8, "shuffle": False, "verbose": 0}


def linear(outputs, name, depth=1):
    dense = [keras.layers.Dense(2) for _ in range(depth - 1)]
    return keras.Sequential(
        [keras.Input((2,)), *dense, keras.layers.Dense(outputs)], name=name
    )


def tiny(eagerly=False, **options):
    """Few and linear networks: quick to compile, and as good to count with."""
    parts = {
        "encoder": linear(2, "encoder", 2),
        "generator": linear(2, "generator"),
        "code_noise": layers.CodeAndNoise(2),
        "discriminator": linear(1, "discriminator", 2),
    }
    bridge = options.get("bridge")
    if bridge == "map":
        parts["mapping"] = linear(2, "mapping")
    if bridge in ("map", "prior"):
        parts["latent_discriminator"] = linear(1, "latent_discriminator")
    lengths = {"reconstruct_epochs": 2, "bridge_epochs": 1}
    model = StagedAEGAN(**parts, **{**lengths, "freeze_steps": 0, **options})
    model.compile(run_eagerly=eagerly)
    return model


def values(model):
    """All weights of the parts, by the name of the part."""
    return {
        name: [array(v) for v in getattr(model, name).variables]
        for name in model.part_names
    }


def array(x):
    return np.array(ops.convert_to_numpy(x))


class Watch(keras.callbacks.Callback):
    """Notes the stage of each epoch, and which parts it changed."""

    def __init__(self):
        super().__init__()
        self.stages, self.moved = [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.stages.append(self.model.stage)
        self._before = values(self.model)

    def on_epoch_end(self, epoch, logs=None):
        after = values(self.model)
        self.moved.append(
            {
                name
                for name, old in self._before.items()
                if not all(map(np.array_equal, old, after[name]))
            }
        )


def watched(model, epochs, **kwargs):
    watch = Watch()
    history = model.fit(X, epochs=epochs, callbacks=[watch], **FIT, **kwargs)
    return watch, history.history


def test_one_fit_runs_the_stages():
    model = tiny(freeze_steps=2, anchor_steps=4)
    codes = model.encode(X)
    watch, logs = watched(model, 8)
    assert watch.stages == (
        ["reconstruct"] * 2 + ["bridge"] + ["adversarial"] * 5
    )
    fitted = {"encoder", "generator"}
    judging, making = {"discriminator"}, {"generator", "code_noise"}
    # A step of the last stage draws, so the prior's position moves, too.
    judging, making = judging | {"prior"}, making | {"prior"}
    assert watch.moved == (
        [fitted] * 2 + [{"prior"}] + [judging] * 2 + [judging | making] * 3
    )
    played = {name: np.nonzero(series)[0] for name, series in logs.items()}
    for name in ("reconstruction", "encoder_reconstruction", "encoder_loss"):
        assert list(played[name]) == [0, 1]
    for name in ("adversarial", "discrimination", "anchor"):
        assert list(played[name]) == [3, 4, 5, 6, 7]
    assert not np.allclose(codes, model.encode(X))

    # The anchor fades from 10 to 0 in four steps of the stage.
    weights = 10 * np.array([1.0, 0.75, 0.5, 0.25, 0.0])
    total, fooling, anchor = (
        np.array(logs[name])[3:]
        for name in ("generator_loss", "adversarial", "anchor")
    )
    np.testing.assert_allclose(total, fooling + weights * anchor, rtol=1e-5)


def test_the_bridge_is_fitted_to_the_codes_of_the_data():
    model = tiny(eagerly=True)
    watched(model, 3)
    codes = model.encode(X).astype("float64")
    factor = array(model.prior.factors)[0]
    np.testing.assert_allclose(
        array(model.prior.means)[0], codes.mean(axis=0), rtol=1e-4, atol=1e-6
    )
    np.testing.assert_allclose(
        factor @ factor.T, np.cov(codes.T), rtol=1e-3, atol=1e-6
    )


def test_the_discriminator_takes_the_encoders_hidden_layers():
    """The last layers stay apart: 2 numbers of a code, 1 logit."""
    model = tiny(eagerly=True)
    head = array(model.discriminator.layers[-1].kernel)
    model.fit(X, epochs=3, **FIT)
    hidden = model.discriminator.layers[0]
    assert not np.array_equal(
        array(hidden.kernel), array(model.encoder.layers[0].kernel)
    )
    model._staging.begin_epoch(None)
    assert model.stage == "adversarial"
    for own, other in zip(hidden.variables, model.encoder.layers[0].variables):
        np.testing.assert_array_equal(array(own), array(other))
    np.testing.assert_array_equal(
        array(model.discriminator.layers[-1].kernel), head
    )


@pytest.mark.parametrize("shape", [(8, 8, 1), (6,)], ids=str)
def test_a_copied_trunk_computes_what_the_encoder_does(shape):
    """Its batch normalisation included, which the discriminator has not."""
    model = StagedAEGAN.for_shape(shape, latent_dim=3, width=2)
    generator = np.random.default_rng(0)
    for v in model.encoder.variables:
        v.assign(generator.uniform(0.5, 1.5, v.shape))
    copy_trunk(model.encoder, model.discriminator)
    x = generator.normal(size=(5, *shape)).astype("float32")
    expected, actual = (
        feature_extractor(network)(x, training=False)[0]
        for network in (model.encoder, model.discriminator)
    )
    np.testing.assert_allclose(array(actual), array(expected), rtol=1e-4)


def test_a_stage_can_be_trained_alone():
    model = tiny(eagerly=True)
    watch, _ = watched(model, 2, stage="bridge")
    assert watch.stages == ["bridge"] * 2
    assert watch.moved[0] == {"prior"}
    np.testing.assert_allclose(
        array(model.prior.means)[0], model.encode(X).mean(axis=0), rtol=1e-4
    )
    watch, _ = watched(model, 1, stage="reconstruct")
    assert watch.moved == [{"encoder", "generator"}]
    # Without a name, training goes on from there.
    watch, _ = watched(model, 3)
    assert watch.stages == ["reconstruct", "bridge", "adversarial"]
    with pytest.raises(ValueError, match="one of.*Received: stage='last'"):
        model.fit(X, stage="last")


def test_a_mapping_is_trained_against_codes_and_then_with_the_generator():
    model = tiny(bridge="map", eagerly=True)
    watch, logs = watched(model, 4)
    assert watch.moved[2] == {"mapping", "latent_discriminator", "prior"}
    assert watch.moved[3] == {
        *("discriminator", "generator", "code_noise", "mapping", "prior")
    }
    assert logs["latent_adversarial"][2] > 0
    assert logs["mapping_adversarial"][3] == logs["adversarial"][3]


def test_a_prior_needs_no_bridge():
    model = tiny(bridge="prior", eagerly=True)
    watch, logs = watched(model, 3)
    assert watch.stages == ["reconstruct"] * 2 + ["adversarial"]
    assert watch.moved[0] == {
        *("encoder", "generator", "latent_discriminator", "prior")
    }
    np.testing.assert_allclose(
        logs["encoder_loss"][0],
        logs["encoder_reconstruction"][0] + logs["latent_adversarial"][0],
        rtol=1e-5,
    )
    assert logs["latent_adversarial"][2] == 0


def test_a_bootstrap_decodes_codes_of_the_data():
    model = tiny(bridge="bootstrap", eagerly=True)
    model.fit(X, epochs=3, **FIT)
    generated, rebuilt = model.generate(20, seed=0), model.reconstruct(X)
    distances = np.abs(generated[:, None] - rebuilt[None]).max(axis=-1)
    assert distances.min(axis=1).max() < 1e-5
    assert len(np.unique(distances.argmin(axis=1))) > 4


def test_without_gain_noise_changes_nothing():
    model = tiny()
    with_noise = model.generate(4, seed=0)
    codes = keras_aegan.AdversarialModel.sample_codes(model, 4, seed=0)
    np.testing.assert_allclose(with_noise, model.decode(codes), rtol=1e-5)
    model.code_noise.gain.assign(1.0)
    assert not np.allclose(model.generate(4, seed=0), with_noise)
    again = model.generate(4, seed=0)
    np.testing.assert_array_equal(model.generate(4, seed=0), again)


class Stop(keras.callbacks.Callback):
    """Ends a run as an error does, after some batches."""

    def __init__(self, left):
        super().__init__()
        self.left = left

    def on_train_batch_end(self, batch, logs=None):
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def seeded(folder, stop=None):
    keras.utils.set_random_seed(1)
    model = tiny(eagerly=True, reconstruct_epochs=1, anchor_steps=5)
    callbacks = [keras.callbacks.BackupAndRestore(folder)]
    if stop:
        callbacks.append(Stop(stop))
    options = {**FIT, "batch_size": 4, "epochs": 4, "callbacks": callbacks}
    try:
        model.fit(X, **options)
    except KeyboardInterrupt:
        return None
    return [array(v) for v in [*model.variables, *model.optimizer.variables]]


def test_a_resumed_run_lands_in_its_stage_and_ends_as_an_undisturbed_one(
    tmp_path,
):
    whole = seeded(tmp_path / "whole")
    # An epoch has two batches: in the middle of the bridge and of the last.
    for stop in (3, 7):
        folder = tmp_path / str(stop)
        assert seeded(folder, stop) is None
        for a, b in zip(whole, seeded(folder), strict=True):
            np.testing.assert_allclose(b, a, atol=1e-6)


def test_a_file_goes_on_in_the_stage_it_was_saved_in(tmp_path):
    model = tiny()
    model.fit(X, epochs=3, **FIT)
    model.save(tmp_path / "staged.keras")
    loaded = keras.saving.load_model(tmp_path / "staged.keras")
    for name, own in values(model).items():
        for a, b in zip(own, values(loaded)[name], strict=True):
            np.testing.assert_array_equal(a, b)
    expected, actual = (watched(m, 2) for m in (model, loaded))
    assert actual[0].stages == ["adversarial"] * 2
    for term, series in expected[1].items():
        np.testing.assert_allclose(
            actual[1][term], series, rtol=1e-5, err_msg=term
        )


def test_the_progress_bar_names_the_stage_and_shows_its_losses(capsys):
    model = tiny(eagerly=True, reconstruct_epochs=1)
    model.fit(X, epochs=3, **{**FIT, "verbose": 2}, validation_data=X)
    epochs = capsys.readouterr().out.split("Epoch ")[1:]
    stages = [epoch.split("Stage: ")[1].split("\n")[0] for epoch in epochs]
    assert stages == ["reconstruct", "bridge", "adversarial"]
    bars = [epoch.split("val_")[0] for epoch in epochs]
    assert ["encoder_loss" in bar for bar in bars] == [True, False, False]
    assert ["discriminator_loss" in bar for bar in bars] == [False, False, True]


def test_evaluation_has_the_terms_of_all_stages():
    model = tiny()
    logs = model.evaluate(X, batch_size=8, verbose=0, return_dict=True)
    error = np.mean((X - model.reconstruct(X)) ** 2)
    for term in ("reconstruction", "encoder_reconstruction", "anchor"):
        np.testing.assert_allclose(logs[term], error, rtol=1e-5)
    assert logs["discrimination"] > 0


def test_each_class_has_a_bridge_of_its_own():
    model = StagedAEGAN.for_shape(
        (2,), latent_dim=2, width=2, num_classes=2, reconstruct_epochs=1
    )
    model.compile(run_eagerly=True)
    y = np.array([0, 1] * 4)
    model.fit(X, y, epochs=3, **FIT)
    codes = model.encode(X, labels=y)
    for label in range(2):
        np.testing.assert_allclose(
            array(model.prior.means)[label],
            codes[y == label].mean(axis=0),
            rtol=1e-3,
            atol=1e-5,
        )
    assert model.generate(labels=[0, 1, 1]).shape == (3, 2)


def test_misfits_are_refused():
    for wrong in (
        {"bridge": "ferry"},
        {"freeze_steps": -1},
        {"anchor_steps": 0},
        {"reconstruct_epochs": 1.5},
        {"prior": layers.NormalPrior(2)},
        {"code_noise": layers.CodeAndNoise(3)},
    ):
        with pytest.raises(ValueError, match=f"`{next(iter(wrong))}.*Received"):
            StagedAEGAN.for_shape((6,), latent_dim=2, width=2, **wrong)
    model = tiny()
    parts = {name: getattr(model, name) for name in model.part_names}
    parts["discriminator"] = linear(1, "discriminator")
    with pytest.raises(ValueError, match="trunk=True.*Received"):
        StagedAEGAN(**parts)
    StagedAEGAN(**parts, trunk=False)
    prior = layers.FittedPrior(2, num_classes=3)
    model = tiny(prior=prior)
    with pytest.raises(ValueError, match="needs a label.*Received: none"):
        model.fit(X, **FIT)

"""The rules by which FusedAEGAN fuses its halves."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import models
from keras_aegan import penalties

X = np.random.default_rng(0).uniform(-1, 1, (32, 6)).astype("float32")
RULES = ["score", "gate", "latent", "average"]


def fused(**kwargs):
    keras.utils.set_random_seed(0)
    model = models.FusedAEGAN.for_shape((6,), latent_dim=2, width=2, **kwargs)
    model.compile()
    return model


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_trains_and_is_saved(rule, tmp_path):
    model = fused(fusion=rule, share=0.3)
    model.compile(run_eagerly=rule != "gate")
    before = {
        player: [ops.convert_to_numpy(v) for v in variables]
        for player, variables in model.game.owned.items()
    }
    history = model.fit(X, verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    for player, variables in model.game.owned.items():
        for v, old in zip(variables, before[player]):
            assert np.abs(ops.convert_to_numpy(v) - old).max() > 0, v.path
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (loaded.fusion, loaded.share) == (rule, 0.3)
    kwargs = {"batch_size": 16, "verbose": 0, "shuffle": False}
    np.testing.assert_allclose(
        list(loaded.fit(X, **kwargs).history.values()),
        list(model.fit(X, **kwargs).history.values()),
        rtol=1e-4,
        atol=1e-5,
    )


def test_the_score_by_hand():
    """The formula of `Score`, from the networks' own predictions."""
    model = fused(fusion="score", share=0.3)
    seen = model.trunk_network.predict(X, verbose=0)
    logits = model.discriminator_head.predict(seen, verbose=0)
    energy = np.abs(X - model.reconstruct(X)).mean(1, keepdims=True)
    expected = 0.7 * logits - 0.3 * energy
    score = ops.convert_to_numpy(model._fusion.discriminator[0](X))
    np.testing.assert_allclose(score, expected, rtol=1e-4, atol=1e-5)


def test_a_score_of_the_judge_alone_is_the_model_without_fusion():
    plain, score = fused(), fused(fusion="score", share=0.0)
    kwargs = {"verbose": 0, "shuffle": False}
    a, b = (m.evaluate(X, verbose=0, return_dict=True) for m in (plain, score))
    assert a.keys() == b.keys()
    for name in a:
        np.testing.assert_allclose(a[name], b[name], rtol=1e-4, atol=1e-6)
    a, b = (m.fit(X, **kwargs).history for m in (plain, score))
    for name in a:
        np.testing.assert_allclose(a[name], b[name], rtol=1e-4, atol=1e-6)


def test_samples_that_are_averaged_or_gated_lie_between():
    model = fused(fusion="average", share=0.3)
    rebuilt, new = model.reconstruct(X), model.generate(32, seed=4)
    np.testing.assert_allclose(
        model.fuse(X, seed=4), 0.3 * rebuilt + 0.7 * new, atol=1e-5
    )
    model = fused(fusion="gate")
    rebuilt, new = model.reconstruct(X), model.generate(32, seed=4)
    low, high = np.minimum(rebuilt, new), np.maximum(rebuilt, new)
    mixed = model.fuse(X, seed=4)
    assert (mixed >= low - 1e-5).all() and (mixed <= high + 1e-5).all()
    seen = model.trunk_network.predict(X, verbose=0)
    z = model.sample_codes(32, seed=4)
    mask = model.gate.predict([seen, z], verbose=0)
    assert mask.min() > 0 and mask.max() < 1 and mask.std() > 0
    np.testing.assert_allclose(
        mixed, mask * rebuilt + (1 - mask) * new, atol=1e-5
    )


def test_codes_are_mixed_before_they_are_decoded():
    model = fused(fusion="latent")
    both = [model.encode(X), model.sample_codes(32, seed=4)]
    expected = model.decode(model.mixer.predict(both, verbose=0))
    np.testing.assert_allclose(model.fuse(X, seed=4), expected, atol=1e-5)
    assert np.abs(model.fuse(X, seed=5) - expected).max() > 1e-5


def test_a_penalty_reaches_a_fused_score():
    model = fused(fusion="score")
    model.compile(penalties={"discriminator": penalties.R1(1.0)})
    logs = model.evaluate(X, verbose=0, return_dict=True)
    assert logs["discriminator_r1"] > 0


@pytest.mark.parametrize(
    "kwargs", [{"fusion": "sum"}, {"share": 1.5}, {"share": -0.1}]
)
def test_wrong_rules_are_refused(kwargs):
    with pytest.raises(ValueError, match="Received"):
        fused(**kwargs)


@pytest.mark.parametrize("rule", [None, "score"])
def test_rules_without_samples_say_so(rule):
    with pytest.raises(ValueError, match="Received: fusion="):
        fused(fusion=rule).fuse(X)

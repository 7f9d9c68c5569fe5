"""AC-GAN: the auxiliary classifier of `GAN`."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers
from keras_aegan import models

QUIET = {"verbose": 0, "return_dict": True}
LABELS = np.arange(16) % 3


def tiny(**kwargs):
    return models.GAN.for_shape(
        (6,), latent_dim=2, width=2, num_classes=3, auxiliary=True, **kwargs
    )


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_only_the_generator_is_conditioned():
    model = tiny()
    assert isinstance(model.generator, layers.Conditional)
    assert not isinstance(model.discriminator, layers.Conditional)
    assert model.players()["discriminator"] == [
        model.discriminator,
        model.classifier,
    ]


def test_losses_against_numpy():
    """The cross-entropies of what the classifier says of real and fake."""
    model = tiny(normalization=None)
    fixed = np.repeat(normal(1, 2), 16, axis=0)
    model.prior.sample = lambda size: ops.convert_to_tensor(fixed)
    model.compile()
    x = normal(16, 6)
    logs = model.evaluate(x, LABELS, batch_size=16, **QUIET)

    def cross_entropy(samples):
        features = model._features(samples)[0]
        logits = ops.convert_to_numpy(model.classifier(features))
        shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        return -np.log(shares[np.arange(16), LABELS]).mean()

    fake = cross_entropy(model.generator([fixed, LABELS]))
    assert logs["fake_classification"] == pytest.approx(fake, rel=1e-4)
    both = cross_entropy(x) + fake
    assert logs["classification"] == pytest.approx(both, rel=1e-4)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_each_player_moves_its_own(update, tmp_path):
    model = tiny()
    model.compile(
        update=update,
        loss_weights={"discrimination": 0.0, "adversarial": 0.0},
    )
    x = normal(16, 6)
    parts = (model.generator, model.discriminator, model.classifier)
    before = [part.get_weights() for part in parts]
    logs = model.fit(x, LABELS, batch_size=16, epochs=2, verbose=0).history
    assert set(logs) == {
        "loss",
        "classification",
        "fake_classification",
        "discriminator_loss",
        "generator_loss",
    }
    for part, old in zip(parts, before):
        moved = [
            not np.array_equal(a, b) for a, b in zip(old, part.get_weights())
        ]
        # The discriminator's last layer judges, which is switched off.
        last = 2 if part is model.discriminator else 0
        assert all(moved[: len(moved) - last])
        assert not any(moved[len(moved) - last :])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for name, value in model.evaluate(x, LABELS, **QUIET).items():
        again = loaded.evaluate(x, LABELS, **QUIET)[name]
        assert again == pytest.approx(value, rel=1e-4), name


def test_classes_must_be_given():
    with pytest.raises(ValueError, match="num_classes.*Received"):
        models.GAN.for_shape((6,), auxiliary=True)

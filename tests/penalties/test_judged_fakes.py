"""Penalties where a source of fakes has no weight in the adversarial loss."""

import keras
import numpy as np
import pytest
from catalogue import PENALTIES
from catalogue import samples
from keras import ops

from keras_aegan import losses
from keras_aegan import models
from keras_aegan import penalties
from keras_aegan.engine.discrimination import Discrimination

REAL = np.array([[1.0, 2.0], [0.0, 2.0]], "float32")
JUDGED = np.array([[2.0, 0.0], [0.0, 4.0]], "float32")
# So far away that it would show in any mean.
UNJUDGED = np.array([[90.0, 0.0], [0.0, 80.0]], "float32")


class Bowl(keras.layers.Layer):
    """`D(u) = |u|^2 / 2`, whose gradient is `u`."""

    def call(self, x):
        return ops.sum(ops.square(x), axis=-1, keepdims=True) / 2


def judge(real, fakes, **weights):
    bowl = keras.Sequential([keras.Input((2,)), Bowl()])
    real, *fakes = map(ops.convert_to_tensor, (real, *fakes))
    return Discrimination(losses.NonSaturating(**weights), bowl, real, fakes)


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


def both_orders():
    """The fakes that are judged come first, or second."""
    yield judge(REAL, [JUDGED, UNJUDGED], fake_weights=(1.0, 0.0))
    yield judge(REAL, [UNJUDGED, JUDGED], fake_weights=(0.0, 1.0))


# Logits: real (5/2, 2), fakes (2, 8).
EXPECTED = {
    # Half the mean of |u|^2 = 4 and 16.
    "R2": (lambda: penalties.R2(1.0), 5.0),
    # Half the mean of |x|^2 = 5 and 4.
    "R1": (lambda: penalties.R1(1.0), 2.25),
    # Above the fakes' mean of 5: nothing. Below the mean of the real ones,
    # 9/4: the first fake by 1/4, whose square is divided by 2.
    "LeCam": (lambda: penalties.LeCam(1.0), 0.03125),
    # T(x) = x + 1 moves D by the sum of x, plus 1: by 4 and 3 of the real
    # samples, by 3 and 5 of the fakes.
    "Consistency": (
        lambda: penalties.Consistency(
            keras.layers.Rescaling(1.0, offset=1.0), 1.0, balanced=True
        ),
        (16 + 9) / 2 + (9 + 25) / 2,
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_values_by_hand(name):
    make, expected = EXPECTED[name]
    for discrimination in both_orders():
        value = number(make()(discriminations=[discrimination]))
        assert value == pytest.approx(expected, rel=1e-5)


def test_interpolations_end_at_fakes_that_are_judged():
    """Between a point and itself there is no other: |u|^2 = 5 and 4."""
    penalty = penalties.GradientPenalty(1.0, target=0.0, seed=0)
    for first in (True, False):
        fakes = [REAL, UNJUDGED] if first else [UNJUDGED, REAL]
        weights = (1.0, 0.0) if first else (0.0, 1.0)
        game = judge(REAL, fakes, fake_weights=weights)
        value = number(penalty(discriminations=[game]))
        assert value == pytest.approx(4.5, rel=1e-5)


def test_fakes_that_only_the_generator_plays_with_are_judged():
    """All |u|^2 are 4, 16, 8100 and 6400; half of the mean over both."""
    game = judge(
        REAL,
        [JUDGED, UNJUDGED],
        fake_weights=(1.0, 0.0),
        generator_weights=(0.0, 1.0),
    )
    value = number(penalties.R2(1.0)(discriminations=[game]))
    assert value == pytest.approx((10 + 7250) / 4)


def test_what_a_penalty_sees():
    for game in both_orders():
        real, fakes = game.logits()
        np.testing.assert_allclose(ops.convert_to_numpy(real)[:, 0], [2.5, 2.0])
        assert len(fakes) == len(game.fakes) == 1
        np.testing.assert_allclose(
            ops.convert_to_numpy(fakes[0])[:, 0], [2.0, 8.0]
        )
        np.testing.assert_array_equal(
            ops.convert_to_numpy(game.fakes[0]), JUDGED
        )


# === Settings by name ===

SETTINGS = [
    (cls, name)
    for cls in vars(models).values()
    if isinstance(cls, type) and issubclass(cls, keras.Model)
    for name in cls.named_settings
]


def penalties_for(model):
    """All penalties of the catalogue on each player that they suit."""
    game = ("discriminator", "latent_discriminator")
    # The energies of an autoencoder are no logits.
    of_logits = not hasattr(model, "energy_encoder")
    found = {
        player: [
            make()
            for cls, make in PENALTIES.items()
            if of_logits or cls is penalties.HistoricalAverage
        ]
        for player in model.players()
        if player in game
    }
    for own in found.values():
        for penalty in own:
            if isinstance(penalty, penalties.Consistency):
                penalty.balanced = True
    return {**found, "generator": [penalties.HistoricalAverage(0.1)]}


def test_there_are_settings():
    assert {cls for cls, _ in SETTINGS} > {models.AEGAN, models.GAN}


@pytest.mark.in_turn
@pytest.mark.parametrize(
    "cls, name", SETTINGS, ids=lambda part: getattr(part, "__name__", part)
)
def test_all_penalties_go_with_settings(cls, name):
    """Two steps with finite losses, of those who move at all.

    R1 of networks with random weights is above 0, unless nobody computes it.
    """
    keras.utils.set_random_seed(0)
    model = cls.for_shape((6,), latent_dim=2, width=2)
    given = penalties_for(model)
    model.compile(**{**cls.settings(name), "penalties": given})
    logs = model.fit(samples(model, 32), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    movers = [p for p in model.players() if f"{p}_loss" in logs]
    assert set(logs) >= {
        f"{player}_{penalty.label}"
        for player in movers
        for penalty in given.get(player, [])
    }
    assert "generator" in movers
    r1 = {player: logs.get(f"{player}_r1", [1.0]) for player in movers}
    assert min(r1.values()) > [0.0], r1


@pytest.mark.parametrize(
    "cls, player",
    [
        (models.GAN, "generator"),
        (models.BEGAN, "discriminator"),
        (models.SoftIntroVAE, "encoder"),
        (models.Autoencoder, "generator"),
    ],
)
def test_a_penalty_without_a_discriminator_is_refused(cls, player):
    """It would be 0 in every step, and the model keeps its weights."""
    model = cls.for_shape((6,), latent_dim=2, width=2)
    model.compile(penalties={player: penalties.R1(0.1)})
    before = [np.array(w) for w in model.get_weights()]
    with pytest.raises(ValueError, match="R1 is a penalty on logits"):
        model.fit(samples(model, 32), batch_size=16, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.0, 1.0)], ids=str)
def test_vaegan_takes_features_of_fakes_that_are_not_judged(weights):
    """Larsen's VAE/GAN compares in features whatever the loss judges."""
    model = models.VAEGAN.for_shape((6,), latent_dim=2, width=2)
    loss = losses.NonSaturating(fake_weights=weights)
    model.compile(
        loss={"adversarial": loss},
        penalties={"discriminator": [penalties.LeCam(), penalties.R2(0.1)]},
    )
    logs = model.fit(samples(model, 32), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert logs["features"][0] > 0

"""AEGAN's losses against numbers computed by hand, and its settings."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import layers
from keras_aegan import losses
from keras_aegan.models import AEGAN

CODES = np.array([[1.0, -2.0], [0.5, 3.0]], "float32")
X = np.array([[0.5, -1.0], [2.0, 1.0]], "float32")


@keras.saving.register_keras_serializable(package="keras_aegan_tests")
class Codes(layers.Prior):
    def sample(self, batch_size):
        return ops.convert_to_tensor(CODES)[:batch_size]


def linear(matrix, name):
    x = keras.Input((2,))
    dense = keras.layers.Dense(len(matrix[0]), use_bias=False)
    network = keras.Model(x, dense(x), name=name)
    network.set_weights([np.array(matrix, "float32")])
    return network


def tiny():
    """E = x A, G = z B, Dx = x a, Dz = z b: all of it fits on paper."""
    return AEGAN(
        encoder=linear(A, "encoder"),
        generator=linear(B, "generator"),
        discriminator=linear(DX, "discriminator"),
        latent_discriminator=linear(DZ, "latent_discriminator"),
        prior=Codes(2),
        codes_from="prior",
    )


A = [[1.0, 0.5], [-0.5, 1.0]]
B = [[0.5, 0.0], [1.0, -1.0]]
DX = [[1.0], [-0.5]]
DZ = [[0.25], [0.5]]


def softplus(t):
    return np.log1p(np.exp(t))


def expected_terms():
    """Section 3.3's formulas in NumPy, in the paper's setting."""
    e, g, dx, dz = (np.array(m) for m in (A, B, DX, DZ))
    z_hat, x_hat = X @ e, CODES @ g
    x_tilde, z_tilde = z_hat @ g, x_hat @ e

    def bce(d, t):
        return np.mean(softplus(d) - t * d)

    def discrimination(d, real, fakes):
        total = 2 * bce(real @ d, 0.95)
        return (total + sum(bce(f @ d, 0.05) for f in fakes)) / 4

    def adversarial(d, fakes):
        return sum(np.mean(softplus(-(f @ d))) for f in fakes)

    return {
        "discriminator_loss": discrimination(dx, X, [x_hat, x_tilde]),
        "latent_discriminator_loss": discrimination(
            dz, CODES, [z_hat, z_tilde]
        ),
        "adversarial": adversarial(dx, [x_hat, x_tilde]),
        "latent_adversarial": adversarial(dz, [z_hat, z_tilde]),
        "reconstruction": np.mean(np.abs(X - x_tilde)),
        "latent_reconstruction": np.mean((CODES - z_tilde) ** 2),
    }


def test_terms_are_those_of_the_paper():
    model = tiny()
    arguments = AEGAN.settings("paper")
    model.compile(**{**arguments, "update": "simultaneous"})
    logs = model.fit(X, batch_size=2, verbose=0).history
    expected = expected_terms()
    for term, value in expected.items():
        np.testing.assert_allclose(
            logs[term][0], value, rtol=1e-5, err_msg=term
        )
    total = (
        expected["adversarial"]
        + expected["latent_adversarial"]
        + 10 * expected["reconstruction"]
        + 5 * expected["latent_reconstruction"]
    )
    np.testing.assert_allclose(logs["generator_loss"][0], total, rtol=1e-5)


def test_evaluation_gives_the_same_terms():
    model = tiny()
    model.compile(**AEGAN.settings("paper"))
    logs = model.evaluate(X, batch_size=2, verbose=0, return_dict=True)
    for term, value in expected_terms().items():
        np.testing.assert_allclose(logs[term], value, rtol=1e-5, err_msg=term)


def test_networks_that_invert_each_other_reconstruct_without_error():
    """Section 10.5 (4): both cycles cost nothing with identities."""
    model = tiny()
    for network in (model.encoder, model.generator):
        network.set_weights([np.eye(2, dtype="float32")])
    model.compile()
    logs = model.evaluate(X, batch_size=2, verbose=0, return_dict=True)
    assert logs["reconstruction"] == 0
    assert logs["latent_reconstruction"] == 0


ABLATIONS = {
    "autoencoder": {"generator"},
    "gan": {"discriminator", "generator"},
    "adversarial_autoencoder": {"latent_discriminator", "generator"},
    "egan": {"discriminator", "generator"},
}


@pytest.mark.parametrize("name", ABLATIONS)
def test_ablations_move_only_their_players(name):
    model = tiny()
    model.compile(**AEGAN.settings(name))
    before = [np.asarray(v) for v in model.trainable_variables]
    logs = model.fit(X, batch_size=2, verbose=0).history
    movers = {p for p in model.players() if f"{p}_loss" in logs}
    assert movers == ABLATIONS[name]
    kept = [
        np.array_equal(a, np.asarray(v))
        for a, v in zip(before, model.trainable_variables)
    ]
    owners = ["generator", "generator", "discriminator", "latent_discriminator"]
    still = {o for o, same in zip(owners, kept) if same}
    # A plain GAN has no use for the encoder.
    assert still - {"generator"} == set(model.players()) - movers
    assert kept[0] == (name == "gan")


def test_each_ablation_judges_its_own_fakes():
    """On paper: a GAN judges x_hat alone, an EGAN x_tilde alone."""
    e, g, dx = (np.array(m) for m in (A, B, DX))
    fakes = {"gan": CODES @ g, "egan": X @ e @ g}
    for name, fake in fakes.items():
        model = tiny()
        model.compile(**{**AEGAN.settings(name), "update": "simultaneous"})
        logs = model.fit(X, batch_size=2, verbose=0).history
        expected = np.mean(softplus(-(fake @ dx)))
        np.testing.assert_allclose(logs["adversarial"][0], expected, rtol=1e-5)


def test_sprites_has_its_published_weights():
    arguments = AEGAN.settings("sprites")
    assert arguments["loss_weights"]["adversarial"] == 0.0025
    assert arguments["optimizer"]["generator"].beta_1 == 0.5
    assert arguments["loss"]["adversarial"].real_label == 1.0
    with pytest.raises(ValueError, match="paper.*Received"):
        AEGAN.settings("modern")


def test_networks_that_do_not_fit_are_refused():
    parts = {
        "encoder": linear(A, "encoder"),
        "generator": linear(B, "generator"),
        "discriminator": linear(DX, "discriminator"),
        "latent_discriminator": linear(DZ, "latent_discriminator"),
    }
    three = keras.Input((3,))
    wrong = keras.Model(three, keras.layers.Dense(3)(three), name="wrong")
    for name in parts:
        with pytest.raises(ValueError, match="shape.*Received"):
            AEGAN(**{**parts, name: wrong})
    with pytest.raises(ValueError, match="Received"):
        AEGAN(**parts, prior=Codes(3))


def test_any_adversarial_loss_trains():
    names = ("minimax", "non_saturating", "least_squares", "hinge",
             "wasserstein", "relativistic")  # fmt: skip
    for name in names:
        model = tiny()
        model.compile(loss={"adversarial": name, "latent_adversarial": name})
        logs = model.fit(X, batch_size=2, verbose=0).history
        assert np.isfinite(list(logs.values())).all(), name
        assert type(model.game.rules.terms.functions["adversarial"]) is type(
            losses.get(name)
        )


@pytest.mark.parametrize("shape", [(12,), (16, 2), (9, 12, 3)], ids=str)
def test_any_rank_trains(shape):
    model = AEGAN.for_shape(shape, latent_dim=3, width=4)
    model.compile()
    x = np.random.default_rng(0).uniform(-1, 1, (32, *shape))
    logs = model.fit(x.astype("float32"), batch_size=16, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    assert model.generate(2).shape == (2, *shape)

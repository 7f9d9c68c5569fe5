"""Numbers of the family's models that can be computed by hand."""

import keras
import numpy as np
import pytest
from catalogue import samples
from keras import ops

import keras_aegan
from keras_aegan import layers
from keras_aegan import losses
from keras_aegan import models
from keras_aegan import penalties
from keras_aegan.models.age import moment_divergence
from keras_aegan.models.ebgan import pulling_away

FIT = {"batch_size": 16, "shuffle": False, "verbose": 0}


def number(tensor):
    return float(ops.convert_to_numpy(tensor))


def tiny(model, **kwargs):
    return model.for_shape((6,), latent_dim=2, width=2, **kwargs)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def zeroed(model):
    """A model whose networks put out zeros."""
    for variable in model.trainable_variables:
        variable.assign(np.zeros(variable.shape))
    return model


def logs(model, x=None, y=None):
    x = samples(model, 16) if x is None else x
    return model.evaluate(x, y, batch_size=16, verbose=0, return_dict=True)


def test_losses_at_zero_logits():
    """Table 0.3 of any textbook: 2 ln 2 and ln 2; both sides 2 ln 2."""
    for kind in (models.BiGAN, models.ALI):
        model = zeroed(tiny(kind))
        model.compile()
        result = logs(model)
        assert result["discrimination"] == pytest.approx(2 * np.log(2))
        assert result["adversarial"] == pytest.approx(2 * np.log(2))
        model.compile(loss={"adversarial": "least_squares"})
        # (0 - 1)^2 / 2 for the fake, and for the real (0 - 0)^2 / 2.
        assert logs(model)["adversarial"] == pytest.approx(0.5)
        model.compile(loss={"adversarial": "relativistic"})
        assert logs(model)["adversarial"] == pytest.approx(np.log(2))


def test_hybrid_is_the_log_odds():
    """-log D + log(1 - D) with D = sigmoid(f) is -f."""
    f = 1.7
    d = 1 / (1 + np.exp(-f))
    loss = losses.Hybrid()
    expected = -np.log(d) + np.log(1 - d)
    assert number(loss.generator_loss([[f]])) == pytest.approx(expected)
    plain = losses.NonSaturating()
    both = [x.discriminator_loss([0.3], [[f]]) for x in (loss, plain)]
    assert number(both[0]) == pytest.approx(number(both[1]))


def test_discrepancy_against_a_double_loop():
    codes, prior = normal(7, 3), normal(7, 3, seed=1)

    def k(a, b):
        distance = np.sum((a - b) ** 2)
        scales = [0.1, 0.2, 0.5, 1, 2, 5, 10]
        return sum(6 * s / (6 * s + distance) for s in scales)

    def mean(a, b, same):
        pairs = [
            k(u, v)
            for i, u in enumerate(a)
            for j, v in enumerate(b)
            if not (same and i == j)
        ]
        return np.mean(pairs)

    expected = mean(codes, codes, True) + mean(prior, prior, True)
    expected -= 2 * mean(codes, prior, False)
    actual = number(losses.maximum_mean_discrepancy(codes, prior))
    assert actual == pytest.approx(expected, rel=1e-3)


def test_discrepancy_of_equal_distributions_is_about_0():
    values = [
        number(
            losses.maximum_mean_discrepancy(
                normal(200, 4, seed=s), normal(200, 4, seed=100 + s)
            )
        )
        for s in range(8)
    ]
    assert min(values) < 0 < max(values)
    assert abs(np.mean(values)) < 0.02
    far = losses.maximum_mean_discrepancy(normal(200, 4), normal(200, 4) + 3)
    assert number(far) > 1.0


def test_pulling_away_of_equal_and_orthogonal_codes():
    same = np.tile([[1.0, 2.0]], (4, 1)).astype("float32")
    assert number(pulling_away(same)) == pytest.approx(1.0, rel=1e-5)
    assert number(pulling_away(np.eye(3, dtype="float32"))) == pytest.approx(
        0.0, abs=1e-6
    )
    # Cosine 0.6 of the one pair, opposite signs: 0.36.
    pair = np.array([[1.0, 0.0], [-3.0, 4.0]], "float32")
    assert number(pulling_away(pair)) == pytest.approx(0.36, rel=1e-5)


def test_divergence_from_the_standard_normal():
    """KL(N(1, 4) || N(0, 1)) = (1 + 4 - 1 - ln 4) / 2, twice."""
    encoded = np.array([[1.0, 1.0, np.log(4), np.log(4)], [0, 0, 0, 0]])
    values = layers.GaussianSampling.divergence(encoded.astype("float32"))
    expected = [4 - np.log(4), 0.0]
    np.testing.assert_allclose(
        ops.convert_to_numpy(values), expected, atol=1e-6
    )


def test_sampling_has_the_moments_of_its_statistics():
    encoded = np.tile([[2.0, np.log(9.0)]], (20000, 1)).astype("float32")
    z = ops.convert_to_numpy(layers.GaussianSampling(seed=0)(encoded))
    assert z.mean() == pytest.approx(2.0, abs=4 * 3 / np.sqrt(20000))
    assert z.std() == pytest.approx(3.0, rel=0.03)


def test_moment_divergence_of_the_prior_and_of_one_point():
    z = layers.SphericalPrior(8, seed=0).sample(20000)
    lengths = np.linalg.norm(ops.convert_to_numpy(z), axis=-1)
    np.testing.assert_allclose(lengths, 1.0, rtol=1e-5)
    assert 0 <= number(moment_divergence(z)) < 1e-3
    point = ops.convert_to_tensor(np.tile(np.eye(8)[:1], (100, 1)))
    assert number(moment_divergence(point)) > 1.0


def unit_codes(count, size, seed):
    """Codes of length 1, not spread evenly, in float64."""
    codes = np.random.default_rng(seed).normal(0.3, 1.0, (count, size))
    codes *= np.linspace(0.5, 2.0, size)
    return codes / np.linalg.norm(codes, axis=1, keepdims=True)


@pytest.mark.parametrize("size", [4, 32])
def test_moment_divergence_weighs_what_the_program_s_does(size):
    """Ulyanov et al.'s program has variances v where the paper has deviations.

    `mean((v^2 + m^2) / 2 - log v - 1/2)`, of codes of length 1; on these it
    differs by a constant, `log k - 1/2`, and by at most `1 / (2 k)`.
    """
    for seed in range(4):
        codes = unit_codes(64, size, seed)
        v, m = codes.var(0), codes.mean(0)
        program = np.mean((v**2 + m**2) / 2 - np.log(v) - 0.5)
        own = number(moment_divergence(ops.convert_to_tensor(codes)))
        rest = program - (np.log(size) - 0.5) - own
        assert -1e-3 < rest < 0.5 / size + 1e-3


def test_moment_divergence_is_twice_that_of_normal_distributions():
    """KL(N(m, v) || N(0, 1)) = (v + m^2 - log v - 1) / 2, by the moments."""
    codes = unit_codes(64, 8, seed=0)
    v, m = 8 * codes.var(0), 8**0.5 * codes.mean(0)
    expected = 2 * np.mean((v + m**2 - np.log(v) - 1) / 2)
    own = number(moment_divergence(ops.convert_to_tensor(codes)))
    assert own == pytest.approx(expected, rel=1e-4)


def test_settings_of_age_weigh_as_the_program_does():
    """mu 10; 1000 times 2 - mean(z z_tilde), a mean over coordinates, too."""
    terms = models.AGE.for_shape((6,), latent_dim=4, width=2).terms()
    assert terms["encoder"]["reconstruction"] == 10.0
    assert terms["generator"]["latent_reconstruction"] == 1000.0 / 4


@pytest.mark.parametrize("shape", [(6,), (8, 8, 1)], ids=str)
def test_the_encoder_of_age_sees_how_bright_a_batch_is(shape):
    """Nobody else can tell the generator, whose last bias would drift."""
    model = models.AGE.for_shape(shape, latent_dim=4, width=2)
    x = samples(model, 16)
    dark, bright = (
        ops.convert_to_numpy(model.encoder(x + shift, training=True))
        for shift in (0.0, 0.5)
    )
    assert np.abs(dark - bright).max() > 0.05


def test_began_balances():
    """k stays at 0 while gamma e(x) < e(x_hat), and rises by its rate."""
    model = tiny(models.BEGAN, gamma=0.0, rate=0.1)
    model.compile()
    x = samples(model)
    model.fit(x, **FIT)
    assert number(model.balance) == 0.0
    model = zeroed(tiny(models.BEGAN, gamma=0.5, rate=0.1))
    model.compile(optimizer=keras.optimizers.Adam(0.0))
    model.fit(x[:16], **FIT)
    # All networks put out 0: e(x) = mean |x|, e(x_hat) = 0.
    expected = 0.1 * 0.5 * np.abs(x[:16]).mean()
    assert number(model.balance) == pytest.approx(expected, rel=1e-5)


def test_soft_introvae_never_exceeds_its_bound():
    """Both exponentials are in (0, 1], so their sum over 4 is in (0, 1/2]."""
    for beta_neg in (0.0, 1.0, 64.0):
        model = tiny(models.SoftIntroVAE, beta_neg=beta_neg)
        model.compile()
        assert 0 < logs(model)["discrimination"] <= 0.5
    model = zeroed(tiny(models.SoftIntroVAE))
    model.compile()
    # Codes N(0, 1) and samples 0, rebuilt as 0: exponents are 0.
    assert logs(model)["discrimination"] == pytest.approx(0.5)


class Twos(layers.Prior):
    def sample(self, batch_size):
        return 2 * ops.ones((batch_size, self.latent_dim))


def test_veegan_plays_algorithm_1():
    """In NumPy, where the paper's D, of generated pairs, is our -D."""
    model = tiny(models.VEEGAN, prior=Twos(2))
    model.compile(penalties={"discriminator": penalties.R1(0.0)})
    x = samples(model, 16)
    z = np.full((16, 2), 2.0, "float32")
    x_hat = model.decode(z)
    judge = model.joint_discriminator.predict
    real = -judge([x, model.encode(x)], verbose=0)
    fake = -judge([x_hat, z], verbose=0)
    # -log sigmoid(D) of generated pairs, -log(1 - sigmoid(D)) of others.
    both = np.log1p(np.exp(-fake)) + np.log1p(np.exp(real))
    code = np.sum((z - model.encode(x_hat)) ** 2, axis=1).mean() / 2
    expected = {
        "discrimination": both.mean(),
        "adversarial": fake.mean(),
        "latent_reconstruction": code,
        "encoder_latent_reconstruction": code,
    }
    result = logs(model, x)
    assert {k: result[k] for k in expected} == pytest.approx(expected, rel=1e-4)


def test_introvae_at_rest():
    """KL is 0: the margin per number of a sample is missed by all of it."""
    model = zeroed(tiny(models.IntroVAE, margin=3.0))
    model.compile()
    result = logs(model)
    assert result["discrimination"] == pytest.approx(3.0 / 6)
    assert result["adversarial"] == pytest.approx(0.0, abs=1e-6)


def test_vae_capacity():
    model = zeroed(tiny(models.VAE, beta=2.0, capacity=1.5))
    model.compile()
    x = samples(model, 16)
    result = logs(model, x)
    assert result["divergence"] == pytest.approx(1.5 / 6)
    total = np.mean(x**2) + 2.0 * 1.5 / 6
    assert result["generator_loss"] == pytest.approx(total, rel=1e-5)


def test_vae_capacity_may_be_a_schedule(tmp_path):
    rising = keras.optimizers.schedules.PolynomialDecay(0.0, 4, 2.0)
    model = zeroed(tiny(models.VAE, capacity=rising))
    model.compile(optimizer=keras.optimizers.Adam(0.0))
    x = samples(model)
    model.fit(x[:32], **FIT)
    # After 2 of 4 steps the capacity is 1, after 3 it is 3/2.
    assert logs(model)["divergence"] == pytest.approx(1.0 / 6)
    model.fit(x[:16], **FIT)
    assert logs(model)["divergence"] == pytest.approx(1.5 / 6)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert logs(loaded)["divergence"] == pytest.approx(1.5 / 6)
    # Also a schedule of weights goes on in validation.
    model.compile(loss_weights={"reconstruction": 0.0, "divergence": rising})
    history = model.fit(x, validation_data=x, epochs=2, **FIT).history
    total, term = history["val_generator_loss"], history["val_divergence"]
    np.testing.assert_allclose(total, 2.0 * np.array(term), rtol=1e-5)


def test_semi_supervised_rows_count_if_they_are_labelled():
    """At zero logits cross-entropy is ln 3, whatever the unlabelled rows."""
    model = zeroed(tiny(models.Autoencoder, num_classes=3))
    model.compile()
    x = samples(model, 16)
    y = np.full(16, -1)
    assert logs(model, x, y)["classification"] == 0.0
    y[:4] = [0, 1, 2, 1]
    value = logs(model, x, y)["classification"]
    assert value == pytest.approx(np.log(3), rel=1e-5)
    np.testing.assert_allclose(model.classify(x), 1 / 3, rtol=1e-5)
    with pytest.raises(ValueError, match="labels.*Received"):
        model.fit(x, **FIT)
    with pytest.raises(ValueError, match="cannot classify"):
        tiny(models.Autoencoder).classify(x)


def test_a_supervised_autoencoder_learns_its_classes():
    model = models.Autoencoder.for_shape((6,), latent_dim=4, num_classes=2)
    model.compile()
    x = samples(model, 256)
    y = (x[:, 0] > 0).astype("int32")
    y[::2] = -1
    model.fit(x, y, epochs=30, batch_size=32, verbose=0)
    right = model.classify(x[::2]).argmax(-1) == (x[::2, 0] > 0)
    assert right.mean() > 0.9


def test_vaegan_waits_where_the_program_waits():
    model = tiny(models.VAEGAN, equilibrium=0.68, margin=0.35)

    def open_gates(real, fake):
        costs = {"real_cost": real, "fake_cost": fake}
        results = {k: ops.convert_to_tensor(v) for k, v in costs.items()}
        gates = model.gates(results)
        return tuple(
            bool(ops.convert_to_numpy(gates[p]))
            for p in ("discriminator", "generator")
        )

    assert open_gates(0.7, 0.7) == (True, True)
    assert open_gates(0.2, 0.7) == (False, True)
    assert open_gates(0.7, 0.2) == (False, True)
    assert open_gates(1.2, 0.7) == (True, False)
    assert open_gates(0.2, 1.2) == (True, True)
    assert tiny(models.VAEGAN, equilibrium=None).gates({}) == {}


def test_a_closed_gate_leaves_the_discriminator_alone():
    model = tiny(models.VAEGAN, equilibrium=100.0, margin=0.0)
    model.compile()
    before = [w.copy() for w in model.discriminator.get_weights()]
    state = model.generator.get_weights()[0].copy()
    model.fit(samples(model), **FIT)
    for a, b in zip(before, model.discriminator.get_weights()):
        np.testing.assert_array_equal(a, b)
    assert int(model.optimizer.of("discriminator").iterations) == 0
    assert not np.array_equal(state, model.generator.get_weights()[0])


def test_turns_of_age():
    model = models.AGE.for_shape((6,), latent_dim=4, width=2)
    model.compile()
    model.fit(samples(model), **FIT)
    assert int(model.optimizer.of("encoder").iterations) == 4
    assert int(model.optimizer.of("generator").iterations) == 8
    codes = model.encode(samples(model))
    np.testing.assert_allclose(np.linalg.norm(codes, axis=-1), 1, rtol=1e-4)


def test_an_inverse_generator_learns_and_leaves_the_generator():
    gan = models.GAN.for_shape((6,), latent_dim=2, width=4)
    model = models.InverseGenerator.for_shape(
        (6,), latent_dim=2, width=8, generator=gan.generator
    )
    model.compile(optimizer=keras.optimizers.Adam(1e-2))
    before = [w.copy() for w in gan.generator.get_weights()]
    x = samples(model, 256)
    history = model.fit(x, epochs=20, batch_size=32, verbose=0).history
    for a, b in zip(before, gan.generator.get_weights()):
        np.testing.assert_array_equal(a, b)
    losses_of_epochs = history["reconstruction"]
    assert losses_of_epochs[-1] < 0.5 * losses_of_epochs[0]


def test_feature_matching_compares_means():
    model = tiny(models.GAN)
    model.compile(loss_weights={"feature_matching": 1.0, "adversarial": 0.0})
    # A generator of zeros, and real samples of zeros: the same features.
    zeroed(model.generator)
    zeros = np.zeros((16, 6), "float32")
    assert logs(model, zeros)["feature_matching"] == pytest.approx(0, abs=1e-9)
    assert logs(model)["feature_matching"] > 0


def test_a_sequential_discriminator_shows_its_features():
    dense = [keras.Input((6,)), keras.layers.Dense(3), keras.layers.Dense(1)]
    judge = keras.Sequential(dense)
    model = models.GAN(
        generator=tiny(models.GAN).generator, discriminator=judge
    )
    x = samples(model)
    features, logits = model._features(x)
    expected = judge.layers[0](x)
    np.testing.assert_allclose(
        ops.convert_to_numpy(features), ops.convert_to_numpy(expected)
    )
    np.testing.assert_allclose(
        ops.convert_to_numpy(logits), ops.convert_to_numpy(judge(x))
    )


@pytest.mark.parametrize("name", ["dcgan", "lsgan", "hinge", "wgan", "wgan_gp"])
def test_settings_of_gan_train(name):
    model = tiny(models.GAN)
    model.compile(**models.GAN.settings(name))
    history = model.fit(samples(model), **FIT).history
    assert np.isfinite(list(history.values())).all()
    assert ("discriminator_gradient_penalty" in history) == (name == "wgan_gp")
    turns = 5 if name in ("hinge", "wgan", "wgan_gp") else 1
    done = int(model.optimizer.of("discriminator").iterations)
    assert done == 4 * turns
    assert model.fresh_batches == (turns == 5)


@pytest.mark.parametrize("name", ["hinge", "wgan", "wgan_gp"])
def test_each_turn_of_the_critic_sees_samples_of_its_own(name):
    """Algorithm 1 of Gulrajani et al. 2017: a new batch for each turn.

    12 rows in 6 turns, of which the critic takes 5. Row i is e_i, and fakes
    are 0. The critic w x, w = 0 at first, loses `-mean w x` (a hinge is open
    below 1), so a step of rate 1 adds the mean of a turn's rows.
    """
    model = models.GAN.for_shape(
        (12,), latent_dim=2, width=2, discriminator=linear_critic(12)
    )
    zeroed(model)
    plain = {"optimizer": keras.optimizers.SGD(1.0), "penalties": {}}
    model.compile(**{**models.GAN.settings(name), **plain}, run_eagerly=True)
    rows = np.eye(12, dtype="float32")
    model.fit(rows, batch_size=12, shuffle=False, verbose=0)
    kernel = model.discriminator.get_weights()[0][:, 0]
    expected = [0.5] * 10 + [0.0] * 2
    np.testing.assert_allclose(kernel, expected, atol=1e-6)


def linear_critic(size):
    inner = keras.layers.Identity()  # The layer of features.
    layer = keras.layers.Dense(1, use_bias=False)
    return keras.Sequential([keras.Input((size,)), inner, layer])


@pytest.mark.parametrize("size", [3, 7])
def test_a_batch_of_settings_need_not_be_divisible(size):
    """Fewer samples than turns, and one more; by arrays of any last batch."""
    model = tiny(models.GAN)
    model.compile(**models.GAN.settings("wgan_gp"))
    x = samples(model, 2 * size - 1)
    history = model.fit(x, batch_size=size, verbose=0).history
    assert np.isfinite(list(history.values())).all()
    assert all(np.isfinite(w).all() for w in model.get_weights())
    assert int(model.optimizer.of("discriminator").iterations) == 10


def test_weights_of_the_discriminator_stay_clipped(tmp_path):
    """All of them, and only its: algorithm 1 of Arjovsky et al. 2017."""
    model = tiny(models.GAN, clip=0.01)
    model.compile(**models.GAN.settings("wgan"))
    before = np.abs(model.discriminator.get_weights()[0]).max()
    model.fit(samples(model), **FIT)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    loaded.fit(samples(model), **FIT)
    for made in (model, loaded):
        largest = [np.abs(w).max() for w in made.discriminator.get_weights()]
        assert before > 0.1 and max(largest) == pytest.approx(0.01, rel=1e-5)
        assert np.abs(made.generator.get_weights()[0]).max() > 0.1


def test_r3gan_has_its_penalties_unless_given_others():
    model = tiny(models.R3GAN)
    model.compile()
    assert {"discriminator_r1", "discriminator_r2"} <= set(logs(model))
    model.compile(penalties={})
    assert "discriminator_r1" not in logs(model)


def test_anomalies_score_higher():
    model = models.GANomaly.for_shape((6,), latent_dim=2, width=8)
    model.compile(optimizer=keras.optimizers.Adam(2e-3))
    normals = 0.1 * normal(256, 6)
    model.fit(normals, epochs=15, batch_size=32, verbose=0)
    usual = model.anomaly_score(normals)
    odd = model.anomaly_score(normals + 3.0)
    assert usual.shape == (256,)
    assert np.median(odd) > np.median(usual)


def moved(network, before):
    pairs = zip(before, network.get_weights())
    return not all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize(
    "trunk, trainer",
    [
        ("adversarial", "discriminator"),
        ("both", "discriminator"),
        ("reconstruction", "encoder"),
    ],
)
def test_who_trains_the_trunk(trunk, trainer):
    """With every other player's terms off, the trunk moves or does not."""
    for player in ("discriminator", "encoder", "generator"):
        model = tiny(models.FusedAEGAN, trunk=trunk)
        if player not in model.players():
            continue
        off = {
            term: 0.0
            for other, terms in model.terms().items()
            for term in terms
            if other != player
        }
        model.compile(loss_weights=off)
        before = [w.copy() for w in model.trunk_network.get_weights()]
        head = [w.copy() for w in model.code_head.get_weights()]
        model.fit(samples(model, 32), **FIT)
        assert moved(model.trunk_network, before) == (player == trainer)
        owned = model.players()[player]
        assert moved(model.code_head, head) == (model.code_head in owned)


def test_the_fused_encoder_is_the_code_head_on_the_trunk():
    model = tiny(models.FusedAEGAN)
    x = samples(model, 4)
    seen = model.code_head(model.trunk_network(x))
    np.testing.assert_allclose(
        model.encode(x), ops.convert_to_numpy(seen)[:, :2], atol=1e-6
    )


def test_fanogan_scores_by_samples_and_features():
    """Against the formula, from the networks' own outputs."""
    gan = tiny(models.GAN)
    model = models.FAnoGAN.for_gan(gan, width=2, kappa=0.5)
    model.compile()
    x = samples(model, 16)
    before = gan.get_weights()
    model.fit(x, **FIT)
    for a, b in zip(before, gan.get_weights()):
        np.testing.assert_array_equal(a, b)
    rebuilt = model.reconstruct(x)
    body = keras.Model(
        model.discriminator.inputs, model.discriminator.layers[-2].output
    )
    seen, again = (body.predict(u, verbose=0) for u in (x, rebuilt))
    expected = np.mean((x - rebuilt) ** 2, 1) + 0.5 * np.mean(
        (seen - again) ** 2, 1
    )
    np.testing.assert_allclose(model.anomaly_score(x), expected, rtol=1e-4)


def pair_judge():
    """Of pairs of 2 numbers: `f = relu(W [a, b])`, and a logit on it."""
    a, b = keras.Input((2,)), keras.Input((2,))
    hidden = keras.layers.Dense(3, activation="relu", use_bias=False)
    x = hidden(keras.layers.Concatenate()([a, b]))
    network = keras.Model([a, b], keras.layers.Dense(1)(x))
    hidden.kernel.assign([[1, 0, 2], [0, 1, 0], [-1, 0, 1], [0, -1, 3]])
    return network


def test_alad_scores_by_features_of_pairs_by_hand():
    """E(x) = x_1 + x_2 and G(z) = (z, -z), so x_tilde = (s, -s)."""
    encoder = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1, use_bias=False)]
    )
    encoder.layers[0].kernel.assign([[1.0], [1.0]])
    generator = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(2, use_bias=False)]
    )
    generator.layers[0].kernel.assign([[1.0, -1.0]])
    usual = models.ALAD.for_shape((2,), latent_dim=1, width=2)
    parts = {name: getattr(usual, name) for name in usual.part_names}
    new = {"encoder": encoder, "generator": generator}
    model = models.ALAD(**{**parts, **new, "pair_discriminator": pair_judge()})
    x = np.array([[1.0, 2.0], [0.0, 0.0], [-1.0, 0.0]], "float32")
    # x_tilde = (3, -3), (0, 0), (-1, 1). f(x, x) = (0, 0, 9), 0, (0, 0, 0);
    # f(x, x_tilde) = (0, 5, 0), 0, (0, 0, 0) as -2 - 1 + 3 = 0.
    expected = [5.0 + 9.0, 0.0, 0.0]
    np.testing.assert_allclose(model.anomaly_score(x), expected, atol=1e-5)
    # In batches the same.
    score = model.anomaly_score(x, batch_size=2)
    np.testing.assert_allclose(score, expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(6,), (8, 8, 1)], ids=str)
def test_alad_scores_by_what_the_last_layer_sees(shape):
    """The logit is that layer of the features; the score is their distance."""
    model = models.ALAD.for_shape(shape, latent_dim=2, width=2)
    x = samples(model, 5)
    rebuilt = model.reconstruct(x)
    judge = model.pair_discriminator
    body = keras.Model(judge.inputs, judge.layers[-2].output)
    same, other = (
        ops.convert_to_numpy(body([x, u], training=False)) for u in (x, rebuilt)
    )
    expected = np.abs(same - other).sum(-1)
    assert same.ndim == 2 and same.shape[-1] > 1 and (expected > 0).all()
    np.testing.assert_allclose(model.anomaly_score(x), expected, rtol=1e-4)
    kernel, bias = judge.layers[-1].get_weights()
    logits = ops.convert_to_numpy(judge([x, rebuilt], training=False))
    np.testing.assert_allclose(other @ kernel + bias, logits, atol=1e-5)


def test_alad_trains_without_features_but_does_not_score():
    class Opaque(keras.Model):
        def __init__(self):
            super().__init__()
            self.logit = keras.layers.Dense(1)

        def call(self, pair):
            return self.logit(ops.concatenate(pair, axis=-1))

    judge = Opaque()
    judge([np.zeros((1, 6), "float32")] * 2)
    model = tiny(models.ALAD, pair_discriminator=judge)
    model.compile()
    x = samples(model, 16)
    history = model.fit(x, **FIT).history
    assert np.isfinite(list(history.values())).all()
    with pytest.raises(ValueError, match="functional model.*Received"):
        model.anomaly_score(x)
    with pytest.raises(ValueError, match="layer of features.*Received"):
        tiny(models.ALAD, feature_layer="trunk")


@pytest.mark.parametrize(
    "cls", [models.ALAD, models.FAnoGAN, models.GANomaly], ids=str
)
def test_no_samples_have_no_scores(cls):
    model = tiny(cls)
    assert model.anomaly_score(samples(model, 1)[:0]).shape == (0,)


BAD = {
    "trunk": lambda: tiny(models.FusedAEGAN, trunk="branch"),
    "wae penalty": lambda: tiny(models.WAE, penalty="kl"),
    "wae critic": lambda: models.WAE(
        encoder=tiny(models.WAE).encoder, generator=tiny(models.WAE).generator
    ),
    "ebgan margin": lambda: tiny(models.EBGAN, margin=0.0),
    "began gamma": lambda: tiny(models.BEGAN, gamma=2.0),
    "introvae margin": lambda: tiny(models.IntroVAE, margin=-1.0),
    "gan clip": lambda: tiny(models.GAN, clip=0.0),
    "gan settings": lambda: models.GAN.settings("best"),
    "feature layer": lambda: tiny(models.GAN, feature_layer="trunk"),
    "plain encoder": lambda: models.VAE(
        encoder=tiny(models.AEGAN).encoder,
        generator=tiny(models.AEGAN).generator,
    ),
    "no part": lambda: models.GAN(
        generator=tiny(models.GAN).generator, discriminator=None
    ),
    "odd statistics": lambda: layers.GaussianSampling()(np.zeros((2, 3))),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD)
def test_wrong_arguments_are_refused(make):
    with pytest.raises(ValueError, match="Received"):
        make()


UNKNOWN = {
    "missing part": lambda: models.GAN(generator=tiny(models.GAN).generator),
    "unknown part": lambda: tiny(models.GAN, encoder=tiny(models.VAE).encoder),
    "unknown option": lambda: tiny(models.GAN, gamma=2.0),
}


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_constructors_name_their_arguments(make):
    """So Python itself refuses others, and names them."""
    with pytest.raises(TypeError, match="discriminator|encoder|gamma"):
        make()


def test_a_missing_part_and_an_unknown_one_are_named():
    class Own(keras_aegan.AdversarialModel):
        parts = models.BiGAN.parts

    kept = {"generator": tiny(models.BiGAN).generator}
    with pytest.raises(ValueError) as error:
        Own(**kept, critic=kept["generator"])
    message = str(error.value)
    assert "Missing: ['encoder', 'joint_discriminator']" in message
    assert "unknown: ['critic']" in message


def test_a_model_of_ones_own_may_have_any_parts():
    class Own(keras_aegan.AdversarialModel):
        pass

    generator = tiny(models.BiGAN).generator
    own = Own(generator=generator, judge=generator, prior=None)
    assert own.judge is generator
    assert own.prior.latent_dim == generator.input_shape[-1]

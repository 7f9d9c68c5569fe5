"""The search space: what it draws, how it is narrowed, what it refuses."""

import keras_tuner
import numpy as np
import pytest
from catalogue import MODELS

from keras_aegan import models
from keras_aegan.layers import UniformPrior
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import WAE
from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import HyperAEGAN

SIZE = {"latent_dim": 4, "width": 2}
X = np.random.default_rng(0).normal(size=(16, 6)).astype("float32")


def values_of(**values):
    hp = keras_tuner.HyperParameters()
    hp.values.update(values)
    return hp


def draw(hypermodel, **values):
    return hypermodel.build(values_of(**values))


def draws(hypermodel, folder, count, kind=keras_tuner.RandomSearch):
    """Hyperparameters as one of KerasTuner's tuners draws them."""
    tuner = kind(
        hypermodel,
        keras_tuner.Objective("reconstruction", "min"),
        max_trials=count,
        directory=folder,
        seed=0,
        max_consecutive_failed_trials=count,
    )
    tuner.oracle.verbose = 0
    for _ in range(count):
        trial = tuner.oracle.create_trial("tuner")
        if trial.status != "RUNNING":
            return
        yield trial.hyperparameters
        trial.status = "COMPLETED"
        tuner.oracle.update_trial(trial.trial_id, {"reconstruction": 1.0})
        tuner.oracle.end_trial(trial)


def game(model):
    """All that `compile` settles."""
    optimizers = [o.get_config() for o in model.optimizer.optimizers]
    for config in optimizers:
        config["learning_rate"] = round(config["learning_rate"], 8)
    return {
        "weights": {
            term: weight if isinstance(weight, float) else weight.get_config()
            for term, weight in model.loss_terms.weights.items()
        },
        "losses": {
            term: (type(loss), getattr(loss, "fake_weights", None))
            for term, loss in model.loss_terms.functions.items()
        },
        "penalties": {
            player: [(type(p), p.weight) for p in penalties]
            for player, penalties in model.penalties.items()
            if penalties
        },
        "plan": model.game.plan,
        "optimizers": optimizers,
        "logs": model.means.names,
    }


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_the_first_draw_is_the_model_as_it_is(cls):
    shape = (6,) if 1 in cls.sample_axes else (8, 8, 1)
    drawn = draw(HyperAdversarial(cls, shape, space=SIZE))
    default = cls.for_shape(shape, **SIZE)
    default.compile()
    assert game(drawn) == game(default)
    shapes = [w.shape for w in drawn.weights]
    assert shapes == [w.shape for w in default.weights]


@pytest.mark.parametrize(
    "cls",
    [AEGAN, models.ALAE, models.ALI, models.BEGAN, models.VAEGAN, WAE],
    ids=lambda cls: cls.__name__,
)
def test_random_draws_are_valid(cls, tmp_path):
    hypermodel = HyperAdversarial(cls, (6,), space=SIZE)
    for hp in draws(hypermodel, tmp_path, 4):
        model = hypermodel.build(hp)
        assert model.compiled
        # What does not count has no value.
        games = [
            hp.values.get(n) for n in ("adversarial", "latent_adversarial")
        ]
        wasserstein = "wasserstein" in games
        assert ("gradient_penalty_weight" in hp.values) == wasserstein
        r1 = hp.values.get("discriminator_penalty") in ("r1", "r1_r2")
        assert ("r1_weight" in hp.values) == r1
        rate = hp["learning_rate"] * hp.values.get("learning_rate_ratio", 1.0)
        rates = [float(o.learning_rate) for o in model.optimizer.optimizers]
        np.testing.assert_allclose(max(rates), max(hp["learning_rate"], rate))


@pytest.mark.parametrize(
    "values, logs",
    [
        ({"adversarial": "hinge", "discriminator_penalty": "none"}, []),
        ({"discriminator_penalty": "r1_r2", "r1_weight": 0.1}, ["r1", "r2"]),
        ({"discriminator_penalty": "dragan", "dragan_weight": 1.0}, ["dragan"]),
        ({"discriminator_penalty": "lecam", "lecam_weight": 0.1}, ["lecam"]),
        ({"adversarial": "wasserstein"}, ["gradient_penalty"]),
    ],
)
def test_drawn_games_train(values, logs):
    hypermodel = HyperAdversarial(
        GAN, (6,), space=SIZE, compile_options={"run_eagerly": True}
    )
    hp = values_of(discriminator_turns=2, **values)
    model = hypermodel.build(hp)
    history = hypermodel.fit(hp, model, X, verbose=0).history
    penalties = [f"discriminator_{name}" for name in logs]
    terms = ["discriminator_loss", "discrimination"]
    assert sorted(history) == sorted(
        [*terms, *penalties, "generator_loss", "adversarial"]
    )
    assert np.isfinite(list(history.values())).all()
    assert int(model.optimizer.of("discriminator").iterations) == 2
    assert int(model.optimizer.of("generator").iterations) == 1


def test_residual_blocks_are_drawn_and_counted():
    space = {"latent_dim": 2, "width": 2, "latent_depth": 2}
    sizes = [
        draw(HyperAEGAN((6,), space=space), residual_blocks=n).count_params()
        for n in (0, 1, 2)
    ]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] > 0
    # Blocks are given up before nothing fits.
    hypermodel = HyperAEGAN((6,), space=space, max_parameters=sizes[0] + 99)
    dimensions = hypermodel.spaces["AEGAN"].dimensions
    found = {d.name: d.values for d in dimensions}
    assert found["residual_blocks"] == (0,)


def test_augmentation_comes_before_the_discriminator():
    hypermodel = HyperAEGAN((8, 8, 1), space={"latent_dim": 2, "width": 2})
    plain = draw(hypermodel)
    model = draw(hypermodel, augmentation="translation,cutout")
    layer = model.discriminator.layers[1]
    assert layer.policy == "translation,cutout"
    shapes = [w.shape for w in model.discriminator.trainable_weights]
    expected = [w.shape for w in plain.discriminator.trainable_weights]
    assert shapes == expected
    # Numbers in place of rows of a table have no such dimension.
    with pytest.raises(ValueError, match="augmentation"):
        HyperAEGAN((6,), space={"augmentation": "cutout"})


@pytest.mark.parametrize("cls", [AEGAN, GAN])
def test_augmented_models_train(cls):
    hypermodel = HyperAdversarial(
        cls,
        (8, 8, 1),
        space={"latent_dim": 2, "width": 2},
        compile_options={"run_eagerly": True},
        collapse=0,
    )
    hp = values_of(augmentation="color,translation,cutout")
    model = hypermodel.build(hp)
    x = np.zeros((16, 8, 8, 1), "float32")
    history = hypermodel.fit(hp, model, x, verbose=0).history
    assert np.isfinite(list(history.values())).all()


def test_models_that_are_told_labels():
    hypermodel = HyperAEGAN((6,), space=SIZE, num_classes=3)
    names = [d.name for d in hypermodel.spaces["AEGAN"].dimensions]
    assert "augmentation" not in names and "adversarial" in names
    model = draw(hypermodel)
    assert model.generate(2, labels=np.array([0, 2])).shape == (2, 6)


def test_depth_of_the_latent_discriminator():
    hypermodel = HyperAEGAN((6,), space={**SIZE, "latent_depth": [1, 3]})
    for depth in (1, 3):
        model = draw(hypermodel, latent_depth=depth)
        dense = [
            layer
            for layer in model.latent_discriminator.layers
            if "dense" in layer.name
        ]
        assert len(dense) == depth + 1


def test_factors_weigh_terms_more_than_the_model_does():
    hypermodel = HyperAEGAN((6,), space={**SIZE, "reconstruction_factor": 4})
    # AEGAN's own weight is 14.
    assert draw(hypermodel).loss_terms.weights["reconstruction"] == 56


def test_narrowing(tmp_path):
    hypermodel = HyperAEGAN(
        (6,),
        space={
            "latent_dim": [2, 3],
            "width": {"min_value": 2, "max_value": 16, "sampling": "log"},
            "adversarial": "hinge",
            "discriminator_penalty": None,
            "learning_rate": {"min_value": 1e-4, "max_value": 1e-2},
        },
    )
    found = list(draws(hypermodel, tmp_path, 12))
    assert {hp["latent_dim"] for hp in found} == {2, 3}
    assert {hp["width"] for hp in found} <= {2, 4, 8, 16}
    assert {hp["adversarial"] for hp in found} == {"hinge"}
    assert {hp["discriminator_penalty"] for hp in found} == {"none"}
    rates = [hp["learning_rate"] for hp in found]
    assert 1e-4 <= min(rates) < max(rates) <= 1e-2
    assert len(set(rates)) == 12


def test_draws_survive_the_way_from_chief_to_worker(tmp_path):
    hypermodel = HyperAEGAN((6,), space=SIZE)
    for hp in draws(hypermodel, tmp_path, 5):
        sent = keras_tuner.HyperParameters.from_proto(hp.to_proto())
        assert game(hypermodel.build(sent)) == game(hypermodel.build(hp))
        # As the chief does when the trial comes back.
        sent.ensure_active_values()
        assert sent.values == hp.values


def test_a_grid_visits_every_draw_once(tmp_path):
    hypermodel = HyperAdversarial(
        Autoencoder,
        (6,),
        space={
            "latent_dim": [1, 2],
            "width": 2,
            "residual_blocks": 0,
            "noise": 0,
            "dropout": 0,
            "normalization": ["none", "layer"],
            "learning_rate": [0.1, 0.2, 0.3],
            "average": 0,
            "batch_size": 8,
        },
    )
    found = [
        str(hp.values)
        for hp in draws(hypermodel, tmp_path, 99, keras_tuner.GridSearch)
    ]
    assert len(found) == len(set(found)) == 2 * 2 * 3


def dense_parameters(*sizes):
    return sum((i + 1) * o for i, o in zip(sizes, sizes[1:]))


def test_no_draw_has_more_parameters_than_it_may(tmp_path):
    def size(code, width):
        # Two hidden layers of 4 * width; the generator's are 1.45 times as
        # wide.
        hidden = int(1.45 * width) * 4
        return dense_parameters(
            6, 4 * width, 4 * width, code
        ) + dense_parameters(code, hidden, hidden, 6)

    codes, widths, limit = (2, 4, 8), (2, 4, 8), 1200
    space = {
        "latent_dim": codes,
        "width": widths,
        "residual_blocks": 0,
        "normalization": "none",
        "noise": 0,
        "dropout": 0,
        "learning_rate": 1e-3,
        "average": 0,
        "batch_size": 8,
    }
    hypermodel = HyperAdversarial(
        Autoencoder, (6,), space=space, max_parameters=limit
    )
    found = set()
    for hp in draws(hypermodel, tmp_path, 99, keras_tuner.GridSearch):
        model = hypermodel.build(hp)
        assert model.count_params() <= limit
        code, hidden = model.encoder.output_shape[1], model.encoder.layers[1]
        found.add((code, hidden.units // 4))
    fitting = {(c, w) for c in codes for w in widths if size(c, w) <= limit}
    # Some codes go with wider networks than others.
    assert len({max(w for c, w in fitting if c == code) for code in codes}) > 1
    assert found == fitting
    with pytest.raises(ValueError, match=r"at least \d+.*max_parameters=50"):
        HyperAdversarial(Autoencoder, (6,), space=space, max_parameters=50)


def test_the_latent_discriminator_gets_shallower_before_nothing_fits():
    deep = {
        "latent_dim": 2,
        "width": 4,
        "noise": 0,
        "dropout": 0,
        "latent_depth": [1, 2, 4],
    }
    shallow = {**deep, "latent_depth": 1}
    sizes = [
        draw(HyperAEGAN((6,), space=deep), latent_depth=n).count_params()
        for n in (1, 2, 4)
    ]
    hypermodel = HyperAEGAN((6,), space=deep, max_parameters=sizes[2] - 1)
    dimension = next(
        d for d in hypermodel.spaces["AEGAN"].dimensions
        if d.name == "latent_depth"
    )  # fmt: skip
    assert dimension.values == (1, 2)
    HyperAEGAN((6,), space=shallow, max_parameters=sizes[0])
    with pytest.raises(ValueError, match=f"at least {sizes[0]}"):
        HyperAEGAN((6,), space=deep, max_parameters=sizes[0] - 1)


def test_options_go_to_every_model():
    prior = UniformPrior(4)
    hypermodel = HyperAEGAN((6,), space=SIZE, activation="tanh", prior=prior)
    model, other = draw(hypermodel), draw(hypermodel)
    assert model.generator.layers[-1].activation.__name__ == "tanh"
    assert isinstance(model.prior, UniformPrior)
    # No two trials share what they change.
    assert model.prior is not other.prior is not prior


def test_what_is_compiled_further_leaves_the_rest_as_drawn():
    hypermodel = HyperAEGAN(
        (6,),
        space={**SIZE, "adversarial": "hinge", "reconstruction_factor": 2},
        compile_options={"loss": {"reconstruction": "mean_absolute_error"}},
    )
    model = draw(hypermodel)
    model.compile(loss_weights={"latent_reconstruction": 3.0})
    found = model.loss_terms.functions
    assert type(found["adversarial"]).__name__ == "Hinge"
    assert found["reconstruction"].__name__ == "mean_absolute_error"
    assert model.loss_terms.weights["reconstruction"] == 28
    assert model.loss_terms.weights["latent_reconstruction"] == 3


def test_trials_start_from_the_same_network():
    generator = GAN.for_shape((6,), **SIZE).generator
    hypermodel = HyperAdversarial(
        models.InverseGenerator, (6,), space=SIZE, generator=generator
    )
    model = draw(hypermodel)
    assert model.generator is not generator
    for one, two in zip(model.generator.weights, generator.weights):
        np.testing.assert_array_equal(one, two)


def test_a_model_of_ones_own_with_an_option_of_its_own():
    class Weighted(Autoencoder):
        def __init__(self, *, weight=1.0, **parts):
            super().__init__(**parts)
            self.weight = weight
            self.option_names = [*self.option_names, "weight"]

        def terms(self):
            return {"generator": {"reconstruction": self.weight}}

    hypermodel = HyperAdversarial(
        Weighted, (6,), space={**SIZE, "weight": [1.0, 3.0]}
    )
    model = draw(hypermodel, weight=3.0)
    assert model.loss_terms.weights["reconstruction"] == 3.0


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"space": {"depth_": 3}}, r"Expected.*'width'.*Received: \['depth_'"),
        ({"space": {"width": []}}, "non-empty list of positive integers"),
        ({"space": {"width": [0]}}, "positive integers"),
        ({"space": {"width": "wide"}}, "positive integers"),
        ({"space": {"width": True}}, "positive integers"),
        ({"space": {"dropout": 1}}, r"numbers in \[0, 1\)"),
        ({"space": {"adversarial": "hing"}}, "some of.*'hinge'"),
        ({"space": {"noise": {"min_value": 1, "max_value": 0}}}, "below"),
        ({"space": {"noise": {"low": 0}}}, "'min_value' below"),
        ({"space": {"batch_size": -1}}, "positive integers"),
        ({"space": [("width", 4)]}, "must be a dict"),
        (
            {"space": {"discriminator_penalty": "none", "r1_weight": 1}},
            "itself: 'r1_weight' counts only where 'discriminator_penalty'",
        ),
        (
            {
                "space": {
                    "adversarial": "wasserstein",
                    "discriminator_penalty": "r1",
                }
            },
            "itself: 'discriminator_penalty' counts only where 'adversarial'",
        ),
        ({"width": 4}, "fixed in the space"),
        ({"max_parameters": 0}, "max_parameters"),
        ({"collapse": 1.5}, "collapse"),
        ({"num_layers": 3}, "num_layers"),
    ],
)
def test_bad_spaces(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        HyperAEGAN((6,), **arguments)


@pytest.mark.parametrize("model_class", [None, VAE.for_shape, [], [VAE, VAE]])
def test_bad_classes(model_class):
    with pytest.raises(ValueError, match="`model_class`.*Received"):
        HyperAdversarial(model_class, (6,))


def test_a_shape_that_no_network_takes():
    with pytest.raises(ValueError, match="at least 8 steps or pixels"):
        HyperAEGAN((4, 4, 1))

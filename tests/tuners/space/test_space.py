"""The search space: its models, how it is narrowed, what it refuses."""

import keras_tuner
import numpy as np
import pytest
from catalogue import MODELS
from sampling import SIZE
from sampling import game
from sampling import sample
from sampling import samples
from sampling import values_of

from keras_aegan import losses
from keras_aegan import models
from keras_aegan.layers import UniformPrior
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import WAE
from keras_aegan.models import Autoencoder
from keras_aegan.tuners import HyperAdversarial
from keras_aegan.tuners import HyperAEGAN

X = np.random.default_rng(0).normal(size=(16, 6)).astype("float32")


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_the_default_of_all_values_is_the_default_model(cls):
    shape = (6,) if 1 in cls.sample_axes else (8, 8, 1)
    model = sample(HyperAdversarial(cls, shape, space=SIZE))
    default = cls.for_shape(shape, **SIZE)
    default.compile()
    assert game(model) == game(default)
    shapes = [w.shape for w in model.weights]
    assert shapes == [w.shape for w in default.weights]


@pytest.mark.parametrize(
    "cls",
    [AEGAN, models.ALAE, models.ALI, models.BEGAN, models.VAEGAN, WAE],
    ids=lambda cls: cls.__name__,
)
def test_random_samples_are_valid(cls, tmp_path):
    hypermodel = HyperAdversarial(cls, (6,), space=SIZE)
    for hp in samples(hypermodel, tmp_path, 4):
        model = hypermodel.build(hp)
        assert model.compiled
        # What is inactive has no value.
        adversarial = [
            hp.values.get(n) for n in ("adversarial", "latent_adversarial")
        ]
        wasserstein = "wasserstein" in adversarial
        assert ("gradient_penalty_weight" in hp.values) == wasserstein
        r1 = hp.values.get("discriminator_penalty") in ("r1", "r1_r2")
        assert ("r1_weight" in hp.values) == r1
        rate = hp["learning_rate"] * hp.values.get("learning_rate_ratio", 1.0)
        rates = [float(o.learning_rate) for o in model.optimizer.optimizers]
        np.testing.assert_allclose(max(rates), max(hp["learning_rate"], rate))


@pytest.mark.every_backend
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
def test_sampled_games_train(values, logs):
    hypermodel = HyperAdversarial(
        GAN, (6,), space=SIZE, compile_options={"run_eagerly": True}
    )
    hp = values_of(discriminator_turns=2, **values)
    model = hypermodel.build(hp)
    history = hypermodel.fit(hp, model, X, verbose=0).history
    penalties = [f"discriminator_{name}" for name in logs]
    terms = ["loss", "discriminator_loss", "discrimination"]
    assert sorted(history) == sorted(
        [*terms, *penalties, "generator_loss", "adversarial"]
    )
    assert np.isfinite(list(history.values())).all()
    assert int(model.optimizer.of("discriminator").iterations) == 2
    assert int(model.optimizer.of("generator").iterations) == 1


def test_residual_blocks_are_sampled_and_counted():
    space = {"latent_dim": 2, "width": 2, "latent_depth": 2}
    sizes = [
        sample(HyperAEGAN((6,), space=space), residual_blocks=n).count_params()
        for n in (0, 1, 2)
    ]
    assert sizes[2] - sizes[1] == sizes[1] - sizes[0] > 0
    # Fewer blocks are allowed before no model fits.
    hypermodel = HyperAEGAN((6,), space=space, max_parameters=sizes[0] + 99)
    dimensions = hypermodel.spaces["AEGAN"].dimensions
    found = {d.name: d.values for d in dimensions}
    assert found["residual_blocks"] == (0,)


def test_augmentation_comes_before_the_discriminator():
    hypermodel = HyperAEGAN((8, 8, 1), space={"latent_dim": 2, "width": 2})
    plain = sample(hypermodel)
    model = sample(hypermodel, augmentation="translation,cutout")
    layer = model.discriminator.layers[1]
    assert layer.policy == "translation,cutout"
    shapes = [w.shape for w in model.discriminator.trainable_weights]
    expected = [w.shape for w in plain.discriminator.trainable_weights]
    assert shapes == expected
    # Numbers in place of rows of a table have no such dimension.
    with pytest.raises(ValueError, match="augmentation"):
        HyperAEGAN((6,), space={"augmentation": "cutout"})


def test_a_new_loss_is_searched(monkeypatch):
    class Squared(losses.LeastSquares):
        def discriminator(self, real, fake):
            return super().discriminator(2.0 * real, 2.0 * fake)

    class Unbounded(losses.Wasserstein):
        pass

    new = {"squared": Squared, "unbounded": Unbounded}
    for name, cls in new.items():
        monkeypatch.setitem(losses.ADVERSARIAL_LOSSES, name, cls)
    dimensions = HyperAEGAN((6,), space=SIZE).spaces["AEGAN"].dimensions
    found = {d.name: d for d in dimensions}
    first = ("non_saturating", "least_squares", "hinge", "relativistic")
    bounded = (*first, "squared")
    needs_bound = ("wasserstein", "unbounded")
    assert found["adversarial"].values == (*bounded, *needs_bound)
    assert found["latent_adversarial"].values == bounded
    when = found["gradient_penalty_weight"].when["adversarial"]
    assert tuple(when) == needs_bound
    when = found["discriminator_penalty"].when["adversarial"]
    assert tuple(when) == bounded


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


def test_conditional_models():
    hypermodel = HyperAEGAN((6,), space=SIZE, num_classes=3)
    names = [d.name for d in hypermodel.spaces["AEGAN"].dimensions]
    assert "augmentation" not in names and "adversarial" in names
    model = sample(hypermodel)
    assert model.generate(2, labels=np.array([0, 2])).shape == (2, 6)


def test_depth_of_the_latent_discriminator():
    hypermodel = HyperAEGAN((6,), space={**SIZE, "latent_depth": [1, 3]})
    for depth in (1, 3):
        model = sample(hypermodel, latent_depth=depth)
        dense = [
            layer
            for layer in model.latent_discriminator.layers
            if "dense" in layer.name
        ]
        assert len(dense) == depth + 1


def test_factors_weigh_terms_more_than_the_model_does():
    hypermodel = HyperAEGAN((6,), space={**SIZE, "reconstruction_factor": 4})
    # AEGAN's own weight is 20.
    assert sample(hypermodel).game.rules.terms.weights["reconstruction"] == 80


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
    found = list(samples(hypermodel, tmp_path, 12))
    assert {hp["latent_dim"] for hp in found} == {2, 3}
    assert {hp["width"] for hp in found} <= {2, 4, 8, 16}
    assert {hp["adversarial"] for hp in found} == {"hinge"}
    assert {hp["discriminator_penalty"] for hp in found} == {"none"}
    rates = [hp["learning_rate"] for hp in found]
    assert 1e-4 <= min(rates) < max(rates) <= 1e-2
    assert len(set(rates)) == 12


def test_hyperparameters_survive_the_way_from_chief_to_worker(tmp_path):
    hypermodel = HyperAEGAN((6,), space=SIZE)
    for hp in samples(hypermodel, tmp_path, 5):
        sent = keras_tuner.HyperParameters.from_proto(hp.to_proto())
        assert game(hypermodel.build(sent)) == game(hypermodel.build(hp))
        # As the chief does when the trial comes back.
        sent.ensure_active_values()
        assert sent.values == hp.values


def test_a_grid_visits_every_combination_once(tmp_path):
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
        for hp in samples(hypermodel, tmp_path, 99, keras_tuner.GridSearch)
    ]
    assert len(found) == len(set(found)) == 2 * 2 * 3


def test_options_go_to_every_model():
    prior = UniformPrior(4)
    hypermodel = HyperAEGAN((6,), space=SIZE, activation="tanh", prior=prior)
    model, other = sample(hypermodel), sample(hypermodel)
    assert model.generator.layers[-1].activation.__name__ == "tanh"
    assert isinstance(model.prior, UniformPrior)
    # No two trials share what they change.
    assert model.prior is not other.prior is not prior


def test_compile_options_leave_the_rest_as_sampled():
    hypermodel = HyperAEGAN(
        (6,),
        space={**SIZE, "adversarial": "hinge", "reconstruction_factor": 2},
        compile_options={"loss": {"reconstruction": "mean_absolute_error"}},
    )
    model = sample(hypermodel)
    model.compile(loss_weights={"latent_reconstruction": 3.0})
    found = model.game.rules.terms.functions
    assert type(found["adversarial"]).__name__ == "Hinge"
    assert found["reconstruction"].__name__ == "mean_absolute_error"
    assert model.game.rules.terms.weights["reconstruction"] == 40
    assert model.game.rules.terms.weights["latent_reconstruction"] == 3


def test_trials_start_from_the_same_network():
    generator = GAN.for_shape((6,), **SIZE).generator
    hypermodel = HyperAdversarial(
        models.InverseGenerator, (6,), space=SIZE, generator=generator
    )
    model = sample(hypermodel)
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
    model = sample(hypermodel, weight=3.0)
    assert model.game.rules.terms.weights["reconstruction"] == 3.0


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({"space": {"depth_": 3}}, r"Expected.*'width'.*Received: \['depth_'"),
        ({"space": {"width": []}}, "non-empty list of positive integers"),
        ({"space": {"width": [0]}}, "positive integers"),
        ({"space": {"width": "wide"}}, "positive integers"),
        ({"space": {"width": True}}, "positive integers"),
        ({"space": {"width": np.True_}}, "positive integers"),
        ({"space": {"width": float("nan")}}, "positive integers"),
        ({"space": {"noise": [0.1, np.inf]}}, "non-negative numbers"),
        (
            {
                "space": {
                    "noise": {"min_value": 0, "max_value": 1, "step": True}
                }
            },
            "perhaps 'step'",
        ),
        ({"max_parameters": True}, "max_parameters"),
        ({"space": {"dropout": 1}}, r"numbers in \[0, 1\)"),
        ({"space": {"adversarial": "hing"}}, "some of.*'hinge'"),
        ({"space": {"noise": {"min_value": 1, "max_value": 0}}}, "below"),
        ({"space": {"noise": {"low": 0}}}, "'min_value' below"),
        ({"space": {"batch_size": -1}}, "positive integers"),
        ({"space": [("width", 4)]}, "must be a dict"),
        (
            {"space": {"discriminator_penalty": "none", "r1_weight": 1}},
            "itself: 'r1_weight' is active only where 'discriminator_penalty'",
        ),
        (
            {
                "space": {
                    "adversarial": "wasserstein",
                    "discriminator_penalty": "r1",
                }
            },
            "'discriminator_penalty' is active only where 'adversarial'",
        ),
        ({"width": 4}, "width.*Fix it there"),
        ({"max_parameters": 0}, "max_parameters"),
        ({"collapse": 1.5}, "collapse"),
        ({"num_layers": 3}, "num_layers"),
    ],
)
def test_bad_spaces(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        HyperAEGAN((6,), **arguments)


def test_numpys_numbers_are_numbers():
    hypermodel = HyperAdversarial(
        VAE,
        np.array([6]),
        space={
            "latent_dim": np.int64(4),
            "width": np.array([2, 3]),
            "noise": {
                "min_value": np.float32(0.5),
                "max_value": np.float64(1.5),
                "step": np.float32(0.5),
            },
            "beta": [1, np.float32(0.5)],
        },
        max_parameters=np.int64(10_000),
        collapse=np.float32(0.5),
    )
    space = hypermodel.spaces["VAE"]
    assert space.input_shape == (6,)
    found = {d.name: d for d in space.dimensions}
    assert found["latent_dim"].values == (4,)
    assert found["width"].values == (2, 3)
    assert found["noise"].interval["step"] == 0.5
    assert found["beta"].values == (1.0, 0.5)
    for name in ("latent_dim", "width"):
        assert {type(v) for v in found[name].values} == {int}
    # The layer whose features are compared is an index.
    space = HyperAdversarial(
        GAN, (6,), space={**SIZE, "feature_layer": [-2, np.int64(-3)]}
    ).spaces["GAN"]
    values = {d.name: d.values for d in space.dimensions}
    assert values["feature_layer"] == (-2, -3)
    assert {type(v) for v in values["feature_layer"]} == {int}


def test_shapes_of_no_sample():
    for shape in (6, (6.0,), (True,), (0,), ()):
        with pytest.raises(ValueError, match="`input_shape` must be"):
            HyperAdversarial(Autoencoder, shape)


@pytest.mark.parametrize("model_class", [None, VAE.for_shape, [], [VAE, VAE]])
def test_bad_classes(model_class):
    with pytest.raises(ValueError, match="`model_class`.*Received"):
        HyperAdversarial(model_class, (6,))


def test_a_shape_that_no_network_takes():
    with pytest.raises(ValueError, match="at least 8 steps or pixels"):
        HyperAEGAN((4, 4, 1))

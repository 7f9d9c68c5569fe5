"""What every model of the family promises, each in one story."""

import os
import pathlib

import keras
import numpy as np
import pytest
from catalogue import MODELS
from catalogue import samples

from keras_aegan import backend
from keras_aegan import layers
from keras_aegan import models

DEEDS = {
    "encode": ("encoder",),
    "reconstruct": ("encoder", "generator"),
    "interpolate": ("encoder", "generator"),
    "generate": ("generator", "prior"),
}
# Of batch normalisation.
STATISTICS = ("moving_mean", "moving_variance")
FIT = {"batch_size": 16, "shuffle": False, "verbose": 0}


def able(model, deed):
    return all(hasattr(model, part) for part in DEEDS[deed])


def expected_logs(model):
    terms = [
        term
        for group in model.terms().values()
        for term, weight in group.items()
        if weight
    ]
    totals = [f"{player}_loss" for player in model.players()]
    penalties = [
        f"{player}_{penalty.label}"
        for player, given in model.default_settings()
        .get("penalties", {})
        .items()
        for penalty in given
    ]
    names = {"loss", *terms, *totals, *penalties}
    return names | {f"val_{name}" for name in names}


def remember(name, history):
    """Let `exchange/test_exchange.py` compare the backends' first steps."""
    if "KERAS_AEGAN_EXCHANGE" in os.environ:
        folder = pathlib.Path(os.environ["KERAS_AEGAN_EXCHANGE"])
        folder = folder / keras.backend.backend() / "family"
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / f"{name}.npz", **history)


def outputs(model, x):
    if able(model, "reconstruct"):
        return model.reconstruct(x)
    return model.generate(len(x), seed=3)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_model_trains_is_saved_and_goes_on(cls, tmp_path):
    keras.utils.set_random_seed(0)
    model = MODELS[cls]()
    model.compile()
    x = samples(model, 32)
    before = {
        v.path: keras.ops.convert_to_numpy(v)
        for networks in model.players().values()
        for network in networks
        for v in network.variables
        if v.trainable or v.name in STATISTICS
    }
    first = model.fit(x[:16], validation_data=x[:8], **FIT).history
    remember(cls.__name__, first)
    assert set(first) == expected_logs(model)
    model.fit(x, epochs=2, **FIT)
    after = {v.path: keras.ops.convert_to_numpy(v) for v in model.variables}
    stuck = [k for k, v in before.items() if np.array_equal(v, after[k])]
    # A loss that compares logits never sees the last bias.
    assert not [path for path in stuck if not path.endswith("bias")]
    assert all(np.isfinite(v).all() for v in after.values())
    model.evaluate(x[:8], batch_size=16, verbose=0)
    metrics = {v.path for metric in model.metrics for v in metric.variables}
    for v in model.variables:
        same = np.array_equal(keras.ops.convert_to_numpy(v), after[v.path])
        assert same or v.path in metrics, v.path

    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(outputs(loaded, x), outputs(model, x), atol=1e-6)
    assert loaded.get_compile_config() == model.get_compile_config()
    expected, actual = (m.fit(x, **FIT).history for m in (model, loaded))
    for name, values in expected.items():
        assert np.isfinite(values).all()
        np.testing.assert_allclose(
            actual[name], values, rtol=1e-4, atol=1e-6, err_msg=name
        )


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_weight_has_one_owner(cls):
    """And moves with it alone: `engine/test_game.py`."""
    model = MODELS[cls]()
    model.compile()
    owned = [v.path for own in model.game.owned.values() for v in own]
    assert len(owned) == len(set(owned))
    assert all(model.game.owned.values())
    assert list(model.game.owned) == list(model.players())


@pytest.mark.in_turn
@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_model_trains_in_mixed_precision(cls):
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = MODELS[cls]()
    model.compile()
    owned = {
        v.path: (v, keras.ops.convert_to_numpy(v))
        for variables in model.game.owned.values()
        for v in variables
    }
    # Four epochs reach the last stage of a model that has stages.
    logs = model.fit(samples(model, 8), epochs=4, **FIT).history
    assert np.isfinite(list(logs.values())).all()
    for path, (v, old) in owned.items():
        assert v.dtype == "float32"
        moved = not np.array_equal(keras.ops.convert_to_numpy(v), old)
        assert moved or path.endswith("bias"), path


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_a_model_does_what_its_networks_allow(cls):
    model = MODELS[cls]()
    x = samples(model, 5)
    arguments = {"generate": (5,), "interpolate": (x, x, 3)}
    for deed in DEEDS:
        given = arguments.get(deed, (x,))
        if able(model, deed):
            result = getattr(model, deed)(*given)
            assert isinstance(result, np.ndarray)
            assert len(result) == 5
            assert np.isfinite(result).all()
        else:
            with pytest.raises(ValueError, match=f"cannot {deed}.*AEGAN"):
                getattr(model, deed)(*given)
    if able(model, "encode"):
        assert model.encode(x).shape == (5, *model.generator.input_shape[1:])
        np.testing.assert_allclose(
            model.predict(x, verbose=0), model.reconstruct(x), atol=1e-5
        )


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_misfits_are_refused(cls):
    model = MODELS[cls]()
    parts = {name: getattr(model, name) for name in model.part_names}
    for name in parts:
        unbuilt = keras.Sequential([keras.layers.Dense(1)])
        with pytest.raises(ValueError, match=f"`{name}`.*Received"):
            cls(**{**parts, name: unbuilt})
    model.compile()
    with pytest.raises(ValueError, match="Received"):
        model.fit(np.full((4, *model.sample_shape), np.nan, "float32"))
    with pytest.raises(ValueError, match="Expected some of.*Received"):
        model.compile(loss_weights={"fidelity": 1.0})


RANKS = [(12,), (9, 2), (8, 10, 3)]


@pytest.mark.parametrize("shape", RANKS, ids=str)
@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_for_shape_builds_networks_that_fit(cls, shape):
    if len(shape) not in cls.sample_axes:
        with pytest.raises(ValueError, match="`shape` must be.*Received"):
            cls.for_shape(shape, latent_dim=3, width=2)
        return
    model = cls.for_shape(shape, latent_dim=3, width=2)
    assert model.sample_shape == shape
    codes = np.zeros((2, *model.generator.input_shape[1:]), "float32")
    assert codes.shape[-1] == 3
    assert model.decode(codes).shape == (2, *shape)


@pytest.mark.parametrize("cls", MODELS, ids=lambda cls: cls.__name__)
def test_for_shape_lets_every_network_have_what_it_can(cls):
    """Blocks are parameters; noise, dropout and changes are layers."""
    if not {2, 3} & set(cls.sample_axes):
        return
    plain, deep = (
        cls.for_shape((8, 8, 1), latent_dim=3, width=2, residual_blocks=n)
        for n in (0, 1)
    )
    for role in ("encoder", "generator", "discriminator", "trunk_network"):
        if role in plain.part_names:
            few, many = (getattr(m, role).count_params() for m in (plain, deep))
            assert many > few, role
    if "discriminator" in plain.part_names:
        judge = cls.for_shape(
            (8, 8, 1), 3, 2, noise=0.1, dropout=0.1, augmentation="color"
        ).discriminator
        kinds = {type(layer) for layer in backend.sublayers(judge)}
        assert {layers.DiffAugment, layers.GaussianDropout} <= kinds
        assert layers.GaussianNoise in kinds


def test_the_family_is_all_there():
    public = {
        value
        for value in vars(models).values()
        if isinstance(value, type) and issubclass(value, keras.Model)
    }
    assert public == set(MODELS)

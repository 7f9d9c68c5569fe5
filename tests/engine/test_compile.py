"""What `compile` takes, and what it leaves as it was when it raises."""

import warnings

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import models
from keras_aegan import penalties
from keras_aegan.metrics import FrechetDistance
from keras_aegan.models import ARAE
from keras_aegan.models import GAN
from keras_aegan.models import VAE
from keras_aegan.models import VAEGAN
from keras_aegan.models import Autoencoder
from keras_aegan.models import InfoGAN


def rows(count=32):
    return np.random.default_rng(0).uniform(-1, 1, (count, 6)).astype("float32")


@pytest.fixture
def model():
    return VAEGAN.for_shape((6,), latent_dim=2, width=2)


def largest_error(x, x_hat):
    return ops.max(ops.abs(x - x_hat), axis=-1)


# === Wrong arguments ===

WRONG = [
    {"optimizer": "no such optimizer"},
    {"optimizer": 3},
    {"optimizer": {"nobody": "adam"}},
    {"optimizer": {"generator": None}},
    {"loss": "mse"},
    {"loss": {"nothing": "mse"}},
    {"loss": {"adversarial": "no such loss"}},
    {"loss_weights": {"features": np.inf}},
    {"loss_weights": {"features": np.nan}},
    {"loss_weights": {"features": True}},
    {"loss_weights": {"features": np.float32(-1)}},
    {"loss_weights": {"features": np.ones(1)}},
    {"loss_weights": {"features": "1"}},
    {"metrics": "mae"},
    {"metrics": ["no such metric"]},
    {"metrics": [None]},
    {"metrics": [3]},
    {"metrics": ["accuracy"]},
    {"metrics": ["mae", "mae"]},
    {"metrics": [keras.metrics.MeanSquaredError(name="features")]},
    {"metrics": [FrechetDistance()]},
    {"update": "never"},
    {"update": [["generator"]]},
    {"turns": {"generator": 0}},
    {"turns": {"generator": True}},
    {"turns": {"generator": 1.0}},
    {"penalties": {"nobody": penalties.R1(1.0)}},
    {"penalties": {"discriminator": "r1"}},
    {
        "penalties": {"discriminator": penalties.R1(1.0, interval=2)},
        "steps_per_execution": 2,
    },
    {"fresh_batches": "yes"},
    {"average": 1.0},
    {"average": -0.1},
    {"average": True},
    {"average": "0.9"},
    {"average": np.nan},
    {"run_eagerly": "no"},
    {"steps_per_execution": 0},
    {"steps_per_execution": 1.5},
    {"jit_compile": "always"},
    {"auto_scale_loss": 2},
]


def test_wrong_arguments_change_nothing(model):
    """Two models do the same, of which one has seen all wrong arguments."""
    again = VAEGAN.from_config(model.get_config())
    again.set_weights(model.get_weights())
    settings = {
        "optimizer": keras.optimizers.Adam(1e-3),
        "metrics": ["mae"],
        "average": 0.9,
        "penalties": {"discriminator": penalties.R1(0.1)},
    }
    histories = []
    for made in (model, again):
        made.compile(**settings)
        logs = made.fit(rows(), shuffle=False, verbose=0).history
        for arguments in WRONG if made is again else []:
            with pytest.raises(ValueError, match="Received"):
                made.compile(**arguments)
        more = made.fit(rows(), shuffle=False, verbose=0).history
        histories.append([logs, more])
    assert histories[0] == histories[1]
    assert model.get_compile_config() == again.get_compile_config()


@pytest.mark.parametrize("arguments", WRONG, ids=str)
def test_wrong_arguments(model, arguments):
    with pytest.raises(ValueError, match="Received"):
        model.compile(**arguments)
    assert not model.compiled


# === Numbers of any kind ===


@pytest.mark.parametrize(
    "number",
    [np.float32(0.5), np.float64(0.5), np.array(0.5), ops.array(0.5)],
    ids=["float32", "float64", "0-d array", "tensor"],
)
def test_numbers_of_any_kind(model, number):
    model.compile(
        loss_weights={"features": number, "divergence": np.int64(2)},
        turns={"generator": np.array(2)},
        average=number,
        fresh_batches=np.bool_(False),
        steps_per_execution=np.int64(1),
    )
    rules = model.game.rules
    assert rules.terms.weights["features"] == 0.5
    assert rules.terms.weights["divergence"] == 2.0
    assert model.averages.decay == 0.5
    # What was given can be saved.
    config = model.get_compile_config()
    assert config["loss_weights"]["features"] == 0.5


def test_a_zero_of_any_kind_switches_off(model):
    model.compile(loss_weights={"features": np.float32(0)})
    assert "features" not in model.means.names


# === Metrics ===


@pytest.mark.parametrize(
    ("metrics", "names"),
    [
        ([keras.losses.mean_squared_error], ["mean_squared_error"]),
        ([largest_error], ["largest_error"]),
        (["mae", "mean_squared_error"], ["mae", "mean_squared_error"]),
        ([keras.losses.MeanAbsoluteError(name="l1")], ["l1"]),
        ([keras.metrics.MeanAbsoluteError], ["mean_absolute_error"]),
        (({"rows": ["mae"]}), ["mae"]),
        ([["mae", largest_error]], ["mae", "largest_error"]),
        (("mae",), ["mae"]),
    ],
    ids=[
        "function",
        "own function",
        "names",
        "loss",
        "class",
        "dict",
        "nested",
        "tuple",
    ],
)
def test_metrics_of_any_kind(model, metrics, names):
    model.compile(metrics=metrics)
    assert [metric.name for metric in model.user_metrics] == names


def test_functions_as_metrics_are_means_over_samples(tmp_path):
    """By hand from what the model reconstructs; in a loaded model as well."""
    x = rows(24)
    model = Autoencoder.for_shape((6,), latent_dim=2, width=2)
    model.compile(metrics=[largest_error, keras.losses.mean_squared_error])
    model.fit(x, verbose=0)
    path = tmp_path / "model.keras"
    model.save(path)
    custom = {"largest_error": largest_error}
    loaded = keras.saving.load_model(path, custom_objects=custom)
    for made in (model, loaded):
        x_hat = made.predict(x, verbose=0)
        logs = made.evaluate(x, batch_size=16, verbose=0, return_dict=True)
        expected = {
            "largest_error": np.abs(x - x_hat).max(axis=-1).mean(),
            "mean_squared_error": np.square(x - x_hat).mean(),
        }
        for name, value in expected.items():
            assert logs[name] == pytest.approx(value, rel=1e-3)


def test_accuracy_is_of_tokens():
    model = ARAE.for_shape((4,), latent_dim=2, width=2, vocabulary_size=5)
    model.compile(metrics=["accuracy"])
    (metric,) = model.user_metrics
    assert isinstance(metric, keras.metrics.SparseCategoricalAccuracy)
    assert metric.name == "accuracy"


# === Logits ===


def gan(activation, cls=GAN):
    """A GAN whose discriminator ends in an activation or a layer."""
    last = [keras.layers.Dense(1)]
    if isinstance(activation, str):
        last = [keras.layers.Dense(1, activation=activation)]
    elif activation is not None:
        last.append(activation)
    body = [keras.Input((6,)), keras.layers.Dense(4)]
    made = cls.for_shape((6,), latent_dim=3, width=2)
    parts = {name: getattr(made, name) for name in made.part_names}
    parts["discriminator"] = keras.Sequential([*body, *last])
    return cls(**parts, **{n: getattr(made, n) for n in made.option_names})


@pytest.mark.parametrize(
    "activation",
    [
        "sigmoid",
        "softmax",
        "tanh",
        keras.layers.Activation("sigmoid"),
        keras.layers.Softmax(),
    ],
    ids=str,
)
def test_probabilities_in_place_of_logits(activation):
    with pytest.warns(UserWarning, match="`discriminator` ends in .*logits"):
        gan(activation).compile()


def test_operations_and_passive_layers_at_the_end():
    x = keras.Input((6,))
    logits = keras.layers.Dense(1)(keras.layers.Dense(2)(x))
    outputs = keras.layers.Reshape((1,))(ops.sigmoid(logits))
    made = gan(None)
    made = GAN(generator=made.generator, discriminator=keras.Model(x, outputs))
    with pytest.warns(UserWarning, match="ends in `sigmoid`"):
        made.compile()


def test_a_classifier_gives_logits():
    made = InfoGAN.for_shape((6,), latent_dim=4, width=2, continuous=1)
    size = made.recognition.input_shape[-1]
    outputs = made.recognition.output_shape[-1]
    recognition = keras.Sequential(
        [keras.Input((size,)), keras.layers.Dense(outputs, "softmax")]
    )
    parts = {name: getattr(made, name) for name in made.part_names}
    parts["recognition"] = recognition
    made = InfoGAN(**parts, **{n: getattr(made, n) for n in made.option_names})
    with pytest.warns(UserWarning, match="`recognition` ends in `softmax`"):
        made.compile()


def test_where_bounds_are_right_nothing_is_said():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*logits")
        gan(None).compile()
        gan("sigmoid").compile(loss={"adversarial": "least_squares"})
        VAE.for_shape((6,), latent_dim=2, width=2).compile()


# === Numbers of models ===


@pytest.mark.parametrize(
    ("cls", "wrong"),
    [
        (models.ALAE, {"gamma": -1.0}),
        (models.BEGAN, {"rate": 0.0}),
        (models.BEGAN, {"gamma": np.nan}),
        (models.EBGAN, {"margin": np.inf}),
        (models.FAnoGAN, {"kappa": "1"}),
        (models.GAN, {"clip": True}),
        (models.IntroVAE, {"margin": 0.0}),
        (models.R3GAN, {"gamma": np.nan}),
        (models.SoftIntroVAE, {"beta_kl": -1.0}),
        (models.VAE, {"beta": np.inf}),
        (models.VAE, {"capacity": "much"}),
        (models.VAEGAN, {"equilibrium": np.nan}),
        (models.WAE, {"weight": -0.5}),
    ],
    ids=str,
)
def test_wrong_numbers_of_models(cls, wrong):
    with pytest.raises(ValueError, match="Received"):
        cls.for_shape((6,), latent_dim=2, width=2, **wrong)


def test_numbers_of_models_of_any_kind():
    """They are plain in the configuration, which is saved as JSON."""
    made = VAE.for_shape(
        (6,), latent_dim=2, width=2, beta=np.float32(0.5), capacity=np.array(2)
    )
    assert made.get_config()["beta"] == 0.5
    assert VAE.from_config(made.get_config()).capacity == 2.0
    assert type(made.beta) is float

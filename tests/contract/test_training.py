"""What every model promises about `fit`."""

import keras
import numpy as np
import pytest
from catalogue import FLAGSHIP
from catalogue import samples

import keras_aegan
from keras_aegan import penalties

ORDERS = ["alternating", "simultaneous"]


@pytest.fixture(params=FLAGSHIP.values(), ids=[c.__name__ for c in FLAGSHIP])
def model(request):
    return request.param()


def batches(x, size=16):
    return [x[i : i + size] for i in range(0, len(x), size)]


class Batches(keras.utils.PyDataset):
    def __init__(self, x):
        super().__init__()
        self.x = x

    def __len__(self):
        return len(self.x) // 16

    def __getitem__(self, index):
        return (self.x[16 * index : 16 * index + 16],)


def native_dataset(x):
    """The backend's own kind of data set, where it has one."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return tf.data.Dataset.from_tensor_slices(x).batch(16)
    if keras.backend.backend() == "torch":
        import torch

        tensors = torch.utils.data.TensorDataset(torch.from_numpy(x))
        return torch.utils.data.DataLoader(tensors, batch_size=16)
    return keras.ops.convert_to_tensor(x)


@pytest.mark.parametrize("update", ORDERS)
def test_every_term_is_logged_and_finite(model, update):
    model.compile(update=update)
    x = samples(model)
    history = model.fit(
        x, batch_size=16, epochs=2, validation_data=x[:20], verbose=0
    ).history
    terms = {t for group in model.terms().values() for t in group}
    totals = {f"{player}_loss" for player in model.players()}
    expected = {"loss"} | terms | totals
    assert set(history) == expected | {f"val_{name}" for name in expected}
    assert np.isfinite(list(history.values())).all()


@pytest.mark.filterwarnings("ignore:AEGAN takes no labels")
def test_fit_takes_what_keras_takes(model):
    model.compile()
    x = samples(model)
    sources = [
        (x,),
        (x, x),
        (keras.ops.convert_to_tensor(x),),
        (native_dataset(x),),
        (Batches(x),),
    ]
    start = int(model.optimizer.iterations)
    for source in sources:
        in_memory = hasattr(source[0], "shape")
        batch_size = 16 if in_memory else None
        model.fit(*source, batch_size=batch_size, shuffle=in_memory, verbose=0)
    model.fit(
        ((b,) for b in batches(x)), steps_per_epoch=4, shuffle=False, verbose=0
    )
    model.fit(x[:50], np.zeros(50), batch_size=16, verbose=0)
    model.fit(x[:1], batch_size=1, verbose=0)
    done = int(model.optimizer.iterations) - start
    assert done == 4 * (len(sources) + 1) + 4 + 1


@pytest.mark.parametrize("update", ORDERS)
def test_a_turn_changes_what_its_player_owns_and_nothing_else(model, update):
    """Each player in turn is the only one whose terms are on."""
    x = samples(model, 16)
    for player in model.players():
        off = {
            term: 0.0
            for other, group in model.terms().items()
            for term in group
            if other != player
        }
        model.compile(loss_weights=off, update=update)
        before = {
            name: [n.get_weights() for n in networks]
            for name, networks in model.players().items()
        }
        model.fit(x, batch_size=16, epochs=2, verbose=0)
        for name, networks in model.players().items():
            for network, old in zip(networks, before[name]):
                kinds = [
                    (v.path, v.trainable, np.array_equal(a, b))
                    for v, a, b in zip(
                        network.weights, old, network.get_weights()
                    )
                ]
                if name != player:
                    assert all(same for _, _, same in kinds), kinds
                else:
                    stuck = [path for path, t, same in kinds if t and same]
                    assert not stuck


@pytest.mark.parametrize("update", ORDERS)
def test_a_second_batch_of_a_shape_compiles_nothing(model, update):
    model.compile(update=update)
    x = samples(model)
    traces = []
    play = model.play
    model.play = lambda *args: traces.append(1) or play(*args)
    model.fit(x[:32], batch_size=16, verbose=0)
    first = len(traces)
    model.fit(x, batch_size=16, epochs=2, verbose=0)
    assert first > 0
    assert len(traces) == first


def test_eager_steps_equal_compiled_ones(model):
    x = samples(model, 32)
    weights = model.get_weights()
    results = []
    for eager in (False, True):
        model.set_weights(weights)
        model.compile(run_eagerly=eager)
        history = model.fit(
            x, batch_size=16, epochs=2, shuffle=False, verbose=0
        ).history
        results.append([history[name] for name in sorted(history)])
    np.testing.assert_allclose(*results, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
def test_mixed_precision_trains(model, policy):
    keras.config.set_dtype_policy(policy)
    model = FLAGSHIP[type(model)]()
    model.compile()
    x = samples(model, 32)
    before = [w.copy() for w in model.get_weights()]
    logs = model.fit(x, batch_size=16, epochs=2, verbose=0).history
    assert np.isfinite(list(logs.values())).all()
    moved = [
        not np.array_equal(a, b)
        for a, b, v in zip(before, model.get_weights(), model.weights)
        if v.trainable
    ]
    assert all(moved)
    assert all(v.dtype == "float32" for v in model.trainable_weights)
    scaled = isinstance(
        model.optimizer.optimizers[0], keras.optimizers.LossScaleOptimizer
    )
    assert scaled == (policy == "mixed_float16")


@pytest.mark.filterwarnings("ignore:This step cannot be recorded")
@pytest.mark.filterwarnings("ignore:.*not scaled")
def test_a_step_that_overflows_float16_changes_nothing():
    """And halves the loss scale; the next ones train."""
    keras.config.set_dtype_policy("mixed_float16")
    model = keras_aegan.models.AEGAN.for_shape((6,), latent_dim=2, width=2)
    model.compile(
        loss_weights={"adversarial": penalties.GradientRatio(0.5)},
        penalties={"discriminator": [penalties.LeCam(0.1)]},
        average=0.9,
    )
    fit = {"batch_size": 16, "verbose": 0}
    x = samples(model, 16)
    metrics = {v.path for metric in model.metrics for v in metric.variables}

    def values():
        return {
            v.path: keras.ops.convert_to_numpy(v)
            for v in model.variables
            if v.path not in metrics
        }

    def loss_scales():
        return [float(o.dynamic_scale) for o in model.optimizer.optimizers]

    start = values()
    model.fit(x, **fit)
    before, scales = values(), loss_scales()
    model.fit(1e6 * x, **fit)
    for path, value in values().items():
        np.testing.assert_array_equal(value, before[path], err_msg=path)
    assert loss_scales() == [scale / 2 for scale in scales]
    model.fit(x, epochs=2, **fit)
    after = values()
    assert all(np.isfinite(value).all() for value in after.values())
    stuck = {p for p, v in after.items() if np.array_equal(v, before[p])}
    # What never moves does not move in the first step either.
    assert all(np.array_equal(before[p], start[p]) for p in stuck)


def test_evaluation_repeats_and_changes_nothing(model):
    model.compile()
    x = samples(model)
    model.fit(x, batch_size=16, verbose=0)
    before = model.get_weights()
    first = model.evaluate(x, batch_size=16, verbose=0, return_dict=True)
    second = model.evaluate(x, batch_size=16, verbose=0, return_dict=True)
    assert first == second
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_array_equal(a, b)


def test_keras_callbacks_work(model):
    model.compile()
    x = samples(model)
    term = next(iter(model.terms()["generator"]))
    history = model.fit(
        x,
        batch_size=16,
        epochs=2,
        validation_data=x,
        verbose=0,
        callbacks=[
            keras.callbacks.LearningRateScheduler(lambda _, rate: rate / 2),
            keras.callbacks.EarlyStopping(f"val_{term}", mode="min"),
            keras.callbacks.ReduceLROnPlateau(
                "val_generator_loss", mode="min", patience=5
            ),
            keras.callbacks.TerminateOnNaN(),
        ],
    ).history
    rates = history["learning_rate_generator"]
    np.testing.assert_allclose(rates[1] / rates[0], 0.5, rtol=1e-6)

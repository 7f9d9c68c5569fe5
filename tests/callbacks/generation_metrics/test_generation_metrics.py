"""Metrics of generation in the logs of `fit`."""

import copy
import errno

import keras
import numpy as np
import pytest

from keras_aegan import metrics
from keras_aegan.callbacks import GenerationMetrics
from keras_aegan.models import AEGAN
from keras_aegan.models import GAN
from keras_aegan.models import VAE


def data(count=32, shape=(6,), seed=0):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, (count, *shape)).astype("float32")


def model_of(kind=VAE, **arguments):
    keras.utils.set_random_seed(1)
    model = kind.for_shape((6,), latent_dim=2, width=2)
    model.compile(**arguments)
    return model


def fitted(model, callbacks, epochs=1):
    return model.fit(
        data(), batch_size=16, epochs=epochs, verbose=0, callbacks=callbacks
    ).history


ALL = {
    "frechet_distance": metrics.FrechetDistance,
    "kernel_distance": metrics.KernelDistance,
    "precision": metrics.PrecisionRecall,
    "coverage": metrics.DensityCoverage,
    "sliced_wasserstein_distance": metrics.SlicedWassersteinDistance,
    "psnr": metrics.PSNR,
    "mean_absolute_error": keras.metrics.MeanAbsoluteError,
    "latent_round_trip": metrics.LatentRoundTrip,
    "prior_mmd": metrics.PriorDistance,
    "active_units": metrics.ActiveUnits,
}


def test_the_logs_hold_what_each_metric_says_of_the_trained_model():
    model = model_of()
    real = data(40, seed=1)
    callback = GenerationMetrics(real, [m() for m in ALL.values()], 50, seed=7)
    history = fitted(model, [callback])
    x, x_hat = model.generate(50, seed=7), model.reconstruct(real)
    z = model.sample_codes(50, seed=7)
    inputs = dict.fromkeys(ALL, (real, x))
    inputs["psnr"] = inputs["mean_absolute_error"] = real, x_hat
    inputs["latent_round_trip"] = z, model.encode(model.decode(z))
    inputs["prior_mmd"] = z, model.encode(real)
    inputs["active_units"] = (model.encode(real),)
    for key, kind in ALL.items():
        expected = kind()(*inputs[key])
        if isinstance(expected, dict):
            expected = expected[key]
        received = history[f"val_{key}"][0]
        np.testing.assert_allclose(received, float(expected), rtol=1e-4)
        assert isinstance(received, float)
    assert history["val_kernel_distance_spread"][0] > 0
    assert history["generation_metrics_seconds"][0] > 0


@pytest.mark.every_backend
def test_measuring_does_not_change_training():
    results = []
    for measures in ([], [m() for m in ALL.values()]):
        model = model_of(AEGAN)
        callbacks = [GenerationMetrics(data(), measures)] if measures else []
        fitted(model, callbacks, epochs=2)
        results.append(model.get_weights())
    for a, b in zip(*results):
        np.testing.assert_array_equal(a, b)


def test_many_samples_come_in_parts(monkeypatch):
    monkeypatch.setattr(
        "keras_aegan.callbacks.generation_metrics.sources._CHUNK", 16
    )
    model = model_of()
    sizes, generate = [], model.generate
    monkeypatch.setattr(
        model, "generate", lambda n, **k: sizes.append(n) or generate(n, **k)
    )
    callback = GenerationMetrics(data(), [metrics.FrechetDistance()], 40)
    history = fitted(model, [callback])
    assert sizes[-3:] == [16, 16, 8]
    parts = [generate(n, seed=i) for i, n in enumerate((16, 16, 8))]
    expected = metrics.FrechetDistance()(data(), np.concatenate(parts))
    np.testing.assert_allclose(
        history["val_frechet_distance"][0], expected, rtol=1e-5
    )


def test_real_samples_pass_each_network_once_and_generated_ones_together():
    calls = []

    def network(x):
        calls.append(len(x))
        return x

    kinds = (metrics.FrechetDistance, metrics.PrecisionRecall)
    callback = GenerationMetrics(data(), [kind(network) for kind in kinds], 20)
    model = model_of()
    fitted(model, [callback], epochs=2)
    # Before training each metric is tried.
    assert calls == [32, 20, 20, 20, 20]
    fitted(model, [callback])
    assert calls == [32, 20, 20, 20, 20, 20, 20, 20]


def test_between_measurements_the_last_value_stands():
    callback = GenerationMetrics(data(), [metrics.FrechetDistance()], every=3)
    history = fitted(model_of(), [callback], epochs=5)
    values = history["val_frechet_distance"]
    # After the first epoch, the third and the last.
    assert values[0] == values[1] != values[2] == values[3] != values[4]
    seconds = np.array(history["generation_metrics_seconds"])
    assert ((seconds > 0) == [True, False, True, False, True]).all()


def test_other_callbacks_use_it(tmp_path):
    model = model_of()
    callbacks = [
        GenerationMetrics(data(), [metrics.FrechetDistance()]),
        keras.callbacks.ModelCheckpoint(
            tmp_path / "best.keras",
            monitor="val_frechet_distance",
            mode="min",
            save_best_only=True,
        ),
        keras.callbacks.EarlyStopping(
            "val_frechet_distance", min_delta=1e9, mode="min"
        ),
    ]
    history = fitted(model, callbacks, epochs=9)
    values = history["val_frechet_distance"]
    assert len(values) == 2
    best = keras.saving.load_model(tmp_path / "best.keras")
    result = metrics.FrechetDistance()(data(), best.generate(32, seed=0))
    np.testing.assert_allclose(result, min(values), rtol=1e-4)


@pytest.mark.every_backend
def test_averaged_weights_are_measured():
    optimizer = keras.optimizers.Adam(0.05, use_ema=True, ema_momentum=0.9)
    model = model_of(optimizer=optimizer)
    callback = GenerationMetrics(data(), [metrics.FrechetDistance()])
    seen = []
    measure = callback.measure
    callback.measure = lambda: seen.append(model.get_weights()) or measure()
    history = fitted(model, [callback])
    # Keras puts the averages into the model when training ends.
    result = metrics.FrechetDistance()(data(), model.generate(32, seed=0))
    value = history["val_frechet_distance"][0]
    np.testing.assert_allclose(value, result, rtol=1e-4)
    averages = model.get_weights()
    model.set_weights(seen[0])
    raw = metrics.FrechetDistance()(data(), model.generate(32, seed=0))
    assert abs(raw - value) > 1e-3 * value
    assert any((a != b).any() for a, b in zip(averages, seen[0]))


def test_a_copy_works_like_it():
    """KerasTuner copies callbacks for each trial."""
    network = keras.Sequential([keras.Input((6,)), keras.layers.Dense(3)])
    callback = GenerationMetrics(data(), [metrics.FrechetDistance(network)])
    results = [
        fitted(model_of(), [c])["val_frechet_distance"]
        for c in (copy.deepcopy(callback), callback)
    ]
    assert results[0] == results[1]


def test_models_that_take_labels():
    keras.utils.set_random_seed(1)
    model = VAE.for_shape((6,), latent_dim=2, width=2, num_classes=3)
    model.compile()
    labels = np.arange(32) % 3
    measures = [
        metrics.FrechetDistance(),
        metrics.PSNR(),
        metrics.ActiveUnits(),
    ]
    callback = GenerationMetrics(data(), measures, 40, labels=labels)
    history = model.fit(
        data(), labels, batch_size=16, verbose=0, callbacks=[callback]
    ).history
    chosen = labels[np.arange(40) % 32]
    x = model.generate(40, seed=0, labels=chosen)
    expected = metrics.FrechetDistance()(data(), x)
    received = history["val_frechet_distance"][0]
    np.testing.assert_allclose(received, expected, rtol=1e-4)
    x_hat = model.reconstruct(data(), labels=labels)
    expected = float(metrics.PSNR()(data(), x_hat))
    np.testing.assert_allclose(history["val_psnr"][0], expected, rtol=1e-4)


def test_names_are_known_before_anything_is_measured():
    """All kinds of results: numbers, with a spread, and dicts."""
    mixture = metrics.GaussianMixture(np.zeros((1, 6)), 1.0)
    measures = [metric() for metric in ALL.values()]
    measures.append(metrics.ModeCoverage(mixture))
    measures.append(metrics.PrecisionRecall(k=9, name="wide"))
    callback = GenerationMetrics(data(), measures)
    expected = callback.log_names
    plain, measured = fitted(model_of(), []), fitted(model_of(), [callback])
    assert set(measured) - set(plain) == set(expected)
    assert len(set(expected)) == len(expected)
    assert {"val_modes", "val_recall", "val_wide_recall"} <= set(expected)


def test_two_metrics_of_a_kind():
    names = ("precision_recall", "wide")
    measures = [
        metrics.PrecisionRecall(k=k, name=n) for k, n in zip((3, 9), names)
    ]
    history = fitted(model_of(GAN), [GenerationMetrics(data(), measures)])
    assert history["val_precision"] < history["val_wide_precision"]


def test_the_wrong_range_of_images():
    x = data(8, (8, 8, 1)) + 1.0
    with pytest.raises(ValueError, match=r"`value_range` of `psnr`.*Received"):
        GenerationMetrics(x, [metrics.PSNR()])
    with pytest.warns(UserWarning, match=r"of `ssim` is \[-1, 1\]"):
        GenerationMetrics(x / 2, [metrics.SSIM()])


def test_what_the_model_cannot_do_fails_at_the_start():
    model = model_of(GAN)
    callback = GenerationMetrics(data(), [metrics.ActiveUnits()])
    before = model.get_weights()
    with pytest.raises(ValueError, match="GAN cannot encode.*Received"):
        fitted(model, [callback])
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_array_equal(a, b)


class Break(keras.callbacks.Callback):
    """Put a number in place of all weights when the second epoch begins."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 1:
            for weight in self.model.trainable_variables:
                weight.assign(np.full(weight.shape, self.value))


def huge(x):
    """Features that overflow although samples are finite."""
    return np.where(np.abs(x) > 1e3, np.inf, x)


@pytest.mark.parametrize("value", [np.nan, 1e4])
def test_of_a_model_that_diverged_the_metrics_are_nan(value):
    if np.isnan(value):
        measures = [metric() for metric in ALL.values()]
    else:
        measures = [metrics.FrechetDistance(huge), metrics.ActiveUnits()]
    callback = GenerationMetrics(data(), measures)
    model = model_of()
    with pytest.warns(UserWarning, match="diverged.*are NaN") as caught:
        history = fitted(model, [Break(value), callback], epochs=3)
    assert [w.category for w in caught].count(UserWarning) == 1
    for name in callback.log_names[:-1]:
        is_finite = not np.isnan(value) and name == "val_active_units"
        assert np.isfinite(history[name][0])
        assert np.isfinite(history[name][1:]).tolist() == [is_finite] * 2
    # It is measured from then on, not before.
    with pytest.warns(UserWarning, match="are NaN"):
        again = fitted(model, [callback])
    assert np.isnan(again["val_frechet_distance"]).all()


@pytest.mark.parametrize(
    "arguments",
    [
        {"metrics": [metrics.PrecisionRecall(k=20)], "num_samples": 20},
        {"metrics": [metrics.FrechetDistance()], "num_samples": 1},
        {"metrics": [metrics.PriorDistance()], "num_samples": 1},
        {"metrics": [metrics.SSIM(name="images")]},
        {"metrics": [metrics.InceptionScore(lambda x: x)]},
        {"metrics": [metrics.InceptionScore(np.abs, splits=1)]},
        {
            "metrics": [
                metrics.ModeCoverage(
                    metrics.GaussianMixture(np.zeros((1, 2)), 1.0)
                )
            ]
        },
        {"metrics": [metrics.PSNR()], "labels": np.zeros(32)},
    ],
)
def test_what_does_not_fit_fails_before_the_first_step(arguments):
    model = model_of(run_eagerly=True)
    with pytest.raises(ValueError, match="Received"):
        fitted(model, [GenerationMetrics(data(), **arguments)])
    assert model.optimizer.iterations == 0


def test_a_model_of_another_kind():
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(6)])
    model.compile(loss="mse")
    callback = GenerationMetrics(data(), [metrics.PSNR()])
    with pytest.raises(ValueError, match="AdversarialModel.*Received"):
        model.fit(data(), data(), verbose=0, callbacks=[callback])


def test_a_cache_on_a_full_disk_ends_no_training(tmp_path, monkeypatch):
    def fail(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.replace", fail)
    metric = metrics.FrechetDistance(cache=tmp_path)
    with pytest.warns(UserWarning, match="cache.*No space left") as caught:
        history = fitted(model_of(), [GenerationMetrics(data(), [metric])])
    assert [w.category for w in caught].count(UserWarning) == 1
    assert history["val_frechet_distance"][0] > 0


def test_a_cache_that_cannot_be_written_fails_at_the_start(tmp_path):
    (tmp_path / "file").write_text("")
    metric = metrics.FrechetDistance(cache=tmp_path / "file")
    batches = []
    watch = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: batches.append(batch)
    )
    with pytest.raises(ValueError, match="`cache`.*Received"):
        fitted(model_of(), [watch, GenerationMetrics(data(), [metric])])
    assert not batches


def test_wrong_arguments():
    class Odd(metrics.ActiveUnits):
        inputs = ("labels",)

    fine = [metrics.FrechetDistance()]
    for wrong in (
        lambda: GenerationMetrics(data()[:0], fine),
        lambda: GenerationMetrics(data()[0], fine),
        lambda: GenerationMetrics(data() * np.nan, fine),
        lambda: GenerationMetrics(data(), []),
        lambda: GenerationMetrics(data(), fine * 2),
        lambda: GenerationMetrics(data(), [max]),
        lambda: GenerationMetrics(data(), [Odd()]),
        lambda: GenerationMetrics(data(), fine, num_samples=0),
        lambda: GenerationMetrics(data(), fine, every=0),
        lambda: GenerationMetrics(data(), fine, labels=[0, 1]),
        lambda: GenerationMetrics(data(), fine, labels=[np.nan] * 32),
        lambda: GenerationMetrics(data().astype(str), fine),
        lambda: GenerationMetrics(data(), fine, every=True),
        lambda: GenerationMetrics(data(), fine, batch_size=1.5),
        lambda: fitted(model_of(), [GenerationMetrics(data(9, (5,)), fine)]),
    ):
        with pytest.raises(ValueError, match="Received"):
            wrong()

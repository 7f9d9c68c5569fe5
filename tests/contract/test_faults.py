"""Whatever a call raises, the model is afterwards what it was before."""

import itertools

import keras
import numpy as np
import pytest
from catalogue import FLAGSHIP
from catalogue import samples

from keras_aegan.models import AEGAN
from keras_aegan.models import GANomaly


def conditional():
    model = AEGAN.for_shape((6,), latent_dim=2, width=2, num_classes=3)
    model.compile(average=0.9)
    return model


def anomaly():
    model = GANomaly.for_shape((6,), latent_dim=2, width=2)
    model.compile()
    return model


def flagship(make):
    def compiled():
        model = make()
        model.compile()
        return model

    return compiled


MODELS = {
    **{cls.__name__: flagship(make) for cls, make in FLAGSHIP.items()},
    "conditional": conditional,
    "GANomaly": anomaly,
}


@pytest.fixture(scope="module", params=MODELS.values(), ids=MODELS)
def model(request):
    """Trained for a moment, shared: no call below may change it."""
    keras.utils.set_random_seed(0)
    model = request.param()
    model.fit(samples(model, 16), labels(model, 16), verbose=0)
    return model


def labels(model, count):
    takes_labels = model.name and getattr(model.generator, "num_classes", None)
    return np.arange(count) % 3 if takes_labels else None


def with_nan(x):
    x = x.astype("float32")
    x[1] = np.nan
    return x


WRONG_SAMPLES = {
    "another size": lambda x: np.concatenate([x, x], axis=-1),
    "one sample without batch axis": lambda x: x[0],
    "one axis more": lambda x: x[..., None],
    "NaN": with_nan,
    "infinity": lambda x: np.where(x == x.max(), np.inf, x),
    "text": lambda x: x.astype(str),
    "objects": lambda x: np.full(x.shape, None),
    "complex": lambda x: x + 1j,
    "a list of rows": lambda x: x.tolist(),
    "a dict": lambda x: {"x": x},
    "nothing": lambda x: None,
    "a number": lambda x: 3,
    "bytes": lambda x: (127.5 * (x + 1)).astype("uint8"),
}
METHODS = {
    "fit": lambda m, x, y: m.fit(x, y, verbose=0),
    "evaluate": lambda m, x, y: m.evaluate(x, y, verbose=0),
    "predict": lambda m, x, y: m.predict(x if y is None else [x, y], verbose=0),
    "predict_on_batch": lambda m, x, y: m.predict_on_batch(
        x if y is None else [x, y]
    ),
    "train_on_batch": lambda m, x, y: m.train_on_batch(x, y),
    "test_on_batch": lambda m, x, y: m.test_on_batch(x, y),
    "encode": lambda m, x, y: m.encode(x, labels=y),
    "reconstruct": lambda m, x, y: m.reconstruct(x, labels=y),
    "anomaly_score": lambda m, x, y: m.anomaly_score(x, labels=y),
    "interpolate": lambda m, x, y: m.interpolate(x, x, labels=y),
    "validation": lambda m, x, y: m.fit(
        samples(m, 16), labels(m, 16), validation_data=(x, y), verbose=0
    ),
    "a generator": lambda m, x, y: m.fit(
        (b for b in [(x,) if y is None else (x, y)]),
        steps_per_epoch=1,
        verbose=0,
    ),
}


def calls_with_wrong_samples(model):
    x, y = samples(model, 8), labels(model, 8)
    for name, change in WRONG_SAMPLES.items():
        if name == "bytes" and keras_takes_integers(model):
            continue
        if model.is_discrete and name in ("NaN", "infinity"):
            continue
        for method, call in METHODS.items():
            if method == "anomaly_score" and not hasattr(model, method):
                continue
            yield (
                f"{method} of {name}",
                lambda call=call, change=change: call(model, change(x), y),
            )


def keras_takes_integers(model):
    from keras_aegan.engine.generator_output import output_range

    return model.is_discrete or output_range(model.generator) is None


def other_wrong_calls(model):
    x, y = samples(model, 8), labels(model, 8)
    codes = model.encode(x, labels=y)
    calls = {
        "decode of another size": lambda: model.decode(x[:, :1]),
        "decode of NaN": lambda: model.decode(np.nan * codes, labels=y),
        "decode of text": lambda: model.decode(codes.astype(str), labels=y),
        "batch size -1": lambda: model.encode(x, batch_size=-1, labels=y),
        "batch size 1.5": lambda: model.fit(x, y, batch_size=1.5),
        "batch size True": lambda: model.evaluate(x, y, batch_size=True),
        "split of 2": lambda: model.fit(x, y, validation_split=2.0),
        "no samples": lambda: model.fit(x[:0], y, verbose=0),
        "epochs in text": lambda: model.fit(x, y, epochs="3"),
        "half an epoch": lambda: model.fit(x, y, epochs=0.5),
        "no steps": lambda: model.fit(x, y, steps_per_epoch=0),
        "-1 epochs before": lambda: model.fit(x, y, initial_epoch=-1),
        "half a step": lambda: model.evaluate(x, y, steps=0.5),
        "steps in text": lambda: model.predict(x, steps="1"),
        "weights too few": lambda: model.fit(x, y, sample_weight=x[:3, 0]),
        "weights below 0": lambda: model.evaluate(
            x, y, sample_weight=-np.ones(8)
        ),
        "weights NaN": lambda: model.train_on_batch(
            x, y, sample_weight=np.full(8, np.nan)
        ),
        "classes' weights alone": lambda: model.fit(x, class_weight={0: 1.0}),
        "-1 samples": lambda: model.generate(-1),
        "1.5 samples": lambda: model.generate(1.5),
        "True samples": lambda: model.generate(True),
        "a seed of text": lambda: model.generate(2, seed="a"),
        "1 step": lambda: model.interpolate(x, x, steps=1, labels=y),
        "pairs of two lengths": lambda: model.interpolate(x, x[:2], labels=y),
        "labels too few": lambda: model.encode(x, labels=np.zeros(3)),
        "empty generator": lambda: model.fit((b for b in ()), verbose=0),
    }
    if y is not None:
        wrong = {
            "none": None,
            "too high": y + 3,
            "negative": y - 1,
            "halves": y + 0.5,
            "NaN": y * np.nan,
            "text": y.astype(str),
            "one-hot": np.eye(3)[y],
            "of another length": y[:5],
        }
        methods = METHODS | {
            "generate": lambda m, x, y: m.generate(8, labels=y),
            "sample_codes": lambda m, x, y: m.sample_codes(8, labels=y),
            "decode": lambda m, x, y: m.decode(codes, labels=y),
        }
        for (name, bad), (method, call) in itertools.product(
            wrong.items(), methods.items()
        ):
            # Without labels they are sampled.
            if name == "none" and method in ("generate", "sample_codes"):
                continue
            if name == "none" and method.startswith("predict"):
                bad = [None]
            if method == "anomaly_score":
                continue
            calls[f"{method}, labels {name}"] = lambda bad=bad, call=call: call(
                model, x, bad
            )
    return calls.items()


def failing_data(model):
    """Data that fail in the middle of an epoch, by themselves."""
    x, y = samples(model, 8), labels(model, 8)
    batch = (x,) if y is None else (x, y)

    def generator():
        yield batch
        yield batch
        raise OSError("the disk is gone")

    class Fails(keras.callbacks.Callback):
        def __init__(self, event):
            super().__init__()
            setattr(self, event, self.fail)

        def fail(self, *args, **kwargs):
            raise OSError("the disk is gone")

    yield lambda: model.fit(generator(), steps_per_epoch=3, verbose=0)
    yield lambda: model.evaluate(generator(), steps=3, verbose=0)
    for event in (
        "on_train_begin",
        "on_epoch_begin",
        "on_train_batch_end",
        "on_epoch_end",
        "on_test_batch_end",
    ):
        yield lambda event=event: model.fit(
            *batch,
            validation_data=batch,
            callbacks=[Fails(event)],
            verbose=0,
        )


def state(model):
    variables = [*model.variables, *model.optimizer.variables]
    return [keras.ops.convert_to_numpy(v) for v in variables]


def assert_equal(before, after):
    for a, b in zip(before, after, strict=True):
        np.testing.assert_array_equal(a, b)


def assert_works(model, folder):
    """It encodes, generates, fits and saves."""
    x, y = samples(model, 8), labels(model, 8)
    assert np.isfinite(model.encode(x, labels=y)).all()
    if hasattr(model, "prior"):
        assert np.isfinite(model.generate(3)).all()
    history = model.fit(x, y, validation_data=(x, y), verbose=0).history
    assert all(np.isfinite(values).all() for values in history.values())
    model.save(folder / "model.keras")
    loaded = keras.saving.load_model(folder / "model.keras")
    assert_equal(model.get_weights(), loaded.get_weights())


def test_wrong_calls_are_errors_that_change_nothing(model, tmp_path):
    before, seen = state(model), 0
    calls = [*calls_with_wrong_samples(model), *other_wrong_calls(model)]
    for name, call in calls:
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
            pytest.fail(f"nothing was raised: {name}")
        assert "Received" in str(caught.value), (name, caught.value)
        assert_equal(before, state(model))
        seen += 1
    assert seen > 100
    assert_works(model, tmp_path)


def test_a_failure_in_mid_run_leaves_the_last_whole_step(model, tmp_path):
    for call in failing_data(model):
        with pytest.raises(OSError, match="the disk is gone"):
            call()
        assert all(np.isfinite(v).all() for v in state(model))
        x, y = samples(model, 8), labels(model, 8)
        assert np.isfinite(model.encode(x, labels=y)).all()
    assert_works(model, tmp_path)

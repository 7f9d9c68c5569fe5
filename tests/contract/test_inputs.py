"""Bad input gets one clear error before any step, or it just works."""

import keras
import numpy as np
import pytest
from catalogue import FLAGSHIP
from catalogue import samples


@pytest.fixture(params=FLAGSHIP.values(), ids=[c.__name__ for c in FLAGSHIP])
def model(request):
    model = request.param()
    model.compile()
    return model


def with_nan(x):
    x = x.copy()
    x[3] = np.nan
    return x


BAD = {
    "too few axes": lambda x: x[:, 0],
    "too many axes": lambda x: x[..., None],
    "another size": lambda x: np.concatenate([x, x], axis=1),
    "no samples": lambda x: x[:0],
    "NaN": with_nan,
    "infinity": lambda x: np.where(x > 0.99, np.inf, x),
    "bytes": lambda x: (127.5 * (x + 1)).astype("uint8"),
}


@pytest.mark.parametrize("change", BAD.values(), ids=BAD)
def test_unfit_arrays_are_refused_before_any_step(model, change):
    before = model.get_weights()
    with pytest.raises(ValueError, match="Received"):
        model.fit(change(samples(model)), verbose=0)
    assert int(model.optimizer.iterations) == 0
    for a, b in zip(before, model.get_weights()):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("kind", ["too few axes", "another size", "bytes"])
def test_unfit_batches_are_refused_before_any_step(model, kind):
    x = BAD[kind](samples(model, 16))
    with pytest.raises(ValueError, match="Received"):
        model.fit(
            ((x,) for _ in range(2)),
            steps_per_epoch=2,
            shuffle=False,
            verbose=0,
        )
    assert int(model.optimizer.iterations) == 0


def test_a_range_out_of_reach_is_a_warning(model):
    x = 255 * (samples(model, 16) + 1) / 2
    with pytest.warns(UserWarning, match="never be reconstructed.*127.5"):
        model.fit(x, verbose=0)


def test_one_sample_and_unused_labels_just_work(model):
    x = samples(model, 1)
    with pytest.warns(UserWarning, match="takes no labels"):
        model.fit(x, np.zeros(1), batch_size=1, epochs=2, verbose=0)
    assert np.isfinite(model.reconstruct(x)).all()


UNKNOWN = {
    "optimizer": {"optimizer": {"referee": "adam"}},
    "loss": {"loss": {"fidelity": "mae"}},
    "loss by list": {"loss": ["mae"]},
    "weight": {"loss_weights": {"fidelity": 1.0}},
    "negative weight": {"loss_weights": {"adversarial": -1.0}},
    "weight by name": {"loss_weights": {"adversarial": "high"}},
    "all weights 0": "off",
    "adversarial loss": {"loss": {"adversarial": "mae"}},
    "update": {"update": "chaotic"},
    "update of some": {"update": [["generator"]]},
    "turns": {"turns": {"referee": 2}},
    "no turns": {"turns": {"generator": 0}},
}


@pytest.mark.parametrize("arguments", UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_arguments_of_compile_are_refused(model, arguments):
    if arguments == "off":
        terms = [t for group in model.terms().values() for t in group]
        arguments = {"loss_weights": dict.fromkeys(terms, 0.0)}
    with pytest.raises(ValueError, match="Received"):
        model.compile(**arguments)


def test_errors_list_what_is_known(model):
    with pytest.raises(ValueError, match="generator"):
        model.compile(optimizer={"referee": "adam"})
    with pytest.raises(ValueError, match="adversarial"):
        model.compile(loss_weights={"fidelity": 1.0})


def test_fit_before_compile_says_so(model):
    model = type(model).from_config(model.get_config())
    with pytest.raises(ValueError, match="compile"):
        model.fit(samples(model, 16), verbose=0)


def test_networks_without_weights_are_refused(model):
    parts = {key: getattr(model, key) for key in model.part_names}
    unbuilt = keras.Sequential([keras.layers.Dense(1)])
    for name in parts:
        with pytest.raises(ValueError, match=f"`{name}`.*Received"):
            type(model)(**{**parts, name: unbuilt})

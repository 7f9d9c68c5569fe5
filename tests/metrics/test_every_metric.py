"""What every metric promises, for each that `keras_aegan.metrics` exports.

A new metric is found without a line here, unless its constructor needs
arguments.
"""

import inspect

import keras
import numpy as np
import pytest

from keras_aegan import metrics
from keras_aegan.callbacks import GenerationMetrics
from keras_aegan.models import VAE

SHAPE = (8, 8, 1)
COUNT = 80  # More than the 64 values of an image, for the covariances.


def probabilities(x):
    """Of four classes, by the values of four pixels."""
    powers = np.exp(2.0 * np.reshape(x, (len(x), -1))[:, :4])
    return powers / powers.sum(1, keepdims=True)


# The arguments that a constructor needs.
ARGUMENTS = {
    "InceptionScore": {"features": probabilities},
    "ModeCoverage": {
        "mixture": metrics.GaussianMixture(np.zeros((1, 64)), stddev=1.0)
    },
}
ABSTRACT = ("SampleMetric",)


def is_metric(value):
    return inspect.isclass(value) and issubclass(value, keras.metrics.Metric)


EVERY = {
    key: value
    for key, value in vars(metrics).items()
    if is_metric(value) and key not in ABSTRACT
}


def create(key):
    return EVERY[key](**ARGUMENTS.get(key, {}))


def arrays(metric, seed=0):
    """What `update_state` takes, by the names that the class gives."""
    rng = np.random.default_rng(seed)
    names = getattr(metric, "inputs", ("real", "reconstructed"))
    sizes = [(4,) if "codes" in name else SHAPE for name in names]
    return [
        rng.uniform(-1, 1, (COUNT, *size)).astype("float32") for size in sizes
    ]


def values(metric):
    """The names in the logs with their values."""
    result = metric.result()
    if isinstance(result, dict):
        return {key: float(value) for key, value in result.items()}
    return {metric.name: float(result)}


@pytest.mark.parametrize("key", EVERY)
def test_values_are_finite_and_named(key):
    metric = create(key)
    metric.update_state(*arrays(metric))
    found = values(metric)
    assert np.isfinite(list(found.values())).all()
    assert list(found) == list(getattr(metric, "entries", None) or found)


@pytest.mark.parametrize("key", EVERY)
def test_a_reset_metric_is_like_a_new_one(key):
    metric, other = create(key), create(key)
    metric.update_state(*arrays(metric, seed=1))
    metric.reset_state()
    for each in (metric, other):
        each.update_state(*arrays(each))
    assert values(metric) == values(other)


@pytest.mark.parametrize("key", EVERY)
def test_the_configuration_is_the_arguments_of_the_constructor(key):
    metric = create(key)
    config = metric.get_config()
    assert set(config) == set(inspect.signature(EVERY[key]).parameters)
    other = EVERY[key].from_config(config)
    assert other.get_config() == config
    for each in (metric, other):
        each.update_state(*arrays(each))
    assert values(metric) == values(other)


@pytest.mark.parametrize("key", EVERY)
def test_arguments_that_are_no_defaults_are_in_the_configuration(key):
    """Numbers are increased, the other arguments stay."""
    arguments = {
        name: parameter.default + 1
        for name, parameter in inspect.signature(EVERY[key]).parameters.items()
        if type(parameter.default) in (int, float)
    }
    arguments = {**ARGUMENTS.get(key, {}), **arguments, "name": "another"}
    config = EVERY[key](**arguments).get_config()
    assert {name: config[name] for name in arguments} == arguments


def test_the_logs_have_every_metric():
    model = VAE.for_shape(SHAPE, latent_dim=4, width=2)
    model.compile()
    x, _ = arrays(metrics.FrechetDistance())
    every = [create(key) for key in EVERY]
    callback = GenerationMetrics(x, every)
    logs = model.fit(x, verbose=0, callbacks=[callback]).history
    for metric in every:
        for name in getattr(metric, "entries", None) or [metric.name]:
            assert np.isfinite(logs[f"val_{name}"]).all(), name

"""What samples of an InfoGAN tell of their codes."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan.layers import NormalPrior
from keras_aegan.models import InfoGAN

QUIET = {"verbose": 0, "return_dict": True}


def tiny(**kwargs):
    return InfoGAN.for_shape(
        (6,), latent_dim=5, width=2, num_classes=3, continuous=1, **kwargs
    )


def normal(*shape):
    return np.random.default_rng(0).normal(size=shape).astype("float32")


def test_information_against_numpy():
    model = tiny(normalization=None)
    codes = np.hstack([np.eye(3)[[2, 0, 0, 1]], normal(4, 2)])
    codes = codes.astype("float32")
    model.prior.sample = lambda size: ops.convert_to_tensor(codes)
    model.compile()
    logs = model.evaluate(normal(4, 6), **QUIET)
    features = keras.Model(
        model.discriminator.inputs[0], model.discriminator.layers[-2].output
    ).predict(model.decode(codes), verbose=0)
    predicted = model.recognition.predict(features, verbose=0)
    shares = np.exp(predicted[:, :3])
    shares /= shares.sum(axis=1, keepdims=True)
    expected = np.mean(
        -np.log(shares[range(4), [2, 0, 0, 1]])
        + (codes[:, 3] - predicted[:, 3]) ** 2 / 2
    )
    for name in ("recognition", "information"):
        assert logs[name] == pytest.approx(expected, rel=1e-4)
    np.testing.assert_allclose(
        model.classify(model.decode(codes)), shares, rtol=1e-4
    )


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_both_players_learn_from_it(update):
    """Without the game itself."""
    model = tiny()
    off = {"discrimination": 0.0, "adversarial": 0.0}
    rate = keras.optimizers.Adam(3e-3, beta_1=0.5)
    model.compile(optimizer=rate, update=update, loss_weights=off)
    before = [
        part.get_weights() for part in (model.generator, model.recognition)
    ]
    logs = model.fit(normal(64, 6), batch_size=8, epochs=15, verbose=0).history
    assert logs["information"][-1] < 0.7 * logs["information"][0]
    for part, old in zip((model.generator, model.recognition), before):
        for a, b in zip(old, part.get_weights()):
            assert not np.array_equal(a, b)


def test_what_is_predicted_must_fit_the_code():
    model = tiny()
    parts = {name: getattr(model, name) for name in model.part_names}
    assert InfoGAN(**{**parts, "prior": None}).num_classes == 2
    with pytest.raises(ValueError, match="prior.*Received"):
        InfoGAN(**{**parts, "prior": NormalPrior(5)})
    start = keras.Input(model.recognition.input_shape[1:])
    for size in (2, 6):
        predicted = keras.Model(start, keras.layers.Dense(size)(start))
        with pytest.raises(ValueError, match="recognition.*Received"):
            InfoGAN(**{**parts, "recognition": predicted})

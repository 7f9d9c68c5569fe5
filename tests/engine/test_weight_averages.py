"""Running averages of weights: `compile(average=...)`."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_aegan import models

X = np.random.default_rng(0).uniform(-1, 1, (96, 6)).astype("float32")


def trained(average=None, model=models.AEGAN, epochs=1, callbacks=(), **kwargs):
    keras.utils.set_random_seed(0)
    made = model.for_shape((6,), latent_dim=2, width=2, **kwargs)
    made.compile(average=average)
    history = made.fit(
        X, batch_size=32, epochs=epochs, verbose=0, callbacks=list(callbacks)
    )
    return made, history.history


def values(model):
    return [ops.convert_to_numpy(v) for v in model.averages.averaged]


class Recorder(keras.callbacks.Callback):
    """Keeps what is averaged, before the first step and after each."""

    def on_train_begin(self, logs=None):
        self.seen = [values(self.model)]

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(values(self.model))


def test_averages_by_hand():
    """The formula of the docstring, in NumPy, on the weights of each step."""
    recorder = Recorder()
    model, _ = trained(0.3, callbacks=[recorder])
    start, *steps = recorder.seen
    assert len(steps) == 3
    names = [v.path for v in model.averages.averaged]
    assert any("moving_mean" in name for name in names)
    expected = start
    for t, step in enumerate(steps):
        decay = min(0.3, (1 + t) / (10 + t))
        expected = [decay * a + (1 - decay) * b for a, b in zip(expected, step)]
    assert max(np.abs(a - b).max() for a, b in zip(expected, steps[-1])) > 1e-4
    for shadow, value in zip(model.averages.shadows, expected):
        np.testing.assert_allclose(
            ops.convert_to_numpy(shadow), value, rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize(
    "model", [models.AEGAN, models.FusedAEGAN, models.ALAE]
)
def test_methods_and_validation_use_the_averages(model, tmp_path):
    # Biases before a normalisation would be moved by rounding alone.
    averaging, _ = trained(0.9, model, normalization=None)
    other, _ = trained(None, model, normalization=None)
    raw = [ops.convert_to_numpy(v) for v in other.generator.variables]
    for v, value in zip(averaging.generator.variables, raw):
        # Averaging does not change training, and is undone after use.
        averaging.generate(3, seed=1)
        np.testing.assert_allclose(ops.convert_to_numpy(v), value, atol=1e-6)
    mine = averaging.generate(3, seed=1)
    assert np.abs(mine - other.generate(3, seed=1)).max() > 1e-5
    path = tmp_path / "model.keras"
    averaging.save(path)
    loaded = keras.saving.load_model(path)
    np.testing.assert_allclose(loaded.generate(3, seed=1), mine, atol=1e-5)
    # With the averages for weights, the other model does the same.
    shadows = {id(v): s for v, s in averaging.averages.pairs()}
    for name in ("encoder", "generator", "mapping"):
        if hasattr(other, name):
            own = getattr(averaging, name).variables
            for v, mine_v in zip(getattr(other, name).variables, own):
                if id(mine_v) in shadows:
                    v.assign(ops.convert_to_numpy(shadows[id(mine_v)]))
    np.testing.assert_allclose(mine, other.generate(3, seed=1), atol=1e-5)
    np.testing.assert_allclose(
        averaging.reconstruct(X), other.reconstruct(X), atol=1e-5
    )
    np.testing.assert_allclose(
        averaging.predict(X, verbose=0), other.reconstruct(X), atol=1e-5
    )
    logs = averaging.evaluate(X, verbose=0, return_dict=True)
    expected = other.evaluate(X, verbose=0, return_dict=True)
    for term, value in expected.items():
        np.testing.assert_allclose(logs[term], value, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("average", [None, 0.9])
@pytest.mark.parametrize("model", [models.AEGAN, models.ALAE])
def test_a_copy_with_the_averages_answers_by_its_plain_weights(model, average):
    own, _ = trained(average, model)
    before = [ops.convert_to_numpy(v) for v in own.variables]
    copy = own.averaged()
    assert copy.averages is None and not copy.compiled
    for ask in (
        lambda m: m.generate(5, seed=1),
        lambda m: m.reconstruct(X),
        lambda m: m.encode(X),
    ):
        np.testing.assert_allclose(ask(copy), ask(own), atol=1e-6)
    # The generator alone, as it is saved for others.
    z = own.sample_codes(5, seed=1)
    alone = ops.convert_to_numpy(copy.generator(z, training=False))
    np.testing.assert_allclose(alone, own.decode(z), atol=1e-5)
    for v, value in zip(own.variables, before):
        np.testing.assert_array_equal(ops.convert_to_numpy(v), value)


def test_compiling_again_forgets_or_starts_averages():
    model, _ = trained(0.9)
    count = len(model.variables)
    before = model.generate(3, seed=1)
    model.compile()
    assert model.averages is None
    raw = model.generate(3, seed=1)
    assert np.abs(before - raw).max() > 1e-5
    model.compile(average=0.5)
    np.testing.assert_array_equal(model.generate(3, seed=1), raw)
    model.fit(X, verbose=0)
    assert len(model.variables) == count


@pytest.mark.parametrize("average", [-0.1, 1.0, 2, "0.9", True])
def test_wrong_averages_are_refused(average):
    model = models.GAN.for_shape((6,), latent_dim=2, width=2)
    with pytest.raises(ValueError, match="Received"):
        model.compile(average=average)

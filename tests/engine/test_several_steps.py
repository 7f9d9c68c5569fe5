"""`steps_per_execution`: several steps at once do what they do one by one."""

import keras
import numpy as np
import pytest

from keras_aegan import models

COUNT = 7 * 8 + 3


@pytest.fixture(scope="module")
def samples():
    return np.random.default_rng(0).normal(size=(COUNT, 6)).astype("float32")


def trained(samples, k, epochs=2, callbacks=(), **options):
    """A model after epochs of seven batches of 8 and one of 3."""
    keras.utils.set_random_seed(0)
    model = models.AEGAN.for_shape((6,), latent_dim=2, width=4)
    model.compile(steps_per_execution=k, **options)
    history = model.fit(
        samples,
        batch_size=8,
        epochs=epochs,
        callbacks=list(callbacks),
        validation_data=samples[:20],
        validation_batch_size=4,
        verbose=0,
    )
    return model, history.history


@pytest.fixture(scope="module")
def alone(samples):
    return trained(samples, 1)


@pytest.mark.parametrize("k", [3, 4, 20])
def test_weights_and_logs_are_those_of_single_steps(samples, alone, k):
    """Whole groups, an incomplete last one, and an uneven last batch."""
    model, logs = trained(samples, k)
    expected, expected_logs = alone
    assert int(model.optimizer.iterations) == 16
    for name, values in expected_logs.items():
        np.testing.assert_allclose(
            logs[name], values, rtol=1e-4, atol=1e-5, err_msg=name
        )
    for ours, theirs in zip(model.get_weights(), expected.get_weights()):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


class Steps(keras.callbacks.Callback):
    """Writes down which batches begin and end."""

    def __init__(self):
        super().__init__()
        self.begun, self.ended, self.done = [], [], []

    def on_train_batch_begin(self, batch, logs=None):
        self.begun.append(batch)

    def on_train_batch_end(self, batch, logs=None):
        self.ended.append(batch)
        self.done.append(int(self.model.optimizer.iterations))


def test_callbacks_are_called_once_an_execution(samples):
    """With the numbers of its first and last step, as Keras counts them."""
    steps = Steps()
    trained(samples, 3, epochs=1, callbacks=[steps])
    assert steps.begun == [0, 3, 6]
    assert steps.ended == [2, 5, 8]
    assert steps.done == [3, 6, 8]


def test_a_run_goes_on_between_executions(samples, alone, tmp_path):
    class Killed(Exception):
        pass

    class Kill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise Killed

    def backup():
        return keras.callbacks.BackupAndRestore(tmp_path / "backup")

    with pytest.raises(Killed):
        trained(samples, 3, callbacks=[backup(), Kill()])
    model, _ = trained(samples, 3, callbacks=[backup()])
    for ours, theirs in zip(model.get_weights(), alone[0].get_weights()):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_labels_weights_and_streams_come_in_groups_too():
    x = np.random.default_rng(0).normal(size=(40, 6)).astype("float32")
    y, weights = np.arange(40) % 3, np.linspace(0.5, 1.5, 40)

    def after(k, is_stream):
        keras.utils.set_random_seed(0)
        model = models.AEGAN.for_shape(
            (6,), latent_dim=2, width=4, num_classes=3
        )
        model.compile(steps_per_execution=k)
        if is_stream:
            rows = [slice(i, i + 8) for i in range(0, 40, 8)]
            stream = ((x[r], y[r], weights[r]) for r in rows)
            model.fit(stream, steps_per_epoch=5, verbose=0)
        else:
            model.fit(x, y, 8, sample_weight=weights, shuffle=False, verbose=0)
        return model.get_weights()

    expected = after(1, is_stream=False)
    for is_stream in (False, True):
        for ours, theirs in zip(after(2, is_stream), expected):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_bad_batch_comes_before_its_group(samples):
    """The steps before are done, those of its group are not."""
    bad = samples[:48].copy()
    bad[40] = np.nan
    model, _ = trained(samples, 2, epochs=1)
    before = int(model.optimizer.iterations)
    with pytest.raises(ValueError, match="must be finite"):
        model.fit((bad[i : i + 8] for i in range(0, 48, 8)), verbose=0)
    assert int(model.optimizer.iterations) == before + 4
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.skipif(
    keras.backend.backend() != "jax", reason="about XLA for CPUs"
)
@pytest.mark.parametrize("shape, loops", [((6,), 1), ((8, 8, 1), 0)])
def test_convolutions_on_a_cpu_are_not_put_into_a_loop(
    shape, loops, monkeypatch
):
    """Where they would take several times longer."""
    import jax

    programs = []
    scan = jax.lax.scan

    def counted(*args, **kwargs):
        programs.append(args)
        return scan(*args, **kwargs)

    monkeypatch.setattr(jax.lax, "scan", counted)
    model = models.Autoencoder.for_shape(shape, latent_dim=2, width=2)
    model.compile(steps_per_execution=2)
    x = np.random.default_rng(0).uniform(-1, 1, (32, *shape))
    model.fit(x, batch_size=4, verbose=0)
    assert int(model.optimizer.iterations) == 8
    assert len(programs) == loops

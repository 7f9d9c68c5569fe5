"""Several threads serve a model, and train several models, at once."""

import concurrent.futures
import os
import signal
import threading
import time

import keras
import numpy as np
import pytest
from catalogue import samples

from keras_aegan.models import AEGAN
from keras_aegan.models import VAE

CALLS = 40


def new_model(**compile_arguments):
    keras.utils.set_random_seed(0)
    model = AEGAN.for_shape((6,), latent_dim=2, width=2)
    model.compile(**compile_arguments)
    return model


def fit(model, epochs=1):
    model.fit(samples(model, 64), batch_size=8, epochs=epochs, verbose=0)


def serve(model, x, count=CALLS):
    return [(model.encode(x), model.generate(3, seed=i)) for i in range(count)]


@pytest.mark.parametrize("average", [None, 0.9])
def test_four_threads_answer_as_one(average):
    model = new_model(average=average)
    fit(model)
    x = samples(model, 5)
    weights = model.get_weights()
    expected = serve(model, x)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        served = [pool.submit(serve, model, x) for _ in range(4)]
        answers = [each.result() for each in served]
    for pairs in answers:
        np.testing.assert_equal(pairs, expected)
    np.testing.assert_equal(model.get_weights(), weights)


def test_serving_does_not_disturb_training():
    undisturbed = new_model(average=0.9)
    fit(undisturbed, epochs=6)
    model = new_model(average=0.9)
    x, seen, failures = samples(model, 5), [], []
    is_over = threading.Event()

    def serve_until_the_end():
        try:
            while not is_over.is_set():
                seen.extend(serve(model, x, 1))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=serve_until_the_end) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        fit(model, epochs=6)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    assert not failures
    assert len(seen) >= 4
    assert all(np.isfinite(part).all() for pair in seen for part in pair)
    np.testing.assert_equal(model.get_weights(), undisturbed.get_weights())


def test_training_that_begins_leaves_a_call_its_weights():
    """A `fit` begins between two batches of a call in another thread."""
    model = new_model()
    fit(model)
    x = samples(model, 8)
    has_read, has_trained = threading.Event(), threading.Event()

    def batches():
        yield x
        has_read.set()
        has_trained.wait(60)
        yield x

    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        codes = pool.submit(model.encode, batches())
        assert has_read.wait(60)
        fit(model)
        has_trained.set()
        first, second = np.split(codes.result(), 2)
    assert np.isfinite(second).all()
    if keras.backend.backend() != "torch":
        # PyTorch's weights change in place.
        np.testing.assert_allclose(second, first, atol=1e-6)


def test_two_models_train_in_two_threads():
    normalization, adam = (
        vars(keras.layers.BatchNormalization)["call"],
        keras.optimizers.Adam._backend_update_step,
    )

    def train(cls):
        model = cls.for_shape((6,), latent_dim=2, width=2)
        model.compile()
        model.fit(
            np.linspace(-1, 1, 384, dtype="float32").reshape(64, 6),
            batch_size=8,
            epochs=4,
            shuffle=False,
            verbose=0,
        )
        return model.get_weights()

    # Built one after the other, since seeds come from the process.
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = [pool.submit(train, cls) for cls in (AEGAN, VAE)]
        for each in results:
            assert all(np.isfinite(w).all() for w in each.result())
    assert vars(keras.layers.BatchNormalization)["call"] is normalization
    assert keras.optimizers.Adam._backend_update_step is adam


def test_one_model_in_two_trainings_is_an_error():
    model = new_model()
    fit(model)

    class Train(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                self.error = pool.submit(fit, model).exception()

    train = Train()
    model.fit(samples(model, 8), callbacks=[train], verbose=0)
    assert isinstance(train.error, RuntimeError)
    fit(model)


@pytest.fixture
def ctrl_c():
    """Ctrl-C as it is by default: a shell's background programs ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_time_leaves_whole_steps(ctrl_c):
    """Real signals, at many moments: weights stay, and training goes on."""
    model = new_model(average=0.9)
    fit(model)
    hits = 0
    for delay in np.linspace(0.0, 0.1, 25):

        def interrupt(delay=delay):
            time.sleep(delay)
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=interrupt)
        try:
            thread.start()
            # Far longer than it takes for the signal to arrive.
            for _ in range(10):
                fit(model, epochs=20)
        except KeyboardInterrupt:
            hits += 1
        thread.join()
        variables = [*model.variables, *model.optimizer.variables]
        for v in variables:
            assert np.isfinite(keras.ops.convert_to_numpy(v)).all()
    # Python ignores one that it meets while it frees an object.
    assert hits >= 20
    # Each optimizer has taken the same number of steps.
    steps = {
        int(keras.ops.convert_to_numpy(o.iterations))
        for o in [model.optimizer, *model.optimizer.optimizers]
    }
    assert len(steps) == 1
    fit(model)

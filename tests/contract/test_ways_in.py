"""Data of every kind is looked at on its way to a step, and to a network."""

import importlib.util
import warnings

import keras
import numpy as np
import pytest
from catalogue import samples

from keras_aegan.models import AEGAN
from keras_aegan.models import ARAE
from keras_aegan.models import VAE
from keras_aegan.models import SemiSupervisedGAN

CLASSES = 3


class Batches(keras.utils.PyDataset):
    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return self.batches[index]


def tf_data(batches):
    import tensorflow as tf

    # By rows, so that the second batch may be another than the first.
    arrays = [np.concatenate(parts) for parts in zip(*batches)]
    data = tf.data.Dataset.from_tensor_slices(tuple(arrays))
    return data.batch(len(batches[0][0]))


def data_loader(batches):
    import torch

    arrays = [torch.as_tensor(np.concatenate(p)) for p in zip(*batches)]
    return torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(*arrays), batch_size=len(batches[0][0])
    )


SOURCES = {
    "arrays": lambda batches: tuple(np.concatenate(p) for p in zip(*batches)),
    "generator": lambda batches: (batch for batch in batches),
    "iterator": iter,
    "PyDataset": Batches,
    "tf.data": tf_data,
    "DataLoader": data_loader,
}
NEEDS = {"tf.data": "tensorflow", "DataLoader": "torch"}


@pytest.fixture(params=SOURCES)
def source(request):
    needed = NEEDS.get(request.param)
    if needed and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    return SOURCES[request.param]


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    model = AEGAN.for_shape((6,), latent_dim=2, width=2, num_classes=CLASSES)
    model.compile()
    return model


def batch(count=8):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(count, 6)).astype("float32")
    return x, np.arange(count) % CLASSES


def fit(model, data):
    if isinstance(data, tuple):
        return model.fit(*data, batch_size=8, shuffle=False, verbose=0)
    return model.fit(data, steps_per_epoch=2, verbose=0)


def with_nan(x, y):
    x = x.copy()
    x[2, 1] = np.nan
    return x, y


FAULTS = {
    "NaN": (with_nan, "`x` must be finite.*1 of"),
    "infinity": (lambda x, y: (x / 0, y), "`x` must be finite"),
    "label too high": (lambda x, y: (x, y + 1), r"`y` must be.*\[0, 3\)"),
    "negative label": (lambda x, y: (x, y - 1), r"`y` must be.*\[0, 3\)"),
    "half a label": (lambda x, y: (x, y + 0.5), "`y` must be"),
    "one-hot": (lambda x, y: (x, np.eye(CLASSES)[y]), "one-hot.*argmax"),
}


@pytest.mark.filterwarnings("ignore:divide by zero|invalid value")
@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_before_the_weights_take_it(model, source, fault):
    """In the second batch: the first step counts, the second never runs."""
    change, message = FAULTS[fault]
    good = batch()
    bad = change(*good)
    if good[1].shape != bad[1].shape:
        good = bad
    # One type for both, as a data set has it.
    good = tuple(np.asarray(g, b.dtype) for g, b in zip(good, bad))
    with pytest.raises(ValueError, match=message):
        fit(model, source([good, bad]))
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.filterwarnings("ignore:divide by zero|invalid value")
def test_validation_data_is_looked_at_as_well(model, source, fault):
    change, message = FAULTS[fault]
    steps = 1
    data = source([change(*batch())])
    with pytest.raises(ValueError, match=message.replace("`x`", "")):
        model.fit(
            *batch(), validation_data=data, validation_steps=steps, verbose=0
        )
    data = source([change(*batch())])
    arguments = data if isinstance(data, tuple) else (data,)
    with pytest.raises(ValueError, match=message):
        model.evaluate(*arguments, steps=steps, verbose=0)


def test_good_data_train_alike_from_every_source(source):
    weights = []
    for make in (SOURCES["arrays"], source):
        keras.utils.set_random_seed(0)
        model = VAE.for_shape((6,), latent_dim=2, width=2, num_classes=CLASSES)
        model.compile()
        fit(model, make([batch(), batch()]))
        weights.append(model.get_weights())
    for a, b in zip(*weights):
        np.testing.assert_allclose(a, b, atol=1e-6)


def test_samples_alone_from_every_source(source):
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    model.compile()
    x, _ = batch()
    fit(model, source([(x,), (x,)]))
    if importlib.util.find_spec("torch"):
        import torch

        loader = torch.utils.data.DataLoader(torch.as_tensor(x), batch_size=8)
        model.fit(loader, verbose=0)
    model.fit((x for _ in range(2)), steps_per_epoch=2, verbose=0)
    model.fit(Batches([(x,)]), verbose=0)
    assert model.encode(x for _ in range(2)).shape == (16, 2)
    model.fit([x], verbose=0)


def test_predict_takes_pairs_of_samples_and_labels(model):
    x, y = batch()
    expected = model.reconstruct(x, labels=y)
    for data in (
        [x, y],
        Batches([(x, y)]),
        ((x, y) for _ in range(1)),
    ):
        actual = model.predict(data, verbose=0)
        np.testing.assert_allclose(actual, expected, atol=1e-6)
    np.testing.assert_allclose(
        model.encode((x, y) for _ in range(1)), model.encode(x, labels=y)
    )


def test_frames_of_columns():
    pandas = pytest.importorskip("pandas")
    x, _ = batch(32)
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    model.compile()
    frame = pandas.DataFrame(x, columns=list("abcdef"))
    model.fit(frame, verbose=0)
    np.testing.assert_allclose(model.encode(frame), model.encode(x))
    broken = frame.copy()
    broken.loc[3, "b"] = np.nan
    for call in (model.fit, model.encode, model.evaluate):
        with pytest.raises(ValueError, match=r"finite.*1 of 32 rows \(3\)"):
            call(broken, verbose=0)
    with pytest.raises(ValueError, match="real numbers"):
        model.fit(frame.assign(b="text"), verbose=0)
    with pytest.warns(UserWarning, match=r"2 of 6 columns.*\(b, e\).*55"):
        model.fit(frame.assign(b=55.0, e=frame["e"] * 90), verbose=0)


@pytest.mark.parametrize("shape", [(6,), (16, 2)])
def test_columns_that_are_not_scaled_are_a_warning(shape):
    model = VAE.for_shape(shape, latent_dim=2, width=2)
    model.compile()
    x = np.random.default_rng(0).normal(size=(40, *shape)).astype("float32")
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        model.fit(x, verbose=0)
        # Flags, also rare ones, and constants are no ages.
        x[..., 0] = 0
        x[0, ..., 0] = 1
        x[..., 1] = 3
        model.fit(x, verbose=0)
    far = x.copy()
    far[..., 1] += 55
    with pytest.warns(UserWarning, match=r"1 of \d columns.*\(1\).*Standard"):
        model.fit(far, verbose=0)
    tiny = x.copy()
    tiny[..., 1] = 1e-3 * x[..., 0]
    with pytest.warns(UserWarning, match=r"columns or channels.*\(1\)"):
        model.fit(tiny, verbose=0)
    # Sound as a file has it.
    loud = (x * 8000).astype("int16")
    with pytest.warns(UserWarning, match="not scaled"):
        model.fit(loud, verbose=0)


def test_tokens_that_are_none_are_refused_everywhere():
    model = ARAE.for_shape((3,), vocabulary_size=4, latent_dim=2, width=2)
    model.compile()
    x = np.zeros((8, 3), "int32")
    model.fit(x, verbose=0)
    for bad in (x - 1, x + 4):
        for call in (model.fit, model.encode, model.reconstruct):
            with pytest.raises(ValueError, match=r"integers in \[0, 4\)"):
                call(bad, verbose=0)


def test_classifiers_look_at_their_labels():
    model = SemiSupervisedGAN.for_shape((6,), latent_dim=2, width=2)
    model.compile()
    x, y = batch()
    model.fit(x, y % 2, verbose=0)
    # -1 stands for "not known".
    model.fit(x, y % 2 - 1, verbose=0)
    for bad in (y, y - 2, y * 0.7, y * np.nan):
        with pytest.raises(ValueError, match=r"`y` must be.*\[-1, 2\)"):
            model.fit(x, bad, verbose=0)


def test_labels_that_nobody_takes_are_a_warning():
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    model.compile()
    x, y = batch()
    with pytest.warns(UserWarning, match="takes no labels"):
        model.fit(x, y, verbose=0)


def test_an_empty_batch_is_an_empty_result(model):
    x, y = batch()
    assert model.encode(x[:0], labels=y[:0]).shape == (0, 2)
    assert model.reconstruct(x[:0], labels=y[:0]).shape == (0, 6)


def test_a_diverged_model_answers_nan():
    model = VAE.for_shape((6,), latent_dim=2, width=2)
    x = samples(model, 4)
    weights = model.get_weights()
    model.set_weights(
        [w * np.nan if w.dtype.kind == "f" else w for w in weights]
    )
    assert np.isnan(model.reconstruct(x)).all()


if keras.backend.backend() == "tensorflow":

    @pytest.mark.parametrize("steps", [1, 2])
    def test_data_sets_that_do_not_know_their_shape(steps):
        import tensorflow as tf

        x, _ = batch(64)
        bad = x.copy()
        bad[40] = np.nan

        def rows(array):
            data = tf.data.Dataset.from_generator(
                lambda: iter(np.split(array, 4)),
                output_signature=tf.TensorSpec(None, "float32"),
            )
            return data.apply(tf.data.experimental.assert_cardinality(4))

        model = VAE.for_shape((6,), latent_dim=2, width=2)
        model.compile(steps_per_execution=steps)
        model.fit(rows(x), verbose=0)
        assert int(model.optimizer.iterations) == 4
        assert model.predict(rows(x), verbose=0).shape == (64, 6)
        with pytest.raises(ValueError, match="`x` must be finite"):
            model.fit(rows(bad), verbose=0)
        assert all(np.isfinite(w).all() for w in model.get_weights())

    def test_shuffled_arrays_in_several_steps_at_once():
        """TensorFlow asks for the order of each epoch from another thread."""
        model = VAE.for_shape((6,), latent_dim=2, width=2)
        model.compile(steps_per_execution=2)
        model.fit(batch(64)[0], batch_size=16, epochs=8, verbose=0)
        assert int(model.optimizer.iterations) == 32

    def test_batches_of_many_sizes_are_no_cause_for_a_warning(caplog):
        """TensorFlow says "5 out of the last 10 calls" by its logger."""
        import tensorflow as tf

        tf.get_logger().propagate = True
        model = AEGAN.for_shape((6,), latent_dim=2, width=2)
        for count in range(1, 12):
            model.reconstruct(batch(count)[0])
            model.generate(count)
        assert "retracing" not in caplog.text


def test_a_scope_that_recomputes_activations_is_refused():
    make = lambda: VAE.for_shape((6,), latent_dim=2, width=2)  # noqa: E731
    model = make()
    with keras.RematScope(mode="full"):
        for call in (make, model.compile):
            with pytest.raises(ValueError, match="RematScope.*Received"):
                call()
    model.compile()
    model.fit(batch()[0], verbose=0)

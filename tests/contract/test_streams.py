"""Streams: every batch once and in order, and memory that does not grow.

What a run on a stream must come to is computed batch by batch, by hand, with
`train_on_batch`: a batch that is missed, met twice or met too early ends in
other weights.
"""

import importlib.util
import itertools
import os
import pathlib
import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_aegan.backend import keras_private
from keras_aegan.models import VAE

CLASSES = 3
SIZES = (8, 8, 8, 8, 3)
ENDLESS = 4
PROGRAM = pathlib.Path(__file__).with_name("stream_memory.py")
# Keras says of every stream whose length it does not know that it ran out.
pytestmark = pytest.mark.filterwarnings("ignore:Your input ran out of data")


def batch(index):
    """Samples, labels and weights; batches of an endless stream are even."""
    rng = np.random.default_rng(index)
    size = SIZES[index] if index < len(SIZES) else ENDLESS
    x = rng.normal(size=(size, 6)).astype("float32")
    y = rng.integers(0, CLASSES, size)
    return x, y, rng.uniform(0.5, 2, size).astype("float32")


# === The streams ===


class Batches(keras.utils.PyDataset):
    def __init__(self, indices, **options):
        super().__init__(**options)
        self.indices = indices

    @property
    def num_batches(self):
        return None if self.indices is None else len(self.indices)

    def __getitem__(self, index):
        return batch(index if self.indices is None else self.indices[index])


def numbers(indices):
    return iter(itertools.count() if indices is None else indices)


def generator(indices):
    return (batch(i) for i in numbers(indices))


def tf_data(indices):
    import tensorflow as tf

    signature = (
        tf.TensorSpec((None, 6), "float32"),
        tf.TensorSpec((None,), "int64"),
        tf.TensorSpec((None,), "float32"),
    )
    data = tf.data.Dataset.from_generator(
        lambda: generator(indices), output_signature=signature
    )
    return data.prefetch(2)


def data_loader(indices, workers=0):
    import torch

    class Stream(torch.utils.data.IterableDataset):
        def __iter__(self):
            return generator(indices)

    return torch.utils.data.DataLoader(
        Stream(), batch_size=None, num_workers=workers
    )


def grain_data(indices):
    import grain

    source = grain.MapDataset.source(Rows(indices))
    return source.repeat() if indices is None else source


class Rows:
    """What Grain reads from; it counts how often it is asked."""

    def __init__(self, indices):
        self.indices = indices
        self.asked = 0

    def __len__(self):
        # Grain has no source without an end, but repeats one.
        return 100 if self.indices is None else len(self.indices)

    def __getitem__(self, index):
        self.asked += 1
        return batch(index if self.indices is None else self.indices[index])


STREAMS = {
    "generator": generator,
    "PyDataset": Batches,
    "PyDataset, workers": lambda indices: Batches(
        indices, workers=2, max_queue_size=3
    ),
    "tf.data": tf_data,
    "DataLoader": data_loader,
    "Grain": grain_data,
    "DataLoader, worker": lambda indices: data_loader(indices, workers=1),
}
NEEDS = {"tf.data": "tensorflow", "DataLoader": "torch", "Grain": "grain"}


@pytest.fixture(params=STREAMS)
def stream(request):
    needed = NEEDS.get(request.param.split(",")[0])
    if needed and importlib.util.find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    return STREAMS[request.param]


# === The model, and what it must come to ===


@pytest.fixture(scope="module")
def compiled():
    keras.utils.set_random_seed(0)
    model = VAE.for_shape((6,), latent_dim=2, width=2, num_classes=CLASSES)
    model.compile(optimizer=keras.optimizers.Adam(0.01))
    return model, [np.array(v) for v in variables(model)]


@pytest.fixture
def model(compiled):
    return restarted(*compiled)


def restarted(model, start):
    """The model as it was when it was compiled."""
    for variable, value in zip(variables(model), start):
        variable.assign(value)
    # Keras keeps what a backup has restored for every further `fit`.
    keras_private.set_initial_epoch(model, None)
    return model


def variables(model):
    return [*model.variables, *model.optimizer.variables]


def values(model):
    return [np.array(keras.ops.convert_to_numpy(v)) for v in model.weights]


def by_hand(model, indices):
    """Weights after a step on each of these batches."""
    start = [np.array(keras.ops.convert_to_numpy(v)) for v in variables(model)]
    for i in indices:
        x, y, weights = batch(i)
        model.train_on_batch(x, y, sample_weight=weights)
    expected = values(model)
    restarted(model, start)
    return expected


def assert_same(model, expected):
    for actual, value in zip(values(model), expected):
        np.testing.assert_allclose(actual, value, atol=1e-6)


# === Every batch once and in order ===


def test_all_of_a_stream_in_order(model, stream):
    """Two passes with labels, weights and a last batch of three samples."""
    order = range(len(SIZES))
    again = stream is not generator
    expected = by_hand(model, [*order, *order] if again else order)
    model.fit(stream(order), epochs=1 + again, shuffle=False, verbose=0)
    assert int(model.optimizer.iterations) == len(SIZES) * (1 + again)
    assert_same(model, expected)


def test_an_endless_stream_goes_on_where_it_was(model, stream):
    expected = by_hand(model, range(6))
    model.fit(
        stream(None), epochs=2, steps_per_epoch=3, shuffle=False, verbose=0
    )
    assert_same(model, expected)


def test_batches_in_another_order_come_to_other_weights(model):
    """Or the tests above would prove nothing."""
    expected = by_hand(model, [0, 1, 2, 4, 3])
    model.fit(Batches(range(len(SIZES))), shuffle=False, verbose=0)
    with pytest.raises(AssertionError):
        assert_same(model, expected)


def test_a_stream_to_validate_on(compiled, stream):
    """As arrays are: the means count batches, the last one of three samples."""
    arrays = tuple(
        np.concatenate(parts) for parts in zip(*map(batch, range(len(SIZES))))
    )
    order = range(len(SIZES))
    logs = []
    for held_out in (arrays, stream(order)):
        model = restarted(*compiled)
        logs.append(
            model.fit(
                *batch(0)[:2],
                batch_size=8,
                epochs=2,
                validation_data=held_out,
                validation_steps=len(SIZES),
                validation_freq=2,
                verbose=0,
            ).history
        )
    for name in (name for name in logs[0] if name.startswith("val_")):
        assert logs[1][name] == pytest.approx(logs[0][name], abs=1e-5), name


def test_a_run_on_a_stream_is_resumed(model, stream, tmp_path):
    """Epochs of 2 batches; it fails in the third and goes on from there.

    As in Keras, a new `fit` reads its stream from the beginning: whoever
    resumes gives it what is left.
    """
    expected = by_hand(model, range(6))

    def fit(left, *callbacks):
        model.fit(
            stream(left),
            epochs=3,
            steps_per_epoch=2,
            shuffle=False,
            verbose=0,
            callbacks=[
                keras.callbacks.BackupAndRestore(tmp_path / "backup"),
                *callbacks,
            ],
        )

    with pytest.raises(OSError, match="in the third epoch"):
        fit(range(6), FailsInEpoch(2))
    fit(range(4, 6))
    assert int(model.optimizer.iterations) == 6
    assert_same(model, expected)


class FailsInEpoch(keras.callbacks.Callback):
    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        self.now = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.now == self.epoch:
            raise OSError("in the third epoch")


# === Memory ===


def test_memory_does_not_grow():
    """300 MB of images within 60 MB of what the model needs by itself."""
    done = subprocess.run(
        [sys.executable, PROGRAM],
        env={
            **os.environ,
            "KERAS_BACKEND": keras.backend.backend(),
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    grown = [float(line) for line in done.stdout.splitlines()[-2:]]
    assert max(grown) < 60, grown


def test_few_batches_of_a_grain_data_set_are_read_ahead(model):
    """Grain would read 500, Keras two more, for their shapes."""
    grain = pytest.importorskip("grain")
    rows = Rows(None)
    model.fit(
        grain.MapDataset.source(rows).repeat(), steps_per_epoch=2, verbose=0
    )
    assert rows.asked < 40

"""Kinds of streams that `streams.py` trains on."""

import importlib.util
import os


def generator(source):
    return ((source[i],) for i in range(len(source)))


def py_dataset(source):
    import keras

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return len(source)

        def __getitem__(self, index):
            return (source[index],)

    return Batches(workers=2, max_queue_size=4)


def tf_data(source):
    import tensorflow as tf

    def load(index):
        x = tf.numpy_function(lambda i: source[int(i)], [index], tf.float32)
        return tf.ensure_shape(x, source.noise.shape)

    data = tf.data.Dataset.range(len(source))
    return data.map(load, num_parallel_calls=2).prefetch(2)


def data_loader(source):
    import keras
    import torch

    # Copies of a process in which JAX or TensorFlow has threads may hang.
    is_own = keras.backend.backend() == "torch"
    return torch.utils.data.DataLoader(
        source,
        batch_size=None,
        num_workers=2,
        persistent_workers=True,
        multiprocessing_context=None if is_own else "spawn",
    )


def grain_dataset(source):
    import grain

    options = grain.ReadOptions(num_threads=2, prefetch_buffer_size=4)
    return grain.MapDataset.source(source).to_iter_dataset(options)


def grain_map_dataset(source):
    import grain

    return grain.MapDataset.source(source)


TF_DATA = "`tf.data`, prefetch"
# By name: the function, and the packages that it needs.
STREAMS = {
    "generator": (generator, ()),
    "`PyDataset`, 2 workers": (py_dataset, ()),
    TF_DATA: (tf_data, ("tensorflow",)),
    "`DataLoader`, 2 workers": (data_loader, ("torch",)),
    "Grain, 2 threads": (grain_dataset, ("grain",)),
    "Grain, as it comes": (grain_map_dataset, ("grain",)),
}


def is_here(name):
    """Whether a stream can be read; `tf.data` is for TensorFlow alone."""
    is_foreign = name == TF_DATA and backend() != "tensorflow"
    return not is_foreign and all(
        map(importlib.util.find_spec, STREAMS[name][1])
    )


def backend():
    return os.environ.get("KERAS_BACKEND", "tensorflow")

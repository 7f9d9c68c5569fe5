"""
# Several devices

A model that takes a night on one GPU takes an hour on eight. Nothing of it
changes: with the same `batch_size`, which is that of all devices together, N of
them give the weights that one gives. This guide says how each backend is
launched, trains a small model on what this machine has, and computes what a step
sends from device to device.

    pip install "keras_aegan[jax]" scikit-learn             # or tensorflow, torch
    python guides/scaling.py                                # a minute on two cores
    torchrun --nproc-per-node 2 guides/scaling.py --backend torch

## What to use when

- **It fits on one device, and a step takes 50 ms or less**: stay there. What is
  sent after each turn costs more than the other devices save.
- **Steps are long**: divide the batch (data parallel). Each device has all
  weights and some of the samples. All three backends do it.
- **The weights do not fit**: divide them, too (model parallel), on JAX.
- **Many trials of a small model**: one process for each, see `tuning.py`.

A larger batch is another training: with twice the devices, either keep
`batch_size` and wait half as long for the same weights, or double it and look
for new learning rates.

## PyTorch: one process for each device

    torchrun --nproc-per-node 4 train.py                    # one machine
    torchrun --nnodes 2 --nproc-per-node 8 \\
        --rdzv-backend c10d --rdzv-endpoint HOST:29400 train.py     # on both

Two lines come before the model. Every process then runs the same program, with
the whole data, the same seed and the same calls; the engine gives each its rows.
No `DistributedSampler` and no `DistributedDataParallel` is needed. Only the first
process writes: checkpoints, logs, pictures, the progress bar. A callback of yours
that writes says so by an attribute `is_writer = True`.

If a process dies, the others stop with an error. Launched again, all go on from
what `BackupAndRestore` has saved: `torchrun --max-restarts 3` does it by itself.

## JAX: one process, all devices

    keras.distribution.set_distribution(keras.distribution.DataParallel())

before the model is made; then `python train.py`. For weights that do not fit on
one device, a layout says which axes are divided:

    mesh = keras.distribution.DeviceMesh((2, 4), ["batch", "model"], devices)
    layout = keras.distribution.LayoutMap(mesh)
    layout[".*dense.*kernel"] = ("model", None)
    keras.distribution.set_distribution(
        keras.distribution.ModelParallel(
            layout_map=layout, batch_dim_name="batch"
        )
    )

The number of inputs of each such layer, and so `latent_dim`, must be divisible by
the number of devices along `"model"`.

## TensorFlow: one process, all GPUs

    with tf.distribute.MirroredStrategy().scope():
        model = ...
        model.compile()
    model.fit(...)
"""

import guide_options

options = guide_options.read()

import contextlib
import os

import keras
import numpy as np
from sklearn.datasets import load_digits

import keras_aegan

EPOCHS = 1 if options.quick else 5


def all_devices():
    """Use what there is; a context in which the model is made and compiled."""
    if options.backend == "torch" and "TORCHELASTIC_RUN_ID" in os.environ:
        import torch

        if torch.cuda.is_available():
            torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
        torch.distributed.init_process_group()
        return contextlib.nullcontext(), torch.distributed.get_world_size()
    if options.backend == "jax":
        devices = keras.distribution.list_devices()
        if len(devices) > 1:
            parallel = keras.distribution.DataParallel(devices=devices)
            keras.distribution.set_distribution(parallel)
        return contextlib.nullcontext(), len(devices)
    if options.backend == "tensorflow":
        import tensorflow as tf

        strategy = tf.distribute.MirroredStrategy()
        return strategy.scope(), strategy.num_replicas_in_sync
    return contextlib.nullcontext(), 1


scope, count = all_devices()
x = load_digits().images[..., None].astype("float32") / 8 - 1
keras.utils.set_random_seed(0)
with scope:
    model = keras_aegan.models.AEGAN.for_shape((8, 8, 1), latent_dim=16)
    model.compile()
history = model.fit(x, batch_size=128, epochs=EPOCHS, verbose=0).history
print(
    f"{count} device(s): loss {history['loss'][-1]:.4f} after {EPOCHS} epochs"
)

"""
Run it on one device and on several: the number is the same to rounding.

A batch that cannot be divided evenly, such as the last one here (1797 samples
leave 5), is computed whole by every device: nothing is left out, and nothing
weighs more than it does on one. A `batch_size` that is a multiple of the number
of devices makes sure that no other is.

## What a step sends

After each turn the gradients of those who moved are averaged, in messages of up
to 64 MiB. A player who takes five turns sends five times. By a ring each device
sends `2 (N - 1) / N` times the bytes of the gradients; samples and activations
stay where they are, but for the statistics of normalisations and what a loss says
of the batch as a whole.
"""


def bytes_of(player):
    owned = model.game.owned[player]
    return 4 * sum(int(np.prod(v.shape)) for v in owned)


total = 0
for players, _ in model.game.rules.plan:
    for player in players:
        size = bytes_of(player)
        total += size
        print(f"{player:22s} {size / 1e6:6.2f} MB")
for devices in (2, 4, 8):
    sent = 2 * (devices - 1) / devices * total
    print(f"{devices} devices: each sends {sent / 1e6:.2f} MB in a step")

"""
Divide that by the bandwidth between your devices, and compare it with the time
of a step: PCIe 4.0 moves about 20 GB in a second, NVLink 200 and more, a network
of 10 Gbit/s about 1. Where sending takes longer than a fifth of the step, use
larger batches on each device.

## Data that do not fit in memory

`fit` takes a stream of batches: `keras.utils.PyDataset` and Grain's data sets on
every backend, `tf.data` on TensorFlow, the `DataLoader` of PyTorch wherever
PyTorch is installed. A batch is kept no longer than its step needs it. In
`benchmarks/streams.md` 2 GB of images went by, and
memory rose at once by what lies ready in queues, 6 to 200 MB (Grain on JAX: up
to 400), then no further.

What loads beside the step costs no time of its own: a `PyDataset` with
`workers=2`, a `DataLoader` with `num_workers=2`, `tf.data` with `prefetch(2)`.
A plain generator is read between two steps on PyTorch, and one that waits half a
step for each batch makes every step half as long again (measured: 1.55; with
workers .88 to 1.02). Loading that computes takes
the processor's cores, which on a CPU the step would use.

- Of a Grain `MapDataset` eight batches are read ahead; say another number by
  `to_iter_dataset(grain.ReadOptions(...))`.
- On JAX and TensorFlow give a `DataLoader` with workers
  `multiprocessing_context="spawn"`: copies of a process with threads may hang.
- Of an endless stream say `steps_per_epoch`; the next epoch goes on where the
  last one ended. After `BackupAndRestore` a stream is read from its beginning,
  as by Keras: give `fit` what is left.
"""

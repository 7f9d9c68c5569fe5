"""Processes of `torch.distributed` that train one model together."""

import os

import keras
import torch
from torch import distributed

from keras_aegan.backend.replicas import BUCKET
from keras_aegan.backend.replicas import ReplicaError

_library = torch.library.Library("keras_aegan", "FRAGMENT")
_library.define("sum_over_processes(Tensor x) -> Tensor")


def processes() -> tuple:
    """Which process this one is, and how many train together."""
    if distributed.is_available() and distributed.is_initialized():
        return distributed.get_rank(), distributed.get_world_size()
    return 0, 1


def check_initialized() -> None:
    """Raise in one of several processes that do not know each other.

    Raises:
        ValueError: if so. Each would train a model of its own.
    """
    # Set by `torchrun`, before a program initialises anything.
    is_launched = "TORCHELASTIC_RUN_ID" in os.environ
    count = int(os.environ.get("WORLD_SIZE", "1")) if is_launched else 1
    if count > 1 and processes()[1] == 1:
        raise ValueError(
            "To train in several processes, call "
            "`torch.distributed.init_process_group()` before `compile`, and "
            "on GPUs `torch.cuda.set_device(int(os.environ['LOCAL_RANK']))` "
            f"before the model is made. Received: one of {count} processes of "
            "`torchrun`, in which neither has happened"
        )


def sum_over_replicas(x) -> torch.Tensor:
    """The sum of a tensor over all processes; it can be differentiated."""
    return _Sum.apply(x)


class _Sum(torch.autograd.Function):
    """Every process has the sum, so every one has a gradient of each part."""

    @staticmethod
    def forward(ctx, x):
        return torch.ops.keras_aegan.sum_over_processes(x)

    @staticmethod
    def backward(ctx, gradient):
        return _Sum.apply(gradient)


# One operation, so that a recording replays it.
def _sum(x):
    total = x.clone(memory_format=torch.contiguous_format)
    _communicate(distributed.all_reduce, total)
    return total


for _device in ("CPU", "CUDA"):
    _library.impl("sum_over_processes", _sum, _device)
_library.impl(
    "sum_over_processes",
    lambda x: x.new_empty(x.shape),
    "Meta",
)


def share(variables: list) -> None:
    """Give variables the values that they have in the first process.

    Args:
        variables: List of Keras variables, in all processes the same.
    """
    tensors = list({id(v): v.value.data for v in variables}.values())
    for dtype in sorted({x.dtype for x in tensors}, key=str):
        group, size = [], 0
        for x in [x for x in tensors if x.dtype == dtype]:
            group.append(x)
            size += x.numel()
            if size > BUCKET:
                _share(group)
                group, size = [], 0
        _share(group)


def _share(tensors):
    if not tensors:
        return
    flat = torch.cat([x.reshape(-1) for x in tensors])
    _communicate(distributed.broadcast, flat, 0)
    parts = flat.split([x.numel() for x in tensors])
    for x, part in zip(tensors, parts):
        x.copy_(part.view(x.shape))


def share_numbers(numbers: list) -> list:
    """The integers of all processes, one list for each process."""
    count = processes()[1]
    if count == 1:
        return [numbers]
    device = keras.ops.zeros(()).device
    own = torch.tensor(numbers, dtype=torch.int64, device=device)
    every = [torch.empty_like(own) for _ in range(count)]
    _communicate(distributed.all_gather, every, own)
    return [each.tolist() for each in every]


def _communicate(function, *args):
    try:
        function(*args)
    except RuntimeError as error:
        raise ReplicaError(
            "This process cannot reach the others that train the same model: "
            "one of them has stopped, or they do not do the same. Start all "
            "of them again; with `keras.callbacks.BackupAndRestore` they go "
            f"on from the last backup. PyTorch says: {error}"
        ) from error

"""A step's memory stays with the process while a model trains."""

import pathlib
import resource

import keras
import numpy as np
import pytest

from keras_aegan.backend.memory import retain_freed_memory
from keras_aegan.models import AEGAN

BLOCK = 64 * 2**20
# A block has this many huge pages, if the system has such; or far more.
FEWEST = BLOCK // 2**21
STATUS = pathlib.Path("/proc/self/statm")


def cleared_pages():
    """How many pages the system clears for a block that was had before."""

    def touch():
        block = bytearray(BLOCK)
        del block

    touch()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    touch()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_block_is_cleared_again_outside_only():
    outside = cleared_pages()
    with retain_freed_memory(), retain_freed_memory():
        inside = cleared_pages()
    with retain_freed_memory():
        again = cleared_pages()
    afterwards = cleared_pages()
    assert min(outside, afterwards) >= FEWEST
    assert max(inside, again) < FEWEST


def test_memory_leaves_at_the_end():
    pages = BLOCK // resource.getpagesize()

    def resident():
        return int(STATUS.read_text().split()[1])

    with retain_freed_memory():
        block = bytearray(BLOCK)
        block[:] = b"x" * BLOCK
        del block
        kept = resident()
    assert kept - resident() > pages / 2


@pytest.mark.parametrize("name", ["MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES"])
def test_the_environment_of_the_c_library_comes_first(name, monkeypatch):
    monkeypatch.setenv(name, "glibc.malloc.trim_threshold=0")
    with retain_freed_memory():
        assert cleared_pages() >= FEWEST


def test_fit_keeps_it():
    pages = []
    model = AEGAN.for_shape((4,), latent_dim=2, width=2)
    model.compile(run_eagerly=True)
    counting = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda batch, logs: pages.append(cleared_pages())
    )
    x = np.zeros((8, 4), "float32")
    model.fit(x, batch_size=8, verbose=0, callbacks=[counting])
    assert max(pages) < FEWEST <= cleared_pages()

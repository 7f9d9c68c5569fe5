"""What every test starts from."""

import gc
import os
import pathlib

import pytest
from browsers import BROWSER

# Most of these tests compile small programs and run them a few times: compile
# quickly rather than well, and each program once. JAX reads this when it is
# imported, and the processes that tests start inherit it.
QUICKLY = (
    "--xla_backend_optimization_level=0",
    "--xla_llvm_disable_expensive_passes=true",
    "--xla_cpu_use_fusion_emitters=false",
    "--xla_cpu_parallel_codegen_split_count=1",
)
os.environ.setdefault("XLA_FLAGS", " ".join(QUICKLY))
programs = pathlib.Path(__file__).parents[1] / ".pytest_cache" / "programs"
os.environ["JAX_COMPILATION_CACHE_DIR"] = os.fspath(programs)
os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "-1"

# PyTorch need not find out by trial, in each process, that a compiler knows
# the vector instructions of the processor.
os.environ.setdefault("TORCHINDUCTOR_VEC_ISA_OK", "1")

# Tiny models gain nothing from threads, and lose much on a busy machine.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

if BROWSER is None:
    collect_ignore_glob = ["*_in_browser.py"]

# The former need what the other backends wrote (`nox -s tests`), the latter
# the documentation (`nox -s docs`).
NEEDED = {"exchange": "KERAS_AEGAN_EXCHANGE", "site": "KERAS_AEGAN_SITE"}
collect_ignore = [k for k, v in NEEDED.items() if v not in os.environ]


def pytest_configure(config):
    # Keras 3.15 and NumPy 2.4 disagree about `__array__(copy=...)`.
    config.addinivalue_line("filterwarnings", "error::UserWarning")
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning")
    # A program that another process has half written is compiled again.
    half = "ignore:Error reading persistent compilation cache"
    config.addinivalue_line("filterwarnings", half)


def pytest_collection_finish():
    # KerasTuner looks for garbage before each trial: not in what stays.
    gc.collect()
    gc.freeze()


# Keras is imported where it is used: the process that only hands tests out
# to others need not wait for a framework.
@pytest.fixture(autouse=True, scope="session")
def one_thread():
    """On PyTorch, whose threads the environment does not limit."""
    import keras

    if keras.backend.backend() == "torch":
        import torch

        torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def seed():
    """The same numbers in each test, whatever ran before it."""
    import keras

    keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")

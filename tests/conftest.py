"""What every test starts from."""

import gc
import os
import pathlib
import re
import zlib

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
HERE = pathlib.Path(__file__).parent
programs = HERE.parent / ".pytest_cache" / "programs"
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


# These call models and leave what depends on the framework to them. They are
# tested on PyTorch, where a model need not be compiled, and on the others as
# far as a test is marked `every_backend`. Cases of a test that is marked
# `in_turn` are divided among the three. All of them run everywhere with
# `--everywhere`, or where the command line names them.
BACKENDS = ("jax", "tensorflow", "torch")
ONE_BACKEND = (
    "anomaly",
    "callbacks",
    "data",
    "pages",
    "pictures",
    "tuners",
    "test_accelerator.py",
    "test_architecture.py",
    "test_benchmarks.py",
    "test_release.py",
)
# What `--sample` has: models of all kinds of networks, steps and stages.
SAMPLE = ("AEGAN", "GAN", "R3GAN", "StagedAEGAN", "VQGAN")
# And what it leaves out: programs that train or start other processes.
LONG = (
    "devices",
    "extras",
    "test_accelerator.py",
    "test_arae.py",
    "test_benchmarks.py",
    "test_example_and_guide.py",
    "test_example_programs.py",
    "test_examples.py",
    "test_export_formats.py",
    "test_guides.py",
    "test_leaving.py",
    "test_requirement.py",
    "test_resume.py",
    "test_streams.py",
    "test_synthetic_tables.py",
    "test_training_report_in_browser.py",
    "test_use_benchmarks.py",
    "trials",
)


def pytest_addoption(parser):
    parser.addoption(
        "--everywhere",
        action="store_true",
        help="run on this backend also what is tested on one backend only",
    )
    parser.addoption(
        "--sample",
        action="store_true",
        help="run what takes moments, of models and other cases a few",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out what is tested elsewhere, or takes long."""
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    left_out = set()
    if not config.getoption("--everywhere"):
        named = {part for arg in config.args for part in re.split("[/:]+", arg)}
        left_out |= {
            item
            for item in items
            if not {place(item), item.path.name} & named
            and backend not in backends_of(item)
        }
    if config.getoption("--sample"):
        left_out |= {
            item
            for item in items
            if {*LONG} & {*item.path.relative_to(HERE).parts}
            or tested_class(item) not in {None, *SAMPLE}
        }
        left_out |= repetitions(item for item in items if item not in left_out)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def backends_of(item):
    """The backends that a test runs on, of three."""
    if item.get_closest_marker("in_turn"):
        case = item.nodeid.split("::", 1)[1]
        return [BACKENDS[zlib.crc32(case.encode()) % len(BACKENDS)]]
    everywhere = item.get_closest_marker("every_backend")
    if place(item) in ONE_BACKEND and not everywhere:
        return ["torch"]
    return BACKENDS


def repetitions(items):
    """All cases of a test but its first and last, of each model's, too.

    Those that look at files rather than run them cost nothing.
    """
    cases = {}
    for item in items:
        if place(item) != "test_architecture.py":
            test = item.nodeid.split("[")[0], tested_class(item)
            cases.setdefault(test, []).append(item)
    return {item for case in cases.values() for item in case[1:-1]}


def place(item):
    """The folder, or else the file, of a test."""
    return item.path.relative_to(HERE).parts[0]


def tested_class(item):
    """The name of the model that a test of many is about, or `None`."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    cls = parameters.get("cls")
    is_model = getattr(cls, "__module__", "").startswith("keras_aegan.models")
    return cls.__name__ if is_model else None


def pytest_configure(config):
    text = "every_backend: run on each backend, in a folder that runs on one"
    config.addinivalue_line("markers", text)
    text = "in_turn: run each case on one backend, chosen by its name"
    config.addinivalue_line("markers", text)
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

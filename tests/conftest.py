"""What every test starts from."""

import os

import keras
import pytest
from browsers import BROWSER

if BROWSER is None:
    collect_ignore_glob = ["*_in_browser.py"]

if "KERAS_AEGAN_EXCHANGE" not in os.environ:
    # These need what the other backends wrote: `nox -s tests`.
    collect_ignore = ["exchange"]

if keras.backend.backend() == "torch":
    import torch

    # Tiny models gain nothing from threads, and lose much on a busy machine.
    torch.set_num_threads(1)


def pytest_configure(config):
    # Keras 3.15 and NumPy 2.4 disagree about `__array__(copy=...)`.
    config.addinivalue_line("filterwarnings", "error::UserWarning")
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning")


def pytest_report_header(config):
    return f"backend: {keras.backend.backend()}, keras {keras.__version__}"


@pytest.fixture(autouse=True)
def seed():
    """The same numbers in each test, whatever ran before it."""
    keras.utils.set_random_seed(0)
    yield
    keras.config.set_dtype_policy("float32")

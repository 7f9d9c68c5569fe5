"""What every test of a search starts from."""

import gc

import pytest


@pytest.fixture(autouse=True)
def little_to_look_through():
    """KerasTuner looks for garbage twice before each trial.

    Not in all that earlier tests have left in caches.
    """
    gc.freeze()

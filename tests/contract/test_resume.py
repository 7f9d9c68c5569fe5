"""With every callback on: killed, interrupted, failing, without a disk."""

import pathlib
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest
from catalogue import samples
from every_callback import AtBatch
from every_callback import every_callback
from every_callback import new_model

PROGRAM = pathlib.Path(__file__).with_name("every_callback.py")


def run(folder, *arguments):
    folder.mkdir(exist_ok=True)
    command = [sys.executable, PROGRAM, folder, *arguments]
    return subprocess.run(
        command, check=False, stderr=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The folder of an undisturbed run."""
    folder = tmp_path_factory.mktemp("whole")
    assert run(folder).returncode == 0
    return folder


def assert_same_weights(whole, folder):
    first, second = (np.load(f / "weights.npz") for f in (whole, folder))
    assert first.files == second.files
    for key in first.files:
        np.testing.assert_allclose(second[key], first[key], atol=1e-6)


def test_a_killed_run_ends_with_the_weights_of_an_undisturbed_one(
    whole, tmp_path
):
    """Shuffled, as by default. An epoch has 4 batches: this is the second's."""
    assert run(tmp_path, "6").returncode == -signal.SIGKILL
    assert not (tmp_path / "weights.npz").exists()
    assert run(tmp_path).returncode == 0
    assert_same_weights(whole, tmp_path)
    # The page goes on where it was.
    page, other = ((f / "report.html").read_text() for f in (tmp_path, whole))
    assert len(page) > 0.9 * len(other)


def test_a_full_disk_is_a_warning_and_costs_no_training(whole, tmp_path):
    ended = run(tmp_path, "full")
    assert ended.returncode == 0, ended.stderr
    assert "UserWarning" in ended.stderr
    assert_same_weights(whole, tmp_path)


@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("at", [1, 5])
def test_a_callback_that_raises_costs_nothing_else(error, at, tmp_path):
    model = new_model()
    x = samples(model)

    def fail():
        raise error("in mid-epoch")

    callbacks = every_callback(model, tmp_path)
    with pytest.raises(error, match="in mid-epoch"):
        model.fit(
            x,
            batch_size=16,
            epochs=4,
            validation_data=samples(model, 16),
            callbacks=[*callbacks, AtBatch(at, fail)],
            verbose=0,
        )
    assert int(keras.ops.convert_to_numpy(model.optimizer.iterations)) == at
    assert np.isfinite(model.reconstruct(x)).all()
    assert np.isfinite(model.generate(3)).all()
    model.fit(
        x,
        validation_data=samples(model, 16),
        callbacks=every_callback(model, tmp_path),
        verbose=0,
    )
    model.save(tmp_path / "model.keras")
    assert not list(tmp_path.glob("**/.keras_aegan_unfinished_*"))

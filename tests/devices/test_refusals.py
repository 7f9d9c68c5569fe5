"""What several replicas or processes are refused."""

import subprocess
import sys

import keras
import numpy as np
import pytest

from keras_aegan.models import Autoencoder

# Devices are split before TensorFlow starts, so in a process of their own.
PROGRAM = """
import numpy as np
import tensorflow as tf
from keras_aegan.models import Autoencoder

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
x = np.zeros((8, 6), "float32")
for devices in (["CPU:0"], ["CPU:0", "CPU:1"]):
    with tf.distribute.MirroredStrategy(devices).scope():
        model = Autoencoder.for_shape((6,), latent_dim=2, width=2)
        model.compile(steps_per_execution=2)
    model.fit(x, batch_size=3, verbose=0)
    print(model.optimizer.iterations.numpy(), model.reconstruct(x).shape)
try:
    model.compile()
except ValueError as error:
    print(error)
"""

if keras.backend.backend() == "tensorflow":

    def test_several_replicas_are_compiled_in_their_scope_only():
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        one, two, refused = run.stdout.strip().splitlines()
        assert one == two == "3 (8, 6)"
        assert refused.endswith("MirroredStrategy with 2 replicas")


if keras.backend.backend() == "torch":

    def test_one_of_several_processes_is_refused(monkeypatch):
        """The environment is the one that `torchrun` gives its processes."""
        model = Autoencoder.for_shape((6,), latent_dim=2, width=2)
        model.compile()
        monkeypatch.setenv("TORCHELASTIC_RUN_ID", "none")
        monkeypatch.setenv("WORLD_SIZE", "1")
        model.compile()
        monkeypatch.setenv("WORLD_SIZE", "2")
        with pytest.raises(ValueError, match="one of 2 processes"):
            model.compile()
        # It stays compiled as it was.
        model.fit(np.zeros((8, 6), "float32"), verbose=0)

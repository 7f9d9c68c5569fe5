"""Several replicas of TensorFlow are refused, and one is not."""

import subprocess
import sys

import keras

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
        try:
            model.compile()
        except ValueError as error:
            print(error)
            continue
    model.fit(x, batch_size=4, verbose=0)
    print(model.optimizer.iterations.numpy(), model.reconstruct(x).shape)
"""

if keras.backend.backend() == "tensorflow":

    def test_one_replica_trains_and_several_are_refused():
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        trained, refused = run.stdout.strip().splitlines()
        assert trained == "2 (8, 6)"
        assert refused.endswith("Received: MirroredStrategy with 2 replicas")

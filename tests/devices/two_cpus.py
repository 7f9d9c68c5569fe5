"""`runs.py` on TensorFlow with two devices, which must come before Keras."""

import pathlib
import runpy
import sys

import tensorflow as tf

cpu = tf.config.list_physical_devices("CPU")[0]
halves = [tf.config.LogicalDeviceConfiguration()] * 2
tf.config.set_logical_device_configuration(cpu, halves)
sys.argv[0] = str(pathlib.Path(__file__).with_name("runs.py"))
runpy.run_path(sys.argv[0], run_name="__main__")

"""Callbacks that show what a model learns."""

from keras_aegan.callbacks.sample_grid import SampleGrid as SampleGrid

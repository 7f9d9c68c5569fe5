"""Pictures of what a model generates, after every few epochs."""

from keras_aegan.callbacks.sample_grid.callback import SampleGrid as SampleGrid

"""Metrics of what a model generates, in the logs of `fit`."""

from keras_aegan.callbacks.generation_metrics.callback import (
    GenerationMetrics as GenerationMetrics,
)

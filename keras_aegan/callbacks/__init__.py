"""Callbacks that show what a model learns."""

from keras_aegan.callbacks.diagnose import Diagnose as Diagnose
from keras_aegan.callbacks.fit_prior import FitPrior as FitPrior
from keras_aegan.callbacks.generation_metrics import (
    GenerationMetrics as GenerationMetrics,
)
from keras_aegan.callbacks.sample_grid import SampleGrid as SampleGrid
from keras_aegan.callbacks.training_report import (
    TrainingReport as TrainingReport,
)

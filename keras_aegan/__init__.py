"""Autoencoder-GAN hybrids for Keras 3, on TensorFlow, JAX and PyTorch."""

import importlib
from typing import TYPE_CHECKING

# First, since all else imports Keras.
from keras_aegan import keras_requirement  # noqa: F401

# isort: split
from keras_aegan import callbacks as callbacks
from keras_aegan import data as data
from keras_aegan import layers as layers
from keras_aegan import losses as losses
from keras_aegan import metrics as metrics
from keras_aegan import models as models
from keras_aegan import networks as networks
from keras_aegan import penalties as penalties
from keras_aegan import pictures as pictures
from keras_aegan.engine import AdversarialModel as AdversarialModel
from keras_aegan.engine import FeatureExtractor as FeatureExtractor
from keras_aegan.engine import LastKernel as LastKernel
from keras_aegan.engine import Part as Part
from keras_aegan.engine import call_stacked as call_stacked
from keras_aegan.engine import (
    call_without_statistics as call_without_statistics,
)
from keras_aegan.engine import feature_extractor as feature_extractor
from keras_aegan.engine import linearize as linearize
from keras_aegan.engine import standard_parts
from keras_aegan.version import __version__ as __version__

parts = standard_parts

if TYPE_CHECKING:
    from keras_aegan import anomaly as anomaly
    from keras_aegan import tuners as tuners
else:

    def __getattr__(name):
        """`tuners` and `anomaly` when asked for: they need more than Keras."""
        if name in ("tuners", "anomaly"):
            return importlib.import_module(f"keras_aegan.{name}")
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

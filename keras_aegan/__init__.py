"""Autoencoder-GAN hybrids for Keras 3, on TensorFlow, JAX and PyTorch."""

import importlib

from keras_aegan import callbacks as callbacks
from keras_aegan import layers as layers
from keras_aegan import losses as losses
from keras_aegan import metrics as metrics
from keras_aegan import models as models
from keras_aegan import networks as networks
from keras_aegan import penalties as penalties
from keras_aegan import pictures as pictures
from keras_aegan.engine import AdversarialModel as AdversarialModel
from keras_aegan.version import __version__ as __version__


def __getattr__(name):
    """`keras_aegan.tuners` when it is asked for, since it needs KerasTuner."""
    if name == "tuners":
        return importlib.import_module("keras_aegan.tuners")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""Adversarial autoencoders, one paper a file."""

from keras_aegan.models.aegan import AEGAN as AEGAN

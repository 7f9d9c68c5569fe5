"""VQGAN: an autoencoder whose codes are words of a codebook."""

from keras_aegan.models.vqgan.model import VQGAN as VQGAN

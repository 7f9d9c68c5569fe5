"""StagedAEGAN: an autoencoder first, then a GAN that starts from it."""

from keras_aegan.models.staged_aegan.model import StagedAEGAN as StagedAEGAN

"""FusedAEGAN: a discriminator and an autoencoder that share a trunk."""

from keras_aegan.models.fused_aegan.model import FusedAEGAN as FusedAEGAN

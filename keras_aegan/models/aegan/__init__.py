"""The autoencoding GAN of Lazarou."""

from keras_aegan.models.aegan.model import AEGAN as AEGAN

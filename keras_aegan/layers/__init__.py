"""Keras layers for adversarial autoencoders."""

from keras_aegan.layers.depth_to_space import DepthToSpace as DepthToSpace
from keras_aegan.layers.noise import Dropout as Dropout
from keras_aegan.layers.noise import GaussianDropout as GaussianDropout
from keras_aegan.layers.noise import GaussianNoise as GaussianNoise
from keras_aegan.layers.prior import NormalPrior as NormalPrior
from keras_aegan.layers.prior import Prior as Prior
from keras_aegan.layers.prior import UniformPrior as UniformPrior

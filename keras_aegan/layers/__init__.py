"""Keras layers for adversarial autoencoders."""

from keras_aegan.layers.adaptive_augment import (
    AdaptiveAugment as AdaptiveAugment,
)
from keras_aegan.layers.bootstrap_prior import BootstrapPrior as BootstrapPrior
from keras_aegan.layers.category_prior import CategoryPrior as CategoryPrior
from keras_aegan.layers.category_softmax import (
    CategorySoftmax as CategorySoftmax,
)
from keras_aegan.layers.class_prior import ClassPrior as ClassPrior
from keras_aegan.layers.code_and_noise import CodeAndNoise as CodeAndNoise
from keras_aegan.layers.conditional import Conditional as Conditional
from keras_aegan.layers.depth_to_space import DepthToSpace as DepthToSpace
from keras_aegan.layers.diff_augment import DiffAugment as DiffAugment
from keras_aegan.layers.fitted_prior import FittedPrior as FittedPrior
from keras_aegan.layers.gaussian_sampling import (
    GaussianSampling as GaussianSampling,
)
from keras_aegan.layers.kernel_prior import KernelPrior as KernelPrior
from keras_aegan.layers.minibatch_discrimination import (
    MinibatchDiscrimination as MinibatchDiscrimination,
)
from keras_aegan.layers.minibatch_standard_deviation import (
    MinibatchStandardDeviation as MinibatchStandardDeviation,
)
from keras_aegan.layers.noise import Dropout as Dropout
from keras_aegan.layers.noise import GaussianDropout as GaussianDropout
from keras_aegan.layers.noise import GaussianNoise as GaussianNoise
from keras_aegan.layers.pixel_normalization import (
    PixelNormalization as PixelNormalization,
)
from keras_aegan.layers.prior import NormalPrior as NormalPrior
from keras_aegan.layers.prior import Prior as Prior
from keras_aegan.layers.prior import SphericalPrior as SphericalPrior
from keras_aegan.layers.prior import UniformPrior as UniformPrior
from keras_aegan.layers.projection import Projection as Projection
from keras_aegan.layers.reference_batch import ReferenceBatch as ReferenceBatch
from keras_aegan.layers.self_attention import SelfAttention as SelfAttention
from keras_aegan.layers.spectral_normalization import (
    SpectralNormalization as SpectralNormalization,
)
from keras_aegan.layers.vector_quantizer import (
    VectorQuantizer as VectorQuantizer,
)
from keras_aegan.layers.virtual_batch_normalization import (
    VirtualBatchNormalization as VirtualBatchNormalization,
)

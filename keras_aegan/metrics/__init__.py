"""Metrics of generated samples, reconstructions and codes."""

from keras_aegan.metrics import features as features
from keras_aegan.metrics.active_units import ActiveUnits as ActiveUnits
from keras_aegan.metrics.density_coverage import (
    DensityCoverage as DensityCoverage,
)
from keras_aegan.metrics.frechet_distance import (
    FrechetDistance as FrechetDistance,
)
from keras_aegan.metrics.inception_score import InceptionScore as InceptionScore
from keras_aegan.metrics.kernel_distance import KernelDistance as KernelDistance
from keras_aegan.metrics.latent_round_trip import (
    LatentRoundTrip as LatentRoundTrip,
)
from keras_aegan.metrics.mode_coverage import GaussianMixture as GaussianMixture
from keras_aegan.metrics.mode_coverage import ModeCoverage as ModeCoverage
from keras_aegan.metrics.mode_coverage import grid_mixture as grid_mixture
from keras_aegan.metrics.mode_coverage import ring_mixture as ring_mixture
from keras_aegan.metrics.multi_scale_ssim_diversity import (
    MultiScaleSSIMDiversity as MultiScaleSSIMDiversity,
)
from keras_aegan.metrics.precision_recall import (
    PrecisionRecall as PrecisionRecall,
)
from keras_aegan.metrics.prior_distance import PriorDistance as PriorDistance
from keras_aegan.metrics.psnr import PSNR as PSNR
from keras_aegan.metrics.sample_metric import SampleMetric as SampleMetric
from keras_aegan.metrics.sliced_wasserstein_distance import (
    SlicedWassersteinDistance as SlicedWassersteinDistance,
)
from keras_aegan.metrics.ssim import SSIM as SSIM

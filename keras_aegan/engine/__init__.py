"""The training engine: players who own networks, and their losses."""

from keras_aegan.engine.adversarial_model import (
    AdversarialModel as AdversarialModel,
)
from keras_aegan.engine.gradients import LastKernel as LastKernel
from keras_aegan.engine.gradients import linearize as linearize
from keras_aegan.engine.network_calls import (
    FeatureExtractor as FeatureExtractor,
)
from keras_aegan.engine.network_calls import call_stacked as call_stacked
from keras_aegan.engine.network_calls import (
    call_without_statistics as call_without_statistics,
)
from keras_aegan.engine.network_calls import (
    feature_extractor as feature_extractor,
)
from keras_aegan.engine.network_options import NetworkOptions as NetworkOptions
from keras_aegan.engine.parts import Part as Part

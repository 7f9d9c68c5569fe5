"""The training engine: a game of players who own networks."""

from keras_aegan.engine.adversarial_model import (
    AdversarialModel as AdversarialModel,
)
from keras_aegan.engine.calls import quietly as quietly
from keras_aegan.engine.calls import tapped as tapped
from keras_aegan.engine.calls import together as together
from keras_aegan.engine.slopes import LastKernel as LastKernel
from keras_aegan.engine.slopes import linearized as linearized

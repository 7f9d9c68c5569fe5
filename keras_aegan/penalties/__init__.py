"""What `compile` adds to losses, and what keeps a state: penalties on players,
and weights of terms that follow gradients."""

from keras_aegan.penalties.consistency import Consistency as Consistency
from keras_aegan.penalties.gradient_penalties import DRAGAN as DRAGAN
from keras_aegan.penalties.gradient_penalties import R1 as R1
from keras_aegan.penalties.gradient_penalties import R2 as R2
from keras_aegan.penalties.gradient_penalties import (
    GradientPenalty as GradientPenalty,
)
from keras_aegan.penalties.gradient_ratio import GradientRatio as GradientRatio
from keras_aegan.penalties.historical_average import (
    HistoricalAverage as HistoricalAverage,
)
from keras_aegan.penalties.lecam import LeCam as LeCam
from keras_aegan.penalties.penalty import Penalty as Penalty

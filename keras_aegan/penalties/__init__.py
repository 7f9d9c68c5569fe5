"""What `compile` adds to the losses, and what keeps a state between steps.

Penalties are regularisers of a player, given as `compile(penalties=...)`;
`GradientRatio` is a weight of a term, given as `compile(loss_weights=...)`.
All are Keras layers, so random numbers, averages and weights are saved with
the model. Pure functions are in `keras_aegan.losses`.
"""

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

"""Adversarial losses, each with both sides of its game, and penalties."""

from keras_aegan.losses.adversarial_loss import (
    AdversarialLoss as AdversarialLoss,
)
from keras_aegan.losses.classification import (
    known_cross_entropy as known_cross_entropy,
)
from keras_aegan.losses.consistency import Consistency as Consistency
from keras_aegan.losses.discrepancy import (
    maximum_mean_discrepancy as maximum_mean_discrepancy,
)
from keras_aegan.losses.feature_distance import (
    feature_distance as feature_distance,
)
from keras_aegan.losses.feature_matching import (
    feature_matching as feature_matching,
)
from keras_aegan.losses.gradient_penalties import DRAGAN as DRAGAN
from keras_aegan.losses.gradient_penalties import R1 as R1
from keras_aegan.losses.gradient_penalties import R2 as R2
from keras_aegan.losses.gradient_penalties import (
    GradientPenalty as GradientPenalty,
)
from keras_aegan.losses.gradient_ratio import GradientRatio as GradientRatio
from keras_aegan.losses.hinge import Hinge as Hinge
from keras_aegan.losses.historical_average import (
    HistoricalAverage as HistoricalAverage,
)
from keras_aegan.losses.hybrid import Hybrid as Hybrid
from keras_aegan.losses.least_squares import LeastSquares as LeastSquares
from keras_aegan.losses.lecam import LeCam as LeCam
from keras_aegan.losses.minimax import Minimax as Minimax
from keras_aegan.losses.non_saturating import NonSaturating as NonSaturating
from keras_aegan.losses.penalty import Penalty as Penalty
from keras_aegan.losses.recognition import recognition_loss as recognition_loss
from keras_aegan.losses.relativistic import Relativistic as Relativistic
from keras_aegan.losses.wasserstein import Wasserstein as Wasserstein

_BY_NAME = {
    "hinge": Hinge,
    "hybrid": Hybrid,
    "least_squares": LeastSquares,
    "minimax": Minimax,
    "non_saturating": NonSaturating,
    "relativistic": Relativistic,
    "wasserstein": Wasserstein,
}


def get(identifier):
    """Find an adversarial loss by its name.

    Args:
        identifier: Name such as `"hinge"`, or an `AdversarialLoss`, which is
            returned as it is.

    Returns:
        An `AdversarialLoss`.

    Raises:
        ValueError: if there is no such loss.

    Example:

    >>> type(get("hinge")).__name__
    'Hinge'
    """
    if isinstance(identifier, AdversarialLoss):
        return identifier
    if isinstance(identifier, str) and identifier in _BY_NAME:
        return _BY_NAME[identifier]()
    raise ValueError(
        "An adversarial loss is an `AdversarialLoss` or one of "
        f"{sorted(_BY_NAME)}. Received: {identifier!r}"
    )

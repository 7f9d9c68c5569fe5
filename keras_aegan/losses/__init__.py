"""Losses: pure functions of logits, features and codes, without a state.

An adversarial loss is a class with both players' formulas, a loss of
reconstructions one of Keras' kind; all others are functions. Whatever keeps a
state between steps is in `keras_aegan.penalties`.
"""

import re

from keras_aegan.losses.adversarial_loss import (
    AdversarialLoss as AdversarialLoss,
)
from keras_aegan.losses.classification import (
    masked_cross_entropy as masked_cross_entropy,
)
from keras_aegan.losses.discrepancy import (
    maximum_mean_discrepancy as maximum_mean_discrepancy,
)
from keras_aegan.losses.feature_distance import (
    feature_distance as feature_distance,
)
from keras_aegan.losses.feature_matching import (
    feature_matching as feature_matching,
)
from keras_aegan.losses.hinge import Hinge as Hinge
from keras_aegan.losses.hybrid import Hybrid as Hybrid
from keras_aegan.losses.least_squares import LeastSquares as LeastSquares
from keras_aegan.losses.minimax import Minimax as Minimax
from keras_aegan.losses.mixed_reconstruction import (
    MixedReconstruction as MixedReconstruction,
)
from keras_aegan.losses.non_saturating import NonSaturating as NonSaturating
from keras_aegan.losses.recognition import recognition_loss as recognition_loss
from keras_aegan.losses.relativistic import Relativistic as Relativistic
from keras_aegan.losses.wasserstein import Wasserstein as Wasserstein

# Every adversarial loss above by its name, such as `"non_saturating"` for
# `NonSaturating`: importing a new one is all it takes to register it.
ADVERSARIAL_LOSSES = {
    re.sub("(?<=[a-z])(?=[A-Z])", "_", name).lower(): value
    for name, value in sorted(vars().items())
    if isinstance(value, type)
    and issubclass(value, AdversarialLoss)
    and value is not AdversarialLoss
}


def get(identifier: str | AdversarialLoss) -> AdversarialLoss:
    """The adversarial loss of a name, with its default arguments.

    Args:
        identifier: String, a key of `ADVERSARIAL_LOSSES` such as `"hinge"`;
            or an `AdversarialLoss`, which is returned as it is.

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
    if isinstance(identifier, str) and identifier in ADVERSARIAL_LOSSES:
        return ADVERSARIAL_LOSSES[identifier]()
    raise ValueError(
        "An adversarial loss is an `AdversarialLoss` or one of "
        f"{list(ADVERSARIAL_LOSSES)}. Received: {identifier!r}"
    )

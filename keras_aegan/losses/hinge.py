"""Margins instead of probabilities."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_aegan")
class Hinge(AdversarialLoss):
    """A discriminator that is content beyond a margin of 1.

    `discriminator = relu(1 - r) + relu(1 + f)`
    `generator = -f`

    Args:
        fake_weights: See `AdversarialLoss`.
        generator_weights: See `AdversarialLoss`.

    Raises:
        ValueError: if a weight is negative or all of them are 0.

    Example:

    >>> float(Hinge().discriminator_loss([0.0], [[0.0]]))
    2.0

    Reference: Lim and Ye 2017, arXiv:1705.02894, section 2; Miyato et al.
    2018, arXiv:1802.05957, equations 16 and 17.
    """

    def discriminator(self, real, fake):
        return ops.relu(1.0 - real) + ops.relu(1.0 + fake)

    def generator(self, fake, real):
        return -fake

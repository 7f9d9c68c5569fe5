"""The hinge loss, with margins instead of probabilities."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_aegan")
class Hinge(AdversarialLoss):
    """The hinge loss: logits beyond a margin of 1 cost nothing.

    `discriminator = relu(1 - r) + relu(1 + f)`
    `generator = -f`

    Args:
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> float(Hinge().discriminator_loss([0.0], [[0.0]]))
    2.0

    Reference: Lim and Ye 2017, arXiv:1705.02894, section 2; Miyato et al.
    2018, arXiv:1802.05957, equations 16 and 17.
    """

    def on_real(self, real):
        return ops.relu(1.0 - real)

    def on_fake(self, fake):
        return ops.relu(1.0 + fake)

    def generator(self, fake, real):
        return -fake

"""Pairs of a real sample and a fake."""

import keras
from keras import ops

from keras_aegan.losses.adversarial_loss import AdversarialLoss


@keras.saving.register_keras_serializable(package="keras_aegan")
class Relativistic(AdversarialLoss):
    """Relativistic pairing: is the real sample more real than its partner?

    `discriminator = softplus(-(r - f))`
    `generator = softplus(-(f - r))`

    Sample i of a batch is paired with fake i, so real and fake batches must
    have the same size.

    Args:
        fake_weights: See `AdversarialLoss`, also for what is raised.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> loss = Relativistic()
    >>> round(float(loss.discriminator_loss([0.0], [[0.0]])), 4)
    0.6931

    Reference: Jolicoeur-Martineau 2018, arXiv:1807.00734, section 4.2; Huang
    et al. 2025, arXiv:2501.05441, equation 2.
    """

    compares = True
    boundary = None

    def discriminator(self, real, fake):
        return ops.softplus(fake - real)

    def generator(self, fake, real):
        return ops.softplus(real - fake)

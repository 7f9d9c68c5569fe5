"""The adversarial loss of alpha-GAN."""

import keras

from keras_aegan.losses.adversarial_loss import LabelledLoss
from keras_aegan.losses.non_saturating import NonSaturating


@keras.saving.register_keras_serializable(package="keras_aegan")
class Hybrid(LabelledLoss):
    """Cross-entropy for the discriminator, log odds for the generator.

    `discriminator = softplus(-r) + softplus(f)`
    `generator = -f = -log D + log(1 - D)`

    Args:
        real_label: See `LabelledLoss`, also for what is raised.
        fake_label: See `LabelledLoss`.
        fake_weights: See `AdversarialLoss`.
        generator_weights: See `AdversarialLoss`.

    Example:

    >>> float(Hybrid().generator_loss([[2.0]]))
    -2.0

    Reference: Rosca et al. 2017, arXiv:1706.04987, equation 16.
    """

    discriminator = NonSaturating.discriminator

    def generator(self, fake, real):
        return -fake
